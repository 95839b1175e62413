/* Where traps go, and the end of booting. */
#ifndef KERNEL_ARCH_X86_TRAP_H
#define KERNEL_ARCH_X86_TRAP_H

_Noreturn void trap_resume(void); /* out of the kernel, to whom kernel_next names */

#endif
