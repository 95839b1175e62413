#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/fpu_demand.h"
#include "kernel/arch/x86/upcalls.h"

#define X87_CONTROL_DEFAULT 0x037Fu /* all exceptions masked, 64-bit precision */
#define SSE_CONTROL_DEFAULT 0x1F80u

struct fpu_owner fpu_owner = {.trapping = true};

void fpu_trap(bool on)
{
    if (on)
        cr0_write(cr0_read() | CR0_TASK_SWITCHED);
    else
        task_switched_clear();
    fpu_owner.trapping = on;
}

void fpu_start(void)
{
    const struct cpu_features *has = cpu_features();
    uint32_t cr0 = cr0_read() & ~CR0_EMULATE;
    cr0_write(cr0 | CR0_MONITOR | CR0_NUMERIC_ERROR | CR0_TASK_SWITCHED | (has->fpu ? 0 : CR0_EMULATE));
    if (has->fxsr)
        cr4_write(cr4_read() | CR4_OSFXSR | (has->sse ? CR4_OSXMMEXCPT : 0));
}

void fpu_thread_gone(struct fpu_state *state)
{
    if (state != NULL && state == fpu_owner.loaded)
        fpu_owner.loaded = NULL;
}

static void *aligned(struct fpu_state *state) { return (void *)(((uintptr_t)state->area + 15u) & ~(uintptr_t)15u); }

static void save(struct fpu_state *state)
{
    if (cpu_features()->fxsr)
        fpu_save_extended(aligned(state));
    else
        fpu_save(aligned(state));
}

/* What FNINIT would leave, with nobody's data in the registers. => the area is zeroed */
static void make_clean(struct fpu_state *state)
{
    uint32_t *word = aligned(state);
    if (cpu_features()->fxsr) {
        word[0] = X87_CONTROL_DEFAULT;
        word[6] = SSE_CONTROL_DEFAULT;
    } else {
        word[0] = 0xFFFF0000u | X87_CONTROL_DEFAULT;
        word[1] = 0xFFFF0000u; /* status */
        word[2] = 0xFFFFFFFFu; /* tags: all empty */
    }
    state->saved = 1;
}

static void load(struct fpu_state *state)
{
    if (!state->saved)
        make_clean(state);
    if (cpu_features()->fxsr)
        fpu_restore_extended(aligned(state));
    else
        fpu_restore(aligned(state));
}

bool fpu_demand(void)
{
    struct fpu_state *state;
    if (!cpu_features()->fpu)
        return false;
    enum copy_outcome outcome = kernel_fpu_state(&state);
    if (outcome != COPY_AGAIN)
        return outcome == COPY_PARKED; /* the instruction is tried again */
    fpu_trap(false);
    if (fpu_owner.loaded != state) {
        if (fpu_owner.loaded != NULL)
            save(fpu_owner.loaded);
        load(state);
        fpu_owner.loaded = state;
    }
    return true;
}
