/* Processes, threads and time. */
#include "common/string.h"
#include "kernel/arch/x86/clock.h"
#include "kernel/syscall/calls.h"

static char spawn_arguments[SPAWN_ARGUMENT_BYTES];
static uint8_t spawn_head[PAGE_BYTES];

static err_t arguments_check(const struct spawn *spawn)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < spawn->argument_bytes; i++)
        count += spawn_arguments[i] == 0;
    bool closed = spawn->argument_bytes == 0 || spawn_arguments[spawn->argument_bytes - 1] == 0;
    return closed && count == spawn->argument_count && count <= SPAWN_ARGUMENTS ? OK : ERR_RANGE;
}

static err_t handles_check(struct thread *thread, const handle_t *handle, uint32_t count, struct handle_entry *entry)
{
    for (uint32_t i = 0; i < count; i++) {
        struct handle_entry *found;
        TRY(handle_any(thread->process, handle[i], &found));
        if (found->type == HANDLE_REPLY || found->type == HANDLE_KERNEL_REPLY)
            return ERR_RIGHTS;
        entry[i] = *found;
    }
    return OK;
}

/* The program is a file's: so much of it as tells how it lies in memory. */
static err_t head_read(const struct spawn *spawn, struct program_image *image)
{
    if (!spawn->head)
        return OK;
    if (spawn->head_bytes > sizeof spawn_head)
        return ERR_TOO_LONG;
    if (spawn->head_bytes > spawn->file_bytes || (spawn->flags & SPAWN_LOCKED))
        return ERR_RANGE;
    *image = (struct program_image){spawn_head, spawn->head_bytes, spawn->file_bytes};
    return copy_in(spawn_head, user_pointer((uintptr_t)spawn->head), spawn->head_bytes);
}

static err_t spawn_read(struct thread *thread, struct spawn *spawn, char *name, handle_t *handle)
{
    TRY(copy_in(spawn, user_pointer(thread->context.ebx), sizeof *spawn));
    if (spawn->argument_bytes > SPAWN_ARGUMENT_BYTES)
        return ERR_TOO_LONG;
    if (spawn->handles > SPAWN_HANDLES || (spawn->flags & ~(SPAWN_LOCKED | SPAWN_OUTPUT)) ||
        spawn->priority >= PRIORITIES)
        return ERR_RANGE;
    if (spawn->priority > thread->base)
        return ERR_RIGHTS;
    if ((spawn->flags & SPAWN_LOCKED) && !handle_right_any(thread->process, RIGHT_TYPE_MACHINE))
        return ERR_RIGHTS;
    TRY(copy_in_text(name, PROCESS_NAME_BYTES, user_pointer((uintptr_t)spawn->name), spawn->name_bytes));
    TRY(copy_in(spawn_arguments, user_pointer((uintptr_t)spawn->arguments), spawn->argument_bytes));
    TRY(copy_in(handle, user_pointer((uintptr_t)spawn->handle), spawn->handles * (uint32_t)sizeof *handle));
    return arguments_check(spawn);
}

static err_t spawn_carry_out(struct thread *thread)
{
    struct spawn spawn;
    char name[PROCESS_NAME_BYTES];
    handle_t handle[SPAWN_HANDLES];
    struct handle_entry entry[SPAWN_HANDLES], *fault_port;
    struct process *child;
    struct limits limits;
    struct program_image image = {.start = NULL};
    TRY(spawn_read(thread, &spawn, name, handle));
    TRY(head_read(&spawn, &image));
    if (spawn.limits)
        TRY(copy_in(&limits, user_pointer((uintptr_t)spawn.limits), sizeof limits));
    TRY(handles_check(thread, handle, spawn.handles, entry));
    TRY(fault_port_find(thread->process, spawn.fault_port, &fault_port));
    TRY(handle_prepare(thread->process, 1));
    const struct program_request request = {
        .name = name,
        .image = image,
        .arguments = spawn_arguments,
        .argument_bytes = spawn.argument_bytes,
        .argument_count = spawn.argument_count,
        .priority = spawn.priority ? spawn.priority : thread->base,
        .flags = spawn.flags,
        .handles = spawn.handles,
        .parent = thread->process,
        .limits = spawn.limits ? &limits : NULL,
    };
    TRY(program_build(&thread->building, &request, &child));
    for (uint32_t i = 0; i < spawn.handles; i++)
        handle_add(child, &entry[i]);
    fault_handler_set(&child->handler, fault_port);
    result_handle(thread, &(struct handle_entry){.object = child, .type = HANDLE_PROCESS});
    thread->context.edx = process_number(child);
    err_t error = image.start ? OK : process_start(child);
    assert(error == OK);
    process_release(child);
    return OK;
}

err_t call_process_spawn(struct thread *thread)
{
    err_t error = spawn_carry_out(thread);
    if (error != (err_t)ERR_PARKED)
        program_abandon(&thread->building);
    return error;
}

err_t call_process_start(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_find(thread->process, thread->context.ebx, HANDLE_PROCESS, &entry));
    return process_start(entry->object);
}

