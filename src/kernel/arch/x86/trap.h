/* Where traps go, and the end of every entry. */
#ifndef KERNEL_ARCH_X86_TRAP_H
#define KERNEL_ARCH_X86_TRAP_H

_Noreturn void trap_resume(void); /* run what kernel_next names, or wait for interrupts until it names somebody */

#endif
