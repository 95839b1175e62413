/* Reads what a Multiboot 1 loader left in memory. Pure: every address and length in it is checked, every word of the
 * command line is known or refused. (Multiboot specification 0.6.96, 3.3) */
#ifndef KERNEL_BOOT_MULTIBOOT_H
#define KERNEL_BOOT_MULTIBOOT_H

#include "kernel/boot/boot_info.h"

#define MULTIBOOT_LOADED 0x2BADB002u /* in eax at entry */

/* Physical memory from 0 on, as far as it can be read. */
struct physical {
    const uint8_t *start;
    uint32_t bytes;
};

struct refusal {
    const char *what; /* "module", "memory", "command line" */
    char why[120];
};

/* Fill *boot from the information at physical address `info`; `image` is the kernel's own frames.
 * False: *no says why; *boot is not to be used. */
MUST_USE bool multiboot_read(const struct physical *memory, uint32_t info, struct frame_range image,
                             struct boot_info *boot, struct refusal *no);

#endif
