/* The calls of file servers and of those who set them up. */
#include "kernel/syscall/calls.h"

static err_t pager_right(struct thread *thread)
{
    struct handle_entry *pager;
    return handle_right(thread->process, thread->context.ebx, RIGHT_TYPE_PAGER, &pager);
}

err_t call_file_port(struct thread *thread)
{
    struct handle_entry *port;
    TRY(pager_right(thread));
    TRY(handle_find(thread->process, thread->context.edx, HANDLE_PORT, &port));
    file_port_set(thread->process, port->object);
    return OK;
}

err_t call_file_connect(struct thread *thread)
{
    struct process *process = thread->process;
    if (!process->file_port)
        return ERR_NO_ENTRY;
    TRY(handle_prepare(process, 1));
    result_handle(thread, &(struct handle_entry){.object = process->file_port,
                                                 .badge = process_number(process),
                                                 .type = HANDLE_PORT,
                                                 .rights = RIGHT_SEND});
    return OK;
}
