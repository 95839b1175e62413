/* Calls about the caller's own address space. */
#include "kernel/syscall/calls.h"

static err_t range_of(const struct thread *thread, struct page_range *range)
{
    return page_range_make(thread->context.ebx, thread->context.edx, range);
}

/* A range to be changed, and the space that it lies in; no other thread changes one of that process now. */
static err_t range_enter(struct thread *thread, struct page_range *range, struct space **space)
{
    TRY(range_of(thread, range));
    TRY(process_range_enter(thread->process));
    return thread_space_use(thread, *range, space);
}

/* Parked with a part of it done, the thread keeps the others of its process off the range. */
static err_t range_leave(struct thread *thread, err_t error)
{
    struct process *process = thread->process;
    if (error == (err_t)ERR_PARKED) {
        process->range_owner = thread;
        return error;
    }
    process->range_owner = NULL;
    thread_wake_all(&process->range_waiters);
    return error;
}

static err_t range_set(struct thread *thread, struct space *space, struct page_range range, enum entry_kind kind)
{
    return range_leave(thread, pager_range_set(space, range, kind, &thread->range));
}

err_t call_vm_unmap(struct thread *thread)
{
    struct page_range range;
    struct space *space;
    TRY(range_enter(thread, &range, &space));
    return range_leave(thread, pager_range_unmap(space, range, &thread->range));
}

err_t call_vm_set(struct thread *thread)
{
    struct page_range range;
    struct space *space;
    TRY(range_enter(thread, &range, &space));
    switch (thread->context.esi) {
    case VM_NONE:
        return range_set(thread, space, range, ENTRY_NONE);
    case VM_ON_DEMAND:
        return range_set(thread, space, range, ENTRY_ON_DEMAND);
    case VM_GUARD:
        return range_set(thread, space, range, ENTRY_GUARD);
    case VM_WATCHED:
        return range_set(thread, space, range, ENTRY_WATCHED);
    case VM_NORMAL:
        return range_set(thread, space, range, ENTRY_NORMAL);
    case VM_LOCKED:
        return pager_range_lock(space, range);
    default:
        return ERR_KIND;
    }
}

/* The call has no register left for its right: the first DMA right among the process's handles. */
err_t call_vm_set_dma(struct thread *thread)
{
    struct page_range range;
    uint32_t physical;
    struct space *space;
    TRY(range_enter(thread, &range, &space));
    const struct handle_entry *dma = handle_right_any(thread->process, RIGHT_TYPE_DMA);
    if (!dma)
        return ERR_RIGHTS;
    TRY(pager_range_dma(space, range, (struct dma_wanted){thread->context.esi, dma->badge}, &physical));
    thread->context.ebx = physical;
    return OK;
}

err_t call_vm_set_special(struct thread *thread)
{
    struct page_range range;
    struct handle_entry *memory;
    struct space *space;
    const struct context *c = &thread->context;
    TRY(range_enter(thread, &range, &space));
    TRY(handle_right(thread->process, c->esi, RIGHT_TYPE_MEMORY, &memory));
    uint32_t pages = range.end.n - range.first.n, covered = (uint32_t)(uintptr_t)memory->object;
    if (c->edi % PAGE_BYTES || c->edi / PAGE_BYTES > covered || pages > covered - c->edi / PAGE_BYTES)
        return ERR_RANGE;
    return pager_range_special(space, range, (frame_t){memory->badge + c->edi / PAGE_BYTES});
}

err_t call_vm_page_out(struct thread *thread)
{
    struct page_range range;
    TRY(range_of(thread, &range));
    struct space *space;
    TRY(thread_space_use(thread, range, &space));
    return pager_range_out(space, range, &thread->range);
}

err_t call_vm_page_in(struct thread *thread)
{
    struct page_range range;
    TRY(range_of(thread, &range));
    struct space *space;
    TRY(thread_space_use(thread, range, &space));
    return pager_range_in(space, range, &thread->range);
}

err_t call_vm_space(struct thread *thread)
{
    thread->context.ebx = PAGE_BYTES; /* page 0 is NONE for ever */
    thread->context.edx = page_address(thread->process->space.process_end);
    thread->context.esi = KERNEL_SPACE;
    return OK;
}

/* Where a range ends that must not go on from process space into thread space. */
static page_t space_part_end(const struct thread *thread, struct page_range range)
{
    page_t border = thread->process->space.process_end;
    return range.first.n < border.n && border.n < range.end.n ? border : range.end;
}

/* ---- free pages: searched for in steps, from what is known already ---- */

static err_t hole_wanted(const struct context *c, struct hole_wanted *wanted)
{
    uint32_t align = c->edx ? c->edx : PAGE_BYTES;
    if (c->ebx == 0 || c->ebx % PAGE_BYTES || align % PAGE_BYTES || align & (align - 1))
        return ERR_RANGE;
    wanted->pages = c->ebx / PAGE_BYTES;
    wanted->align = align / PAGE_BYTES;
    return OK;
}

