/* Stubs of the calls for drivers and pagers. */
#include "lib/system_call.h"
#include <apteryx/hardware.h>

err_t right_create(handle_t machine, enum right_type type, uint32_t first, uint32_t count, handle_t *right)
{
    return system_call_result(SYSCALL_right_create, (struct gate){machine, type, first, count}, right);
}

err_t io_enable(handle_t ports) { return system_call_plain(SYSCALL_io_enable, ports, 0, 0, 0); }

err_t interrupt_bind(handle_t interrupt, handle_t port, uint32_t bits)
{
    return system_call_plain(SYSCALL_interrupt_bind, interrupt, port, bits, 0);
}

err_t interrupt_done(handle_t interrupt) { return system_call_plain(SYSCALL_interrupt_done, interrupt, 0, 0, 0); }

err_t swap_register(handle_t swap, handle_t port, uint32_t blocks)
{
    return system_call_plain(SYSCALL_swap_register, swap, port, blocks, 0);
}

err_t token_map(handle_t swap, uint32_t token, uintptr_t page)
{
    return system_call_plain(SYSCALL_token_map, swap, token, page, 0);
}

err_t token_physical(handle_t dma, uint32_t token, uint32_t *physical)
{
    return system_call_result(SYSCALL_token_physical, (struct gate){dma, token, 0, 0}, physical);
}
