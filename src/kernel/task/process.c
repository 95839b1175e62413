#include "kernel/arch/x86/paging.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"
#include "kernel/task/pool.h"
#include "kernel/task/task.h"
#include "kernel/task/work.h"

static struct pool processes = POOL_OF(processes, struct process);
struct list_node process_list_head = {&process_list_head, &process_list_head};
static struct list_node reaping = {&reaping, &reaping};

struct process *process_find(uint32_t pid)
{
    list_for_each(at, &process_list_head)
    {
        struct process *process = list_member(at, struct process, all);
        if (process->pid == pid)
            return process;
    }
    return NULL;
}

err_t process_new(struct process **result)
{
    struct process *process = pool_take(&processes);
    if (!process)
        return ERR_MEMORY;
    err_t error = pager_space_open(&process->space);
    if (error != OK) {
        pool_return(&processes, process);
        return error;
    }
    list_start(&process->all);
    list_start(&process->threads);
    list_start(&process->waiters);
    list_start(&process->range_waiters);
    process->references = 2; /* being alive, and the caller's */
    info_page()->processes++;
    *result = process;
    return OK;
}

void process_publish(struct process *process)
{
    static uint32_t last_pid;
    process->pid = ++last_pid;
    list_push_back(&process_list_head, &process->all);
}

void process_release(struct process *process)
{
    assert(process->references > 0);
    if (--process->references == 0)
        pool_return(&processes, process);
}

err_t process_range_enter(struct process *process)
{
    if (process->range_owner && process->range_owner != current)
        return thread_park_again(current, WAIT_RANGE, &process->range_waiters);
    return OK;
}

/* Its threads and handles; what is left of it is the reaper's. */
static void process_stop(struct process *process, int32_t status, bool with_children)
{
    process->ending = true;
    process->status = status;
    process->takes_children = with_children;
    list_remove(&process->all);
    list_push_back(&reaping, &process->all);
    work_raise(WORK_REAP);
    for (struct list_node *at; (at = list_first(&process->threads)) != NULL;)
        thread_end(list_member(at, struct thread, in_process));
    handles_close_all(process);
}

static bool parent_takes_it(const struct process *child)
{
    list_for_each(at, &reaping)
    {
        const struct process *parent = list_member(at, struct process, all);
        if (parent->takes_children && parent->pid == child->parent)
            return true;
    }
    return false;
}

void process_end(struct process *process, int32_t status, bool with_children)
{
    if (process->ending)
        return;
    process_stop(process, status, with_children);
    if (!with_children)
        return;
    /* Each end may doom others: the walk begins anew behind it. */
    for (struct list_node *at = process_list_head.next; at != &process_list_head;) {
        struct process *child = list_member(at, struct process, all);
        bool doomed = parent_takes_it(child);
        if (doomed)
            process_stop(child, (int32_t)STATUS_KILLED, true);
        at = doomed ? process_list_head.next : at->next;
    }
}

static void process_gone(struct process *process)
{
    list_remove(&process->all);
    pager_space_close(&process->space);
    process->ended = true;
    info_page()->processes--;
    thread_wake_all(&process->waiters);
    process_release(process);
}

bool reaper_step(void)
{
    if (thread_space_reap()) /* a process goes after its threads' spaces */
        return true;
    struct list_node *first = list_first(&reaping);
    if (!first) {
        work_lower(WORK_REAP);
        return false;
    }
    struct process *process = list_member(first, struct process, all);
    if (!pager_space_free_step(&process->space, &process->reap_next))
        process_gone(process);
    return true;
}
