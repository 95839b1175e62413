/* Threads' own spaces: made when thread space is first used, freed in bounded steps when the thread has ended. */
#include "kernel/pager/pager.h"
#include "kernel/task/pool.h"
#include "kernel/task/task.h"

struct thread_space {
    struct space space;
    struct process *process; /* a reference */
    struct reaped reaped;
};
static struct pool thread_spaces = POOL_OF(thread_spaces, struct thread_space);

static bool is_thread_space(const struct thread *thread, page_t page)
{
    return page.n >= thread->process->space.process_end.n;
}

struct space *thread_space(const struct thread *thread, page_t page)
{
    return thread->own && is_thread_space(thread, page) ? &thread->own->space : &thread->process->space;
}

static struct space *space_of(const struct thread *thread)
{
    return thread->own ? &thread->own->space : &thread->process->space;
}

bool thread_space_is_here(const struct thread *thread) { return space_is_here(space_of(thread)); }
err_t thread_space_ready(const struct thread *thread) { return pager_directory_ready(space_of(thread)); }
void thread_space_load(struct thread *thread) { space_load(space_of(thread)); }

static err_t own_make(struct thread *thread)
{
    void *object;
    struct account *account = process_account(thread->process);
    TRY(pool_take(&thread_spaces, account, &object));
    struct thread_space *own = object;
    err_t error = pager_space_open_own(&own->space, &thread->process->space);
    if (error != OK) {
        pool_return(&thread_spaces, account, own);
        return error;
    }
    own->process = thread->process;
    own->process->references++;
    thread->own = own;
    if (thread == current)
        thread_space_load(thread);
    return OK;
}

err_t thread_space_use(struct thread *thread, struct page_range range, struct space **space)
{
    bool begins = is_thread_space(thread, range.first), ends = is_thread_space(thread, (page_t){range.end.n - 1});
    if (begins != ends)
        return ERR_RANGE;
    if (begins && !thread->own)
        TRY(own_make(thread));
    *space = thread_space(thread, range.first);
    return pager_directory_ready(*space);
}

err_t thread_resolve(struct thread *thread, page_t page, enum access access)
{
    if (page.n >= USER_PAGES)
        return ERR_FAULT;
    /* What nobody has marked is free, unless touching it allocates. */
    if (is_thread_space(thread, page) && !thread->own && thread->process->space.allocate_by_default)
        TRY(own_make(thread));
    TRY(pager_resolve(thread_space(thread, page), page, access));
    if (thread->own && !is_thread_space(thread, page))
        space_see_master(&thread->own->space, page);
    return OK;
}

static void own_gone(struct reaped *reaped)
{
    struct thread_space *own = list_member(reaped, struct thread_space, reaped);
    struct process *process = own->process;
    pager_space_close(&own->space);
    pool_return(&thread_spaces, process_account(process), own);
    process_release(process);
}

void thread_space_gone(struct thread *thread)
{
    struct thread_space *own = thread->own;
    if (!own)
        return;
    thread->own = NULL;
    own->reaped = (struct reaped){.space = &own->space, .next = own->space.process_end, .gone = own_gone};
    reaper_add(&own->reaped);
}

struct space_count process_pages(const struct process *process)
{
    struct space_count pages = {process->space.resident, process->space.swapped};
    list_for_each(at, &process->threads)
    {
        const struct thread *thread = list_member(at, struct thread, in_process);
        pages.resident += thread->own ? thread->own->space.resident : 0;
        pages.swapped += thread->own ? thread->own->space.swapped : 0;
    }
    return pages;
}
