/* What changes when another thread runs next, besides the directory. */
#ifndef KERNEL_ARCH_X86_SWITCH_H
#define KERNEL_ARCH_X86_SWITCH_H

#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/io_ports.h"

static inline void arch_switch(struct fpu_state **fpu, const struct io_ranges *ports)
{
    fpu_switch(fpu);
    io_ports_allow(ports);
}

#endif
