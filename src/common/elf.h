/* Reads a program's ELF32 image (System V ABI, i386 supplement) out of untrusted bytes. Pure.
 *
 * Accepted: a statically linked executable; loadable segments page-aligned, ascending, not overlapping, from
 * PROGRAM_BASE up; read-only ones first (text and read-only data), writable ones behind them (data). */
#ifndef COMMON_ELF_H
#define COMMON_ELF_H

#include "abi/errors.h"
#include "common/units.h"

#define PROGRAM_SEGMENTS 4u
#define PROGRAM_PAGES_MAX 1024u /* pages of all segments together */

struct program_segment {
    page_t first, end; /* where it lies; end exclusive */
    uint32_t offset;   /* in the file: file_bytes of content, then zeros up to `bytes` */
    uint32_t file_bytes, bytes;
    bool writable;
};

struct program {
    struct program_segment segment[PROGRAM_SEGMENTS];
    uint32_t segments;
    uintptr_t entry;
    uint32_t flags;              /* PROGRAM_FLAG_…, from the note */
    uint32_t thread_space_bytes; /* from the note, rounded up to 4 MiB */
};

/* An image as far as it is at hand: `head` bytes of a file of `bytes`. What says how the program lies in memory must be
 * among them, and nothing else is looked at. => head <= bytes */
struct program_image {
    const uint8_t *start;
    uint32_t head, bytes;
};
/* ERR_KIND: not such an image, or more of it would have to be at hand. */
MUST_USE err_t elf_read(const struct program_image *image, struct program *program);

/* Are the pages of its file the pages of the program? So that it can run from there: each segment begins with a page of the
 * file, and no zeros that follow its content share a page with that. */
bool elf_can_be_mapped(const struct program *program);
static inline uint32_t segment_file_pages(const struct program_segment *segment)
{
    return pages_for(segment->file_bytes);
}

struct elf_function {
    const char *name; /* in the image, without NUL */
    uint32_t name_bytes;
    uint32_t offset; /* of the address in it */
};
/* The function that an address lies in, by the image's symbol table. False: the image does not say. */
bool elf_function(const uint8_t *image, uint32_t bytes, uint32_t address, struct elf_function *found);

#endif
