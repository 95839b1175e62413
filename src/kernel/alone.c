/* A kernel without tasks: it says that it is up and ends. Any room that has the real function takes its place. */
#include "kernel/arch/x86/power.h"
#include "kernel/arch/x86/upcalls.h"
#include "kernel/boot/boot_info.h"
#include "kernel/debug/log.h"
#include "kernel/debug/panic.h"

#define ALONE __attribute__((weak))

ALONE void task_start(const struct boot_info *boot) { log_print("RESULT boot policy=%s\n", boot->policy); }

ALONE struct context *kernel_next(void)
{
    log_print("RESULT run commands=0 failed=0\n");
    machine_off();
}

ALONE void kernel_interrupt(uint32_t line) { log_print("interrupt %u\n", line); }
ALONE void kernel_fault(struct context *c, uintptr_t address, uint32_t error)
{
    panic_at(c, "page fault at %08x, error %x", (uint32_t)address, error);
}
ALONE void kernel_exception(struct context *c) { panic_at(c, "exception %u", c->vector); }
ALONE void kernel_system_call(struct context *c) { panic_at(c, "system call %u", c->eax); }
ALONE struct fpu_state *kernel_fpu_state(void) { return NULL; }

ALONE enum fault_outcome kernel_mode_fault(uintptr_t address, uint32_t error)
{
    log_print("page fault at %08x, error %x\n", (uint32_t)address, error);
    return FAULT_ERROR;
}
