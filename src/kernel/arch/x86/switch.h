/* What changes when another thread runs next, besides the directory. */
#ifndef KERNEL_ARCH_X86_SWITCH_H
#define KERNEL_ARCH_X86_SWITCH_H

#include "kernel/arch/x86/descriptors.h"
#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/io_ports.h"

static inline void arch_switch(struct context *context, const struct fpu_state *fpu, const struct io_ranges *ports)
{
    task_set_context(context);
    fpu_switch(fpu);
    if (ports->count)
        io_ports_allow(ports);
    else
        io_ports_forbid();
}

#endif
