/* The one kernel stack. Its lowest word is a canary, checked whenever user mode is resumed. */
#ifndef KERNEL_ARCH_X86_STACK_H
#define KERNEL_ARCH_X86_STACK_H

#include <stdint.h>

#define KERNEL_STACK_BYTES 16384u
#define KERNEL_STACK_CANARY 0x4B495749u /* "KIWI" */

extern uint32_t kernel_stack[KERNEL_STACK_BYTES / 4];
extern uint32_t kernel_stack_end[]; /* its end; stack.asm */

#endif
