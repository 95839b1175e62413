#include "kernel/arch/x86/paging.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/file.h"
#include "kernel/task/pool.h"
#include "kernel/task/task.h"

static struct pool processes = POOL_OF(processes, struct process);
_Static_assert(offsetof(struct process, space) == 0, "a master space stands at the start of its process");
static struct list_node orphans = {&orphans, &orphans}; /* they went on when their parents ended */
static struct list_node doomed = {&doomed, &doomed};    /* they end as their parents did */

static struct process *process_of(struct space *space)
{
    struct process *process = list_member(space, struct process, space);
    return process->listed && !process->ending ? process : NULL;
}

struct process *process_find(uint32_t pid)
{
    struct space *space = pager_space_or_null(pid);
    return space && !space->master ? process_of(space) : NULL;
}

struct process *process_next(uint32_t pid)
{
    for (uint32_t id = pager_space_next(pid); id; id = pager_space_next(id + 1)) {
        struct process *process = process_find(id);
        if (process)
            return process;
    }
    return NULL;
}

err_t process_new(struct account *account, struct process **result)
{
    void *object;
    TRY(account_charge(account, LIMIT_PROCESSES, 1));
    err_t error = pool_take(&processes, account, &object);
    struct process *process = object;
    if (error == OK && (error = pager_space_open(&process->space, account)) != OK)
        pool_return(&processes, account, process);
    if (error != OK) {
        account_refund(account, LIMIT_PROCESSES, 1);
        return error;
    }
    (void)account_hold(account);
    list_start(&process->threads);
    list_start(&process->children);
    list_start(&process->unstarted);
    list_start(&process->sibling);
    list_start(&process->waiters);
    list_start(&process->range_waiters);
    process->references = 2; /* being alive, and the caller's */
    info_page()->processes++;
    *result = process;
    return OK;
}

void process_publish(struct process *process, struct process *parent)
{
    process->listed = true;
    process->parent = parent ? process_number(parent) : 0;
    file_port_set(process, parent ? parent->file_port : NULL);
    list_push_back(parent ? &parent->unstarted : &orphans, &process->sibling);
}

err_t process_start(struct process *process)
{
    struct process *parent = current ? current->process : NULL;
    if (process->ending)
        return ERR_NO_ENTRY;
    if (parent && process->parent != process_number(parent))
        return ERR_RIGHTS;
    struct thread *first = list_member(list_first(&process->threads), struct thread, in_process);
    if (first->wait != WAIT_START)
        return ERR_BUSY;
    list_remove(&process->sibling);
    list_push_back(parent ? &parent->children : &orphans, &process->sibling);
    thread_wake(first);
    return OK;
}

void process_release(struct process *process)
{
    assert(process->references > 0);
    struct account *account = process_account(process);
    if (--process->references)
        return;
    pager_file_holder_gone(&process->space);
    pool_return(&processes, account, process);
    account_release(account);
}

err_t process_range_enter(struct process *process)
{
    if (process->range_owner && process->range_owner != current)
        return thread_park_again(current, WAIT_RANGE, &process->range_waiters);
    return OK;
}

static struct process *reaped_process(struct reaped *reaped) { return list_member(reaped, struct process, reaped); }

static bool handles_freed(struct reaped *reaped) { return handles_close_step(reaped_process(reaped)); }

/* What is left of it, if anything, waits for the disk: nobody else has to. */
static void process_freed(struct reaped *reaped)
{
    struct process *process = reaped_process(reaped);
    process->ended = true;
    account_refund(process_account(process), LIMIT_PROCESSES, 1);
    info_page()->processes--;
    info_page()->reaping++;
    thread_wake_all(&process->waiters);
}

static void process_gone(struct reaped *reaped)
{
    struct process *process = reaped_process(reaped);
    info_page()->reaping--;
    if (!file_client_waits(process))
        process_close(process);
}

void process_close(struct process *process)
{
    file_client_free(process);
    pager_space_close(&process->space);
    process_release(process);
}

void process_end(struct process *process, int32_t status, bool with_children)
{
    if (process->ending)
        return;
    process->ending = true;
    process->status = status;
    pager_driver_ends(&process->space);
    list_remove(&process->sibling);
    list_append(with_children ? &doomed : &orphans, &process->children);
    list_append(&doomed, &process->unstarted);
    process->reaped =
        (struct reaped){.space = &process->space, .begin = handles_freed, .freed = process_freed, .gone = process_gone};
    reaper_add(&process->reaped);
    for (struct list_node *at; (at = list_first(&process->threads)) != NULL;)
        thread_end(list_member(at, struct thread, in_process));
    fault_handler_set(&process->handler, NULL);
    file_client_ends(process);
    (void)handles_close_step(process); /* all of most processes: whoever waits for it hears at once */
}

#define END_AT_ONCE 16u /* more than one step of a program can start meanwhile */

/* False: none is to end. They are freed before the parents that doomed them: when a process is gone they are, too. */
bool process_doomed_step(void)
{
    struct list_node *first = list_first(&doomed);
    bool any = first != NULL;
    for (uint32_t i = 0; i < END_AT_ONCE && first; i++, first = list_first(&doomed)) {
        struct process *process = list_member(first, struct process, sibling);
        process_end(process, (int32_t)STATUS_KILLED, true);
        reaper_prefer(&process->reaped);
    }
    return any;
}
