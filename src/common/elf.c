#include "common/elf.h"
#include "abi/layout.h"
#include "abi/program.h"
#include "common/string.h"
#include "common/elf_format.h"

struct elf_segment {
    uint32_t type, offset, linear, physical, file_bytes, memory_bytes, flags, align;
};
struct elf_note {
    uint32_t name_bytes, content_bytes, type;
};

enum { ELF_EXECUTABLE = 2, ELF_I386 = 3, ELF_LOAD = 1, ELF_NOTE = 4, ELF_WRITABLE = 2 };
static const uint8_t elf_identity[7] = {0x7F, 'E', 'L', 'F', 1, 1, 1}; /* 32 bits, little-endian, version 1 */

static err_t header_check(const struct elf_header *h, uint32_t bytes)
{
    if (memcmp(h->identity, elf_identity, sizeof elf_identity) != 0)
        return ERR_KIND;
    if (h->type != ELF_EXECUTABLE || h->machine != ELF_I386 || h->program_bytes != sizeof(struct elf_segment))
        return ERR_KIND;
    if (h->program_count > 16 || !elf_within(h->program_offset, h->program_count * sizeof(struct elf_segment), bytes))
        return ERR_KIND;
    return OK;
}

static err_t segment_add(const struct elf_segment *s, uint32_t bytes, struct program *program)
{
    uint32_t lowest = program->segments ? program->segment[program->segments - 1].end.n : PROGRAM_BASE / PAGE_BYTES;
    bool writable = (s->flags & ELF_WRITABLE) != 0;
    bool after_data = program->segments && program->segment[program->segments - 1].writable;
    if (s->memory_bytes == 0)
        return OK;
    if (program->segments == PROGRAM_SEGMENTS || (after_data && !writable))
        return ERR_KIND;
    if (s->linear % PAGE_BYTES || s->file_bytes > s->memory_bytes || !elf_within(s->offset, s->file_bytes, bytes))
        return ERR_KIND;
    if (s->memory_bytes > PROGRAM_PAGES_MAX * PAGE_BYTES || s->linear / PAGE_BYTES < lowest ||
        s->linear > KERNEL_SPACE - s->memory_bytes - TABLE_SPAN_BYTES)
        return ERR_KIND;
    page_t first = address_page(s->linear);
    program->segment[program->segments++] = (struct program_segment){
        .first = first,
        .end = {first.n + pages_for(s->memory_bytes)},
        .offset = s->offset,
        .file_bytes = s->file_bytes,
        .bytes = s->memory_bytes,
        .writable = writable,
    };
    return OK;
}

/* One note of ours. Somebody else's is passed over. */
static err_t note_apply(const struct elf_note *head, const uint8_t *owner, const uint8_t *content,
                        struct program *program)
{
    struct program_note note;
    if (head->name_bytes != sizeof PROGRAM_NOTE_OWNER || memcmp(owner, PROGRAM_NOTE_OWNER, head->name_bytes) != 0)
        return OK;
    if (head->type != PROGRAM_NOTE_TYPE || head->content_bytes != sizeof note)
        return ERR_KIND;
    memcpy(&note, content, sizeof note);
    if ((note.flags & ~PROGRAM_FLAGS_ALL) || note.thread_space_bytes > KERNEL_SPACE / 2)
        return ERR_KIND;
    uint32_t rounded = (note.thread_space_bytes + TABLE_SPAN_BYTES - 1) / TABLE_SPAN_BYTES * TABLE_SPAN_BYTES;
    program->flags |= note.flags;
    if (rounded > program->thread_space_bytes)
        program->thread_space_bytes = rounded;
    return OK;
}

static uint32_t note_aligned(uint32_t bytes) { return (bytes + 3u) & ~3u; }

static err_t notes_read(const uint8_t *notes, uint32_t bytes, struct program *program)
{
    for (uint32_t at = 0; at < bytes;) {
        struct elf_note head;
        if (!elf_within(at, sizeof head, bytes))
            return ERR_KIND;
        memcpy(&head, notes + at, sizeof head);
        uint32_t owner = at + (uint32_t)sizeof head;
        if (!elf_within(owner, head.name_bytes, bytes))
            return ERR_KIND;
        uint32_t content = owner + note_aligned(head.name_bytes);
        if (!elf_within(content, head.content_bytes, bytes))
            return ERR_KIND;
        TRY(note_apply(&head, notes + owner, notes + content, program));
        at = content + note_aligned(head.content_bytes);
    }
    return OK;
}

/* => there is a segment */
static bool segments_fit(const struct program *program)
{
    page_t first = program->segment[0].first, end = program->segment[program->segments - 1].end;
    return end.n - first.n <= PROGRAM_PAGES_MAX && end.n <= (KERNEL_SPACE - program->thread_space_bytes) / PAGE_BYTES;
}

static bool entry_is_text(const struct program *program)
{
    for (uint32_t i = 0; i < program->segments; i++) {
        const struct program_segment *s = &program->segment[i];
        page_t entry = address_page(program->entry);
        if (!s->writable && entry.n >= s->first.n && entry.n < s->end.n)
            return true;
    }
    return false;
}

err_t elf_read(const struct program_image *image, struct program *program)
{
    struct elf_header header;
    *program = (struct program){0};
    if (image->head < sizeof header)
        return ERR_KIND;
    memcpy(&header, image->start, sizeof header);
    TRY(header_check(&header, image->head));
    program->entry = header.entry;
    for (uint32_t i = 0; i < header.program_count; i++) {
        struct elf_segment s;
        memcpy(&s, image->start + header.program_offset + i * sizeof s, sizeof s);
        if (s.type == ELF_LOAD)
            TRY(segment_add(&s, image->bytes, program));
        if (s.type == ELF_NOTE && !elf_within(s.offset, s.file_bytes, image->head))
            return ERR_KIND;
        if (s.type == ELF_NOTE)
            TRY(notes_read(image->start + s.offset, s.file_bytes, program));
    }
    if (program->segments && !segments_fit(program))
        return ERR_KIND;
    return entry_is_text(program) ? OK : ERR_KIND;
}

bool elf_can_be_mapped(const struct program *program)
{
    for (uint32_t i = 0; i < program->segments; i++) {
        const struct program_segment *s = &program->segment[i];
        bool ends_with_page = s->file_bytes % PAGE_BYTES == 0 || s->file_bytes == s->bytes;
        if (s->offset % PAGE_BYTES != 0 || !ends_with_page)
            return false;
    }
    return true;
}
