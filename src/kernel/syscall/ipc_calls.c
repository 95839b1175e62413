/* Ports, handles, names and messages. */
#include "common/string.h"
#include "kernel/syscall/calls.h"

err_t copy_in_text(char *to, uint32_t room, const void __user *from, uint32_t bytes)
{
    if (bytes == 0 || bytes >= room)
        return ERR_RANGE;
    TRY(copy_in(to, from, bytes));
    to[bytes] = 0;
    return strlen(to) == bytes ? OK : ERR_RANGE;
}

void result_handle(struct thread *thread, const struct handle_entry *entry)
{
    thread->context.ebx = handle_add(thread->process, entry);
}

err_t call_null(struct thread *thread)
{
    (void)thread;
    return OK;
}

err_t call_port_create(struct thread *thread)
{
    struct port *port;
    TRY(handle_prepare(thread->process, 1));
    TRY(port_new(process_account(thread->process), &port));
    result_handle(thread, &(struct handle_entry){
                              .object = port, .type = HANDLE_PORT, .rights = RIGHT_SEND | RIGHT_RECEIVE | RIGHT_PASS});
    port_release(port);
    return OK;
}

err_t call_handle_copy(struct thread *thread)
{
    struct handle_entry *from;
    const struct context *c = &thread->context;
    TRY(handle_any(thread->process, c->ebx, &from));
    if (from->type == HANDLE_REPLY || from->type == HANDLE_KERNEL_REPLY)
        return ERR_HANDLE;
    struct handle_entry copy = *from;
    if (copy.type == HANDLE_PORT) {
        if (c->edx & ~(uint32_t)copy.rights)
            return ERR_RIGHTS;
        if (c->esi && copy.badge)
            return ERR_RIGHTS;
        copy.rights = (uint8_t)c->edx;
        copy.badge = c->esi ? c->esi : copy.badge;
    }
    TRY(handle_prepare(thread->process, 1));
    result_handle(thread, &copy);
    return OK;
}

err_t call_handle_close(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_any(thread->process, thread->context.ebx, &entry));
    handle_close(thread->process, entry, false);
    return OK;
}

err_t call_name_register(struct thread *thread)
{
    char name[NAME_BYTES];
    struct handle_entry *port;
    const struct context *c = &thread->context;
    TRY(copy_in_text(name, sizeof name, user_pointer(c->ebx), c->edx));
    TRY(handle_find(thread->process, c->esi, HANDLE_PORT, &port));
    if (!(port->rights & RIGHT_RECEIVE))
        return ERR_RIGHTS;
    return name_add(name, port->object, port->badge);
}

err_t call_name_lookup(struct thread *thread)
{
    char name[NAME_BYTES];
    uint32_t badge;
    TRY(copy_in_text(name, sizeof name, user_pointer(thread->context.ebx), thread->context.edx));
    struct port *port = name_find(name, &badge);
    if (!port)
        return ERR_NO_ENTRY;
    TRY(handle_prepare(thread->process, 1));
    result_handle(thread, &(struct handle_entry){
                              .object = port, .badge = badge, .type = HANDLE_PORT, .rights = RIGHT_SEND | RIGHT_PASS});
    return OK;
}

static bool is_long(const struct thread *thread) { return (thread->context.eax & IPC_LONG) != 0; }

err_t call_ipc_call(struct thread *thread) { return ipc_call(thread, is_long(thread), true); }
err_t call_ipc_send(struct thread *thread) { return ipc_call(thread, is_long(thread), false); }
err_t call_ipc_reply(struct thread *thread) { return ipc_reply(thread, is_long(thread)); }
err_t call_ipc_reply_receive(struct thread *thread) { return ipc_reply_receive(thread, is_long(thread)); }

err_t call_ipc_receive(struct thread *thread)
{
    const struct context *c = &thread->context;
    return ipc_receive(thread, IPC_HANDLE(c->eax), two_words(c->ebx, c->esi));
}

err_t call_ipc_listen(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_find(thread->process, thread->context.ebx, HANDLE_PORT, &entry));
    thread->listens_on = thread->context.ebx;
    thread->serves = ((const struct port *)entry->object)->number;
    return OK;
}

err_t call_ipc_notify(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_find(thread->process, thread->context.ebx, HANDLE_PORT, &entry));
    if (!(entry->rights & RIGHT_SEND))
        return ERR_RIGHTS;
    struct port *port = entry->object;
    if (port->dead)
        return ERR_DEAD;
    port_notify(port, thread->context.edx);
    return OK;
}

err_t call_ipc_window(struct thread *thread)
{
    struct page_range range;
    TRY(page_range_make(thread->context.ebx, thread->context.edx, &range));
    thread->process->window = range;
    return OK;
}

err_t call_ipc_buffer(struct thread *thread)
{
    struct page_range range;
    TRY(page_range_make(thread->context.ebx, PAGE_BYTES, &range));
    if (range.first.n == 0)
        return ERR_RANGE;
    thread->buffer = range.first;
    return OK;
}

err_t fault_port_find(struct process *process, handle_t handle, struct handle_entry **port)
{
    *port = NULL;
    if (handle == 0)
        return OK;
    TRY(handle_find(process, handle, HANDLE_PORT, port));
    return (*port)->rights & RIGHT_SEND ? OK : ERR_RIGHTS;
}

err_t call_fault_handler(struct thread *thread)
{
    struct handle_entry *port;
    const struct context *c = &thread->context;
    if (c->edx > 1)
        return ERR_RANGE;
    TRY(fault_port_find(thread->process, c->ebx, &port));
    fault_handler_set(c->edx ? &thread->handler : &thread->process->handler, port);
    return OK;
}
