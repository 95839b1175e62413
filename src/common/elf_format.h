/* What elf.c and elf_function.c both read: System V ABI, chapter 4 (object files). */
#ifndef COMMON_ELF_FORMAT_H
#define COMMON_ELF_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

struct elf_header {
    uint8_t identity[16];
    uint16_t type, machine;
    uint32_t version, entry, program_offset, section_offset, flags;
    uint16_t header_bytes, program_bytes, program_count, section_bytes, section_count, section_names;
};

/* Does that much of a file of `bytes` bytes lie at that offset? */
static inline bool elf_within(uint32_t offset, uint32_t length, uint32_t bytes)
{
    return offset <= bytes && length <= bytes - offset;
}

#endif
