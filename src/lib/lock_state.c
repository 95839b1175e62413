/* A program's own state, kept in RAM: what it writes by the way never goes to swap. */
#include "common/units.h"
#include <apteryx/process.h>
#include <apteryx/vm.h>

extern uint8_t program_data[], program_end[]; /* program.ld */

static err_t pages_set(const void *object, uint32_t bytes, enum vm_kind kind)
{
    uintptr_t start = (uintptr_t)object & ~(uintptr_t)(PAGE_BYTES - 1u);
    return vm_set(start, pages_for((uint32_t)((uintptr_t)object + bytes - start)) * PAGE_BYTES, kind);
}

err_t process_lock_object(const void *object, uint32_t bytes) { return pages_set(object, bytes, VM_LOCKED); }

err_t process_lock_state(void)
{
    uint32_t bytes = (uint32_t)(program_end - program_data), on_stack = 0;
    err_t err = bytes > 0 ? pages_set(program_data, bytes, VM_LOCKED) : OK;
    if (err != OK)
        return err;
    err = pages_set(&on_stack, sizeof on_stack, VM_LOCKED);
    if (err != OK && bytes > 0)
        (void)pages_set(program_data, bytes, VM_NORMAL);
    return err;
}
