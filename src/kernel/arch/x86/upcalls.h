/* What the arch layer calls in the kernel, and nothing else. Interrupts are off, the stack is the one kernel stack. */
#ifndef KERNEL_ARCH_X86_UPCALLS_H
#define KERNEL_ARCH_X86_UPCALLS_H

#include "kernel/arch/x86/context.h"
#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/user_copy.h"

#define PAGE_FAULT_PRESENT 1u /* bits of a page fault's error code (Intel SDM vol. 3A, 4.7) */
#define PAGE_FAULT_WRITE 2u
#define PAGE_FAULT_USER 4u

#define TIMER_LINE 0u /* kernel_interrupt(TIMER_LINE): the moment of timer_arm has come, whatever timer keeps it */

/* What user_read and user_write do after a page fault: try again, or return this value. */
enum copy_outcome { COPY_AGAIN = 0, COPY_ERROR = ERR_FAULT, COPY_PARKED = ERR_PARKED };

void kernel_fault(struct context *c, uintptr_t address, uint32_t error); /* page fault in user mode */
void kernel_exception(struct context *c);                                /* any other exception in user mode */
enum copy_outcome kernel_mode_fault(uintptr_t address, uint32_t error);  /* in user_read or user_write */
void kernel_interrupt(uint32_t line); /* 0 … 15; acknowledged, and masked but for the timer */
/* The current thread's, zeroed when new. COPY_ERROR: it may have none */
enum copy_outcome kernel_fpu_state(struct fpu_state **state);

/* The end of every entry: who goes on? Waits for interrupts while nobody can. => arch_switch has been called for it */
struct context *kernel_next(void);
struct context *kernel_system_call(struct context *c); /* the call, and kernel_next */

#endif
