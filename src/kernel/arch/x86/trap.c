/* Traps from user mode go up by one call and end in kernel_next. Traps in the kernel are few: page faults in
 * user_copy, interrupts while waiting, and bugs. */
#include "kernel/arch/x86/trap.h"
#include "kernel/arch/x86/apic.h"
#include "kernel/arch/x86/clock.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/descriptors.h"
#include "kernel/arch/x86/fpu_demand.h"
#include "kernel/arch/x86/pic.h"
#include "kernel/arch/x86/stack.h"
#include "kernel/arch/x86/upcalls.h"
#include "kernel/debug/panic.h"
#include "abi/layout.h"

_Noreturn void context_resume(struct context *c); /* trap.asm */
struct context *trap_from_user(struct context *c);
void trap_from_kernel(struct context *c);

enum vector { VECTOR_DEBUG = 1, VECTOR_NMI = 2, VECTOR_NO_FPU = 7, VECTOR_PAGE_FAULT = 14, VECTOR_MACHINE_CHECK = 18 };
#define FLAG_TRAP 0x100u
_Static_assert(KERNEL_STACK_TOP == 0xF0414000u, "trap.asm begins at the stack's top");

struct exception_row {
    uint32_t at, fixup;
};
extern const struct exception_row exceptions_start[], exceptions_end[]; /* kernel.ld */

static bool is_interrupt(uint32_t vector) { return vector >= PIC_VECTOR && vector != VECTOR_GATE; }

static void interrupt(uint32_t vector)
{
    uint32_t line = vector - PIC_VECTOR;
    if (vector == VECTOR_APIC_SPURIOUS)
        return;
    if (vector == VECTOR_APIC_TIMER) {
        apic_acknowledge();
        line = TIMER_LINE;
    } else {
        if (pic_is_spurious(line))
            return;
        if (line != TIMER_LINE)
            pic_mask(line);
        pic_acknowledge(line);
    }
    if (line != TIMER_LINE || timer_interrupted())
        kernel_interrupt(line);
}

static void exception_from_user(struct context *c)
{
    switch ((enum vector)c->vector) {
    case VECTOR_PAGE_FAULT:
        kernel_fault(c, cr2_read(), c->error);
        return;
    case VECTOR_NO_FPU:
        if (!fpu_demand())
            kernel_exception(c);
        return;
    case VECTOR_NMI:
    case VECTOR_MACHINE_CHECK:
        panic_at(c, "vector %u: the hardware failed", c->vector);
    case VECTOR_DEBUG:
        break;
    }
    kernel_exception(c);
}

struct context *trap_from_user(struct context *c)
{
    if (c->vector == VECTOR_GATE)
        return kernel_system_call(c);
    if (is_interrupt(c->vector))
        interrupt(c->vector);
    else
        exception_from_user(c);
    return kernel_next();
}

/* The fixup for an instruction that may meet a page fault; 0: none may happen there. */
static uint32_t exception_fixup(uint32_t eip)
{
    for (const struct exception_row *row = exceptions_start; row < exceptions_end; row++)
        if (row->at == eip)
            return row->fixup;
    return 0;
}

static void page_fault_in_kernel(struct context *c)
{
    uintptr_t address = cr2_read();
    uint32_t fixup = exception_fixup(c->eip);
    if (fixup == 0 || address >= KERNEL_SPACE)
        panic_at(c, "page fault at %08x in the kernel, error %x", (uint32_t)address, c->error);
    enum copy_outcome outcome = kernel_mode_fault(address, c->error);
    if (outcome == COPY_AGAIN)
        return;
    c->eax = outcome;
    c->eip = fixup;
}

void trap_from_kernel(struct context *c)
{
    if (c->vector == VECTOR_PAGE_FAULT)
        page_fault_in_kernel(c);
    else if (is_interrupt(c->vector))
        interrupt(c->vector);
    else if (c->vector == VECTOR_DEBUG)
        c->eflags &= ~FLAG_TRAP; /* a program single-stepped into SYSENTER, which leaves TF set */
    else
        panic_at(c, "exception %u in the kernel, error %x", c->vector, c->error);
}

void trap_resume(void) { context_resume(kernel_next()); }
