/* Everything that changes when another thread runs next. */
#ifndef KERNEL_ARCH_X86_SWITCH_H
#define KERNEL_ARCH_X86_SWITCH_H

#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/io_ports.h"
#include "kernel/arch/x86/paging.h"

static inline void arch_switch(frame_t directory, struct fpu_state **fpu, const struct io_ranges *ports)
{
    directory_load(directory);
    fpu_switch(fpu);
    io_ports_allow(ports);
}

#endif
