/* A program kept in RAM: what it writes by the way never goes to swap. Nor does what it only reads: no block of swap
 * holds what came from the archive, so the first eviction of such a page is a write, whenever that happens. */
#include "abi/layout.h"
#include "common/units.h"
#include "lib/thread_block.h"
#include <apteryx/process.h>
#include <apteryx/vm.h>

extern uint8_t program_end[]; /* program.ld */

static err_t pages_set(const void *object, uint32_t bytes, enum vm_kind kind)
{
    uintptr_t start = (uintptr_t)object & ~(uintptr_t)(PAGE_BYTES - 1u);
    return vm_set(start, pages_for((uint32_t)((uintptr_t)object + bytes - start)) * PAGE_BYTES, kind);
}

err_t process_lock_object(const void *object, uint32_t bytes) { return pages_set(object, bytes, VM_LOCKED); }

err_t thread_lock_buffer(void) { return pages_set(thread_buffer_page(), PAGE_BYTES, VM_LOCKED); }

err_t thread_lock_stack(uint32_t bytes)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), below = (here - bytes) & ~(uintptr_t)(PAGE_BYTES - 1u);
    uintptr_t unit = here < STACK_TOP ? PAGE_BYTES : THREAD_SLOT_BYTES;
    return vm_set(below, (here & ~(unit - 1)) + unit - below, VM_LOCKED);
}

err_t process_lock_program(void)
{
    const void *program = (const void *)(uintptr_t)PROGRAM_BASE;
    uint32_t bytes = (uint32_t)((uintptr_t)program_end - PROGRAM_BASE), on_stack = 0;
    err_t err = pages_set(program, bytes, VM_LOCKED);
    if (err != OK)
        return err;
    err = pages_set(&on_stack, sizeof on_stack, VM_LOCKED);
    if (err != OK)
        (void)pages_set(program, bytes, VM_NORMAL);
    return err;
}
