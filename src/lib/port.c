/* Ports, handles and names. */
#include "lib/system_call.h"
#include "lib/thread_block.h"
#include "common/string.h"
#include <apteryx/ipc.h>

err_t port_create(handle_t *port) { return system_call_result(SYSCALL_port_create, (struct gate){0, 0, 0, 0}, port); }

err_t handle_copy(handle_t from, uint32_t rights, uint32_t badge, handle_t *to)
{
    return system_call_result(SYSCALL_handle_copy, (struct gate){from, rights, badge, 0}, to);
}

/* The number may come back for another port: ipc_listen has to be told anew. */
err_t handle_close(handle_t handle)
{
    struct thread_block *block = thread_block();
    if (block->listens_on == handle)
        block->listens_on = 0;
    return system_call_plain(SYSCALL_handle_close, handle, 0, 0, 0);
}

err_t name_register(const char *name, handle_t port)
{
    return system_call_plain(SYSCALL_name_register, (uintptr_t)name, strlen(name), port, 0);
}

err_t name_lookup(const char *name, handle_t *port)
{
    return system_call_result(SYSCALL_name_lookup, (struct gate){(uintptr_t)name, strlen(name), 0, 0}, port);
}
