/* The ELF file of a page-usage module, checked: 32-bit x86, executable, every segment inside the file and inside
 * USAGE_MODULE's 4 MiB. Pure. */
#ifndef KERNEL_USAGE_IMAGE_H
#define KERNEL_USAGE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#define USAGE_SEGMENTS 8u
#define USAGE_MODULE_BYTES 0x00400000u

struct usage_image {
    uintptr_t start, end, entry; /* linear; start is USAGE_MODULE; entry: room for a struct usage_module */
    uint32_t segments;
    struct {
        uintptr_t to;
        uint32_t offset, bytes;
        bool writable;
    } segment[USAGE_SEGMENTS];
};

const char *usage_image_check(const uint8_t *file, uint32_t bytes,
                              struct usage_image *image); /* NULL, or what is wrong */

#endif
