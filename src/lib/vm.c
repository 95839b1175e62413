/* Stubs of the calls on linear memory. */
#include "lib/system_call.h"
#include <apteryx/vm.h>

err_t vm_set(uintptr_t start, uint32_t bytes, enum vm_kind to)
{
    return system_call_plain(SYSCALL_vm_set, start, bytes, to, 0);
}

err_t vm_set_dma(uintptr_t start, uint32_t bytes, uint32_t below, uint32_t *physical)
{
    return system_call_result(SYSCALL_vm_set_dma, (struct gate){start, bytes, below, 0}, physical);
}

err_t vm_set_special(uintptr_t start, uint32_t bytes, handle_t memory, uint32_t offset)
{
    return system_call_plain(SYSCALL_vm_set_special, start, bytes, memory, offset);
}

err_t vm_page_out(uintptr_t start, uint32_t bytes)
{
    return system_call_plain(SYSCALL_vm_page_out, start, bytes, 0, 0);
}

err_t vm_page_in(uintptr_t start, uint32_t bytes) { return system_call_plain(SYSCALL_vm_page_in, start, bytes, 0, 0); }

err_t vm_unmap(uintptr_t start, uint32_t bytes) { return system_call_plain(SYSCALL_vm_unmap, start, bytes, 0, 0); }

err_t vm_space(uintptr_t *process_start, uintptr_t *process_end, uintptr_t *thread_end)
{
    struct gate g = {0, 0, 0, 0};
    TRY(system_call(SYSCALL_vm_space, &g));
    *process_start = g.b;
    *process_end = g.d;
    *thread_end = g.s;
    return OK;
}

err_t vm_find_hole(uint32_t bytes, uint32_t align, uintptr_t low, uintptr_t high, uintptr_t *start)
{
    return system_call_result(SYSCALL_vm_find_hole, (struct gate){bytes, align, low, high}, start);
}

err_t vm_bounds(uintptr_t at, uintptr_t *below, uintptr_t *above)
{
    struct gate g = {at, 0, 0, 0};
    TRY(system_call(SYSCALL_vm_bounds, &g));
    *below = g.b;
    *above = g.d;
    return OK;
}
