/* The ends of the machine. Each tries what QEMU, Bochs and a plain PC offer, then halts for ever. */
#ifndef KERNEL_ARCH_X86_POWER_H
#define KERNEL_ARCH_X86_POWER_H

/* Exit codes written to isa-debug-exit (port 0x501): QEMU ends with status 2 * code + 1. */
enum machine_exit { MACHINE_EXIT_OFF = 0x10, MACHINE_EXIT_PANIC = 0x11, MACHINE_EXIT_REFUSED = 0x12 };

_Noreturn void machine_off(void);
_Noreturn void machine_reboot(void);
_Noreturn void machine_exit_panic(void);
_Noreturn void machine_exit_refused(void);

#endif
