/* The one kernel stack, mapped above a page that is not there: too deep is a double fault, with a task of its own to
 * report it. kernel_main alone begins on the same frames in the direct map, before the guarded mapping is there. */
#ifndef KERNEL_ARCH_X86_STACK_H
#define KERNEL_ARCH_X86_STACK_H

#include "abi/layout.h"
#include "common/units.h"

#define KERNEL_STACK_PAGES 4u
#define KERNEL_STACK_BYTES (KERNEL_STACK_PAGES * PAGE_BYTES)
#define KERNEL_STACK (WINDOWS + 0x10000u) /* in the windows' table */
#define KERNEL_STACK_TOP (KERNEL_STACK + KERNEL_STACK_BYTES)

extern uint8_t boot_stack[KERNEL_STACK_BYTES]; /* stack.asm */

/* Leaves the caller's stack for the guarded one, on the same frames: what the caller had there is lost.
 * => go_on does not return */
static inline _Noreturn void stack_enter(void (*go_on)(void))
{
    asm volatile("movl %0, %%esp\n\t"
                 "xorl %%ebp, %%ebp\n\t"
                 "call *%1"
                 :
                 : "i"(KERNEL_STACK_TOP), "c"(go_on)
                 : "memory");
    __builtin_unreachable();
}

#endif
