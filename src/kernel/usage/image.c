#include "kernel/usage/image.h"
#include "abi/layout.h"
#include "common/string.h"
#include "kernel/usage/contract.h"

/* System V ABI, Object Files: the fields that matter. */
struct elf_header {
    uint8_t identity[16];
    uint16_t type, machine;
    uint32_t version, entry, program_offset, section_offset, flags;
    uint16_t header_bytes, program_bytes, programs;
};
struct elf_program {
    uint32_t type, offset, address, physical, file_bytes, memory_bytes, flags, align;
};
enum { ELF_EXECUTABLE = 2, ELF_X86 = 3, ELF_LOAD = 1, ELF_WRITABLE = 2 };

static const char *segment_add(const struct elf_program *p, uint32_t bytes, struct usage_image *image)
{
    if (p->file_bytes > p->memory_bytes || p->file_bytes > bytes || p->offset > bytes - p->file_bytes)
        return "a segment leaves the file";
    if (p->address < USAGE_MODULE || p->memory_bytes > USAGE_MODULE_BYTES ||
        p->address - USAGE_MODULE > USAGE_MODULE_BYTES - p->memory_bytes)
        return "it is linked for another address";
    if (image->segments == USAGE_SEGMENTS)
        return "too many segments";
    image->segment[image->segments].to = p->address;
    image->segment[image->segments].offset = p->offset;
    image->segment[image->segments].writable = p->flags & ELF_WRITABLE;
    image->segment[image->segments++].bytes = p->file_bytes;
    if (p->address + p->memory_bytes > image->end)
        image->end = p->address + p->memory_bytes;
    return NULL;
}

static const char *header_check(const struct elf_header *h, uint32_t bytes)
{
    static const uint8_t identity[] = {0x7F, 'E', 'L', 'F', 1, 1, 1}; /* 32 bits, little-endian, version 1 */
    if (memcmp(h->identity, identity, sizeof identity) != 0 || h->type != ELF_EXECUTABLE || h->machine != ELF_X86)
        return "not a 32-bit x86 ELF program";
    if (h->program_bytes != sizeof(struct elf_program) || h->program_offset > bytes ||
        (uint32_t)h->programs * sizeof(struct elf_program) > bytes - h->program_offset)
        return "its program headers leave the file";
    return NULL;
}

const char *usage_image_check(const uint8_t *file, uint32_t bytes, struct usage_image *image)
{
    struct elf_header h;
    if (bytes < sizeof h)
        return "too short for an ELF header";
    memcpy(&h, file, sizeof h);
    const char *why = header_check(&h, bytes);
    *image = (struct usage_image){.start = USAGE_MODULE, .end = USAGE_MODULE, .entry = h.entry};
    for (uint32_t i = 0; why == NULL && i < h.programs; i++) {
        struct elf_program p;
        memcpy(&p, file + h.program_offset + i * sizeof p, sizeof p);
        if (p.type == ELF_LOAD && p.memory_bytes > 0)
            why = segment_add(&p, bytes, image);
    }
    if (why == NULL && (h.entry % 4 != 0 || h.entry < image->start || h.entry > image->end ||
                        image->end - h.entry < sizeof(struct usage_module)))
        why = "its entry point is not in it";
    return why;
}
