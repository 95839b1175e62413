/* What the boot loader told us, checked and copied: nothing here points to memory that may be used again,
 * but the modules. */
#ifndef KERNEL_BOOT_BOOT_INFO_H
#define KERNEL_BOOT_BOOT_INFO_H

#include "kernel/boot/breakage.h"
#include "kernel/frames/frames.h"

struct boot_module {
    uint32_t start, bytes;
}; /* physical; bytes 0: not there */

#define BOOT_READAHEAD_DEFAULT 0xFFFFFFFFu
#define BOOT_TEXT_BYTES 160u

struct usage_module;
struct boot_info {
    struct frame_map map;
    uint64_t ram_above;                /* bytes of RAM above the limit: named, not used */
    struct boot_module usage;          /* the page-usage module, an ELF file; gone once it is loaded */
    struct boot_module archive;        /* programs, a tar file */
    struct boot_module commands;       /* of tools/run; may be missing */
    char policy[16];                   /* the name that the usage module's string gives */
    uint32_t readahead;                /* readahead=PAGES, or BOOT_READAHEAD_DEFAULT */
    const struct usage_module *module; /* the loaded usage module; start() has not been called */
    enum breakage breakage;            /* debug=WHAT */
};

void task_start(const struct boot_info *boot); /* the rest of the kernel: spawns init; then the first kernel_next */

#endif
