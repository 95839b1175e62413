/* Ends that nobody returns from: a bug of ours, and a boot that cannot go on. */
#ifndef KERNEL_DEBUG_PANIC_H
#define KERNEL_DEBUG_PANIC_H

#include "kernel/arch/x86/context.h"

/* `PANIC WHY`, registers of the interrupted context, symbolised backtrace; serial and screen; ends the machine. */
__attribute__((format(printf, 1, 2))) _Noreturn void panic(const char *format, ...);

/* The same for an exception in the kernel itself: c is what it interrupted. */
__attribute__((format(printf, 2, 3))) _Noreturn void panic_at(const struct context *c, const char *format, ...);

/* `REFUSED WHAT: WHY`. what: module, version, memory, command line. */
__attribute__((format(printf, 2, 3))) _Noreturn void refuse(const char *what, const char *format, ...);

#endif