err_t call_vm_find_hole(struct thread *thread)
{
    struct context *c = &thread->context;
    struct hole_wanted wanted;
    struct page_range within, *found = &thread->found;
    TRY(hole_wanted(c, &wanted));
    TRY(page_range_make(c->esi, c->edi - c->esi, &within));
    wanted.end = space_part_end(thread, within);
    if (found->end.n == 0)
        found->first = found->end = (page_t){within.first.n ? within.first.n : 1};
    TRY(pager_directory_ready(thread_space(thread, within.first)));
    enum search search = space_find_hole(thread_space(thread, within.first), &wanted, found);
    if (search == SEARCH_GOES_ON)
        return thread_again(thread);
    found->end = (page_t){0};
    if (search == SEARCH_FAILED)
        return ERR_NO_ENTRY;
    c->ebx = page_address(found->first);
    return OK;
}

err_t call_vm_bounds(struct thread *thread)
{
    struct context *c = &thread->context;
    page_t at = address_page(c->ebx), border = thread->process->space.process_end;
    struct page_range area = {{0}, border}, *found = &thread->found;
    if (c->ebx % PAGE_BYTES || c->ebx >= KERNEL_SPACE)
        return ERR_RANGE;
    if (at.n >= border.n)
        area = (struct page_range){border, {USER_PAGES}};
    TRY(pager_directory_ready(thread_space(thread, at)));
    if (found->end.n == 0)
        *found = (struct page_range){at, {at.n + 1}};
    if (space_find_bounds(thread_space(thread, at), area, found) == SEARCH_GOES_ON)
        return thread_again(thread);
    c->ebx = page_address((page_t){found->first.n ? found->first.n - 1 : 0});
    c->edx = page_address(found->end);
    found->end = (page_t){0};
    return OK;
}

#define QUERY_RUNS 32u /* of one pass through kernel memory */

/* Runs of a space to the caller's memory. An answer stops where it was written whole: the caller goes on from there. */
static err_t query(struct thread *thread, struct space *space, struct page_range range, void __user *to, uint32_t room,
                   bool with_rights)
{
    struct vm_run runs[QUERY_RUNS];
    page_t stopped;
    uint32_t count = 0;
    if (room == 0)
        return ERR_RANGE;
    TRY(pager_directory_ready(space));
    count = space_query(space, range, runs, room < QUERY_RUNS ? room : QUERY_RUNS, &stopped);
    for (uint32_t i = 0; with_rights && i < count; i++)
        runs[i].at_directory |= space_protection(space, address_page(runs[i].start)).write ? 2u : 0u;
    TRY(copy_out(to, runs, count * (uint32_t)sizeof runs[0]));
    thread->context.ebx = count;
    return OK;
}

err_t call_vm_query(struct thread *thread)
{
    struct page_range range;
    const struct context *c = &thread->context;
    TRY(range_of(thread, &range));
    range.end = space_part_end(thread, range); /* the caller goes on from there */
    return query(thread, thread_space(thread, range.first), range, user_pointer(c->esi), c->edi, false);
}

/* By whose eyes another process is seen: thread space is its first thread's, and the caller's in its own process. */
static const struct thread *eyes(const struct thread *caller, const struct process *process)
{
    if (process == caller->process)
        return caller;
    return list_member(list_first(&process->threads), struct thread, in_process);
}

err_t call_space_query(struct thread *thread)
{
    const struct context *c = &thread->context;
    struct process *process = process_find(c->ebx);
    if (!process || c->edx % PAGE_BYTES || c->edx >= KERNEL_SPACE)
        return process ? ERR_RANGE : ERR_NO_ENTRY;
    page_t first = address_page(c->edx);
    struct space *space = thread_space(eyes(thread, process), first);
    struct page_range area = {first, space_area_end(space, first)}; /* no run is rw and ro */
    return query(thread, space, area, user_pointer(c->esi), c->edi, true);
}

static void where_is(pte_t entry, struct entry_info *info)
{
    enum entry_kind kind = pte_kind(entry);
    if (pte_present(entry) || kind == ENTRY_TRANSIT)
        info->frame = pte_frame(entry).n;
    if (kind_is_swapped(kind))
        info->block = pte_block(entry).n;
}

err_t call_entry_query(struct thread *thread)
{
    const struct context *c = &thread->context;
    struct process *process = process_find(c->ebx);
    bool at_directory;
    if (!process || c->edx >= KERNEL_SPACE)
        return process ? ERR_RANGE : ERR_NO_ENTRY;
    page_t page = address_page(c->edx);
    struct space *space = thread_space(eyes(thread, process), page);
    TRY(pager_directory_ready(space));
    pde_t pde = space_directory_entry(space, page);
    pte_t entry = space_entry(space, page, &at_directory);
    enum entry_kind kind = pte_kind(entry);
    struct entry_info info = {.pde = pde.w,
                              .pte = at_directory ? ENTRY_INFO_NONE : entry.w,
                              .pde_kind = pde_kind(pde),
                              .kind = kind,
                              .frame = ENTRY_INFO_NONE,
                              .block = ENTRY_INFO_NONE};
    where_is(kind == ENTRY_LENT ? pager_lent_page(entry) : entry, &info);
    return copy_out(user_pointer(c->esi), &info, sizeof info);
}
