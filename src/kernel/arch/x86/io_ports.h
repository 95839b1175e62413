/* Which I/O ports user mode may use now: the TSS permission bitmap. */
#ifndef KERNEL_ARCH_X86_IO_PORTS_H
#define KERNEL_ARCH_X86_IO_PORTS_H

#include <stdint.h>

#define IO_RANGES 4u
struct io_ranges {
    uint32_t count;
    struct {
        uint16_t first, count;
    } range[IO_RANGES];
};

/* For the process that runs next. Cheap when the ranges are what they were. => count > 0; else io_ports_forbid */
void io_ports_allow(const struct io_ranges *ranges);

#endif
