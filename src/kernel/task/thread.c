#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/upcalls.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"
#include "kernel/task/pool.h"
#include "kernel/task/task.h"

static struct pool threads = POOL_OF(threads, struct thread);
static struct pool fpu_states = POOL_OF(fpu_states, struct fpu_state);

err_t thread_new(struct process *process, uint8_t priority, struct thread **result)
{
    static uint32_t last_id;
    void *object;
    TRY(account_charge(process_account(process), LIMIT_THREADS, 1));
    err_t error = pool_take(&threads, process_account(process), &object);
    if (error != OK) {
        account_refund(process_account(process), LIMIT_THREADS, 1);
        return error;
    }
    struct thread *thread = object;
    list_start(&thread->queue);
    list_start(&thread->timer);
    list_start(&thread->waiters);
    list_start(&thread->in_process);
    list_start(&thread->file.asking);
    list_push_back(&process->threads, &thread->in_process);
    thread->process = process;
    thread->priority = thread->base = priority;
    thread->id = ++last_id;
    thread->page_frame = FRAME_NONE;
    thread->failed_block = BLOCK_NONE;
    thread->wait = WAIT_START;
    thread->references = 2; /* being alive, and the caller's */
    process->references++;
    info_page()->threads++;
    *result = thread;
    return OK;
}

void thread_release(struct thread *thread)
{
    assert(thread->references > 0);
    if (--thread->references)
        return;
    assert(thread->wait == WAIT_ENDED);
    struct process *process = thread->process;
    pool_return(&threads, process_account(process), thread);
    process_release(process);
}

void thread_end(struct thread *thread)
{
    struct process *process = thread->process;
    if (thread->wait == WAIT_ENDED)
        return;
    ipc_thread_gone(thread);
    pager_thread_runs(thread); /* nobody awaits that frame any more */
    thread_space_gone(thread);
    program_abandon(&thread->building);
    if (process->range_owner == thread) {
        process->range_owner = NULL;
        thread_wake_all(&process->range_waiters);
    }
    thread->run_again = false;
    thread_park(thread, WAIT_ENDED, NULL);
    list_remove(&thread->timer);
    list_remove(&thread->in_process);
    thread_wake_all(&thread->waiters);
    fault_handler_set(&thread->handler, NULL);
    fpu_thread_gone(thread->fpu);
    if (thread->fpu)
        pool_return(&fpu_states, process_account(process), thread->fpu);
    thread->fpu = NULL;
    account_refund(process_account(process), LIMIT_THREADS, 1);
    info_page()->threads--;
    if (current == thread)
        current = NULL;
    if (list_empty(&process->threads))
        process_end(process, 0, false);
    thread_release(thread);
}

enum copy_outcome kernel_fpu_state(struct fpu_state **state)
{
    void *object;
    if (!current->fpu) {
        err_t error = pool_take(&fpu_states, process_account(current->process), &object);
        if (error == (err_t)ERR_PARKED)
            current->run_again = false; /* an instruction is tried again, not a call */
        if (error != OK)
            return error == (err_t)ERR_PARKED ? COPY_PARKED : COPY_ERROR;
        current->fpu = object;
    }
    *state = current->fpu;
    return COPY_AGAIN;
}
