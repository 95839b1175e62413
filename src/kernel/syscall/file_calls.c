/* The calls of file servers and of those who set them up. */
#include "kernel/pager/file.h"
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
    if (thread->process->file_client) /* it would never be told */
        return ERR_BUSY;
    file_port_set(thread->process, port->object);
    return OK;
}

err_t call_file_connect(struct thread *thread)
{
    struct process *process = thread->process;
    if (!process->file_port)
        return ERR_NO_ENTRY;
    TRY(file_client_make(process));
    TRY(handle_prepare(process, 1));
    result_handle(thread, &(struct handle_entry){.object = process->file_port,
                                                 .badge = process_number(process),
                                                 .type = HANDLE_PORT,
                                                 .rights = RIGHT_SEND});
    return OK;
}

/* From here on its threads wait for no file server. */
static err_t server_enter(struct thread *thread)
{
    TRY(pager_right(thread));
    thread->process->serves_files = true;
    return OK;
}

/* The caller receives on its file port, and hears of its end. */
static err_t client_check(struct thread *thread, struct process *process)
{
    if (!process->file_port || !handle_receives(thread->process, process->file_port))
        return ERR_RIGHTS;
    return file_client_make(process);
}

/* A client; nobody changes its pages now. */
static err_t client_find(struct thread *thread, uint32_t pid, struct process **client)
{
    struct process *process = process_find(pid);
    TRY(server_enter(thread));
    if (!process)
        return ERR_NO_ENTRY;
    TRY(client_check(thread, process));
    TRY(process_range_enter(process));
    TRY(pager_directory_ready(&process->space));
    if (process != thread->process)
        pager_file_start();
    *client = process;
    return OK;
}

/* Its number names nobody else before the caller, or its successor, has answered FILE_GONE. */
err_t call_file_client(struct thread *thread)
{
    struct context *c = &thread->context;
    struct handle_entry *entry;
    TRY(server_enter(thread));
    TRY(handle_find(thread->process, c->edx, HANDLE_PROCESS, &entry));
    struct process *client = entry->object;
    if (!client->listed || client->ending)
        return ERR_NO_ENTRY;
    TRY(client_check(thread, client));
    c->ebx = process_number(client);
    return OK;
}

/* Of process space. */
static err_t range_of(const struct process *process, uintptr_t start, uint32_t bytes, struct page_range *range)
{
    TRY(page_range_make(start, bytes, range));
    return range->end.n <= process->space.process_end.n ? OK : ERR_RANGE;
}

static err_t page_of(const struct process *process, uintptr_t address, page_t *page)
{
    struct page_range range;
    TRY(range_of(process, address, PAGE_BYTES, &range));
    *page = range.first;
    return OK;
}

err_t call_file_mark(struct thread *thread)
{
    const struct context *c = &thread->context;
    struct process *client;
    struct page_range range;
    TRY(client_find(thread, c->edx, &client));
    TRY(range_of(client, c->esi, c->edi, &range));
    if (c->ebp != VM_FILE && c->ebp != VM_NONE)
        return ERR_KIND;
    return pager_file_mark(&client->space, range, c->ebp == VM_FILE ? ENTRY_FILE_OUT : ENTRY_NONE, &thread->range);
}

err_t call_file_hold(struct thread *thread)
{
    struct context *c = &thread->context;
    uint32_t token;
    page_t page;
    TRY(server_enter(thread));
    TRY(page_of(thread->process, c->edx, &page));
    TRY(pager_file_hold(&thread->process->space, page, c->esi != 0, &token));
    c->ebx = token;
    return OK;
}

err_t call_file_release(struct thread *thread)
{
    const struct context *c = &thread->context;
    page_t page;
    TRY(server_enter(thread));
    TRY(page_of(thread->process, c->edx, &page));
    if (c->esi)
        pager_file_start();
    return pager_file_release(&thread->process->space, page, c->esi != 0);
}

err_t call_file_take(struct thread *thread)
{
    struct context *c = &thread->context;
    struct process *client;
    struct file_take take = {.server = &thread->process->space};
    TRY(client_find(thread, c->edx, &client));
    take.client = &client->space;
    TRY(page_of(client, c->esi, &take.page));
    TRY(page_of(thread->process, c->edi, &take.to));
    TRY(pager_file_take(&take));
    c->ebx = take.taken;
    c->edx = take.token;
    return OK;
}