err_t call_process_wait(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_find(thread->process, thread->context.ebx, HANDLE_PROCESS, &entry));
    struct process *process = entry->object;
    if (process == thread->process)
        return ERR_BUSY;
    if (!process->ended)
        return thread_park_again(thread, WAIT_PROCESS, &process->waiters);
    thread->context.ebx = (uint32_t)process->status;
    return OK;
}

err_t call_process_kill(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_find(thread->process, thread->context.ebx, HANDLE_PROCESS, &entry));
    thread->context.eax = OK; /* it may be its own end */
    process_end(entry->object, (int32_t)STATUS_KILLED, true);
    return ERR_DELIVERED;
}

err_t call_process_exit(struct thread *thread)
{
    process_end(thread->process, (int32_t)(thread->context.ebx & 255u), false);
    return ERR_DELIVERED;
}

err_t call_process_id(struct thread *thread)
{
    thread->context.ebx = process_number(thread->process);
    return OK;
}

err_t call_process_limits(struct thread *thread)
{
    struct limits_report report;
    account_report(process_account(thread->process), &report);
    return copy_out(user_pointer(thread->context.ebx), &report, sizeof report);
}

err_t call_process_open(struct thread *thread)
{
    struct handle_entry *control;
    TRY(handle_right(thread->process, thread->context.ebx, RIGHT_TYPE_CONTROL, &control));
    struct process *process = process_find(thread->context.edx);
    if (!process)
        return ERR_NO_ENTRY;
    TRY(handle_prepare(thread->process, 1));
    result_handle(thread, &(struct handle_entry){.object = process, .type = HANDLE_PROCESS});
    return OK;
}

static enum process_state state_of(const struct process *process)
{
    enum process_state state = process->ending ? PROCESS_ENDED : PROCESS_WAITING;
    list_for_each(at, &process->threads)
    {
        enum wait_reason wait = list_member(at, struct thread, in_process)->wait;
        if (wait == WAIT_NONE)
            return PROCESS_READY;
        if (wait == WAIT_PAGE || wait == WAIT_MEMORY || wait == WAIT_FILE)
            state = PROCESS_PAGING;
    }
    return state;
}

static void process_describe(const struct process *process, struct process_info *info)
{
    struct space_count pages = process_pages(process);
    *info = (struct process_info){.pid = process_number(process),
                                  .parent = process->parent,
                                  .state = state_of(process),
                                  .resident = pages.resident,
                                  .swapped = pages.swapped};
    memcpy(info->name, process->name, sizeof info->name);
    list_for_each(at, &process->threads) info->threads++;
}

#define LIST_ROOM 16u /* of one answer; the caller goes on from the last pid + 1 */

err_t call_process_list(struct thread *thread)
{
    struct process_info list[LIST_ROOM];
    uint32_t count = 0;
    const struct context *c = &thread->context;
    uint32_t room = c->edx < LIST_ROOM ? c->edx : LIST_ROOM;
    for (const struct process *process = NULL; count < room; process_describe(process, &list[count++]))
        if (!(process = process_next(process ? process_number(process) + 1 : c->ebx)))
            break;
    TRY(copy_out(user_pointer(c->esi), list, count * (uint32_t)sizeof list[0]));
    thread->context.ebx = count;
    return OK;
}

err_t call_thread_create(struct thread *thread)
{
    struct thread *child;
    const struct context *c = &thread->context;
    if (c->esi >= PRIORITIES || c->ebx >= KERNEL_SPACE || c->edi >= KERNEL_SPACE)
        return ERR_RANGE;
    if (c->esi > thread->base)
        return ERR_RIGHTS;
    TRY(handle_prepare(thread->process, 1));
    TRY(thread_new(thread->process, (uint8_t)c->esi, &child));
    context_start(&child->context, c->ebx, c->edi);
    child->context.ebx = c->edx;
    result_handle(thread, &(struct handle_entry){.object = child, .type = HANDLE_THREAD});
    thread_wake(child);
    thread_release(child);
    return OK;
}

err_t call_thread_wait(struct thread *thread)
{
    struct handle_entry *entry;
    TRY(handle_find(thread->process, thread->context.ebx, HANDLE_THREAD, &entry));
    struct thread *other = entry->object;
    if (other == thread)
        return ERR_BUSY;
    return other->wait == WAIT_ENDED ? OK : thread_park_again(thread, WAIT_THREAD, &other->waiters);
}

err_t call_thread_yield(struct thread *thread)
{
    thread_yield(thread);
    return OK;
}

err_t call_thread_exit(struct thread *thread)
{
    thread_end(thread);
    return ERR_DELIVERED;
}

err_t call_time_now(struct thread *thread)
{
    uint64_t now = clock_now_us();
    thread->context.ebx = (uint32_t)now;
    thread->context.edx = (uint32_t)(now >> 32);
    return OK;
}

err_t call_time_sleep_until(struct thread *thread)
{
    uint64_t until = two_words(thread->context.ebx, thread->context.edx);
    if (clock_now_us() >= until)
        return OK;
    thread_set_deadline(thread, until);
    return thread_park_again(thread, WAIT_SLEEP, NULL);
}
