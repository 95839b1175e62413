/* The page item of a message: which pages it grants, maps or copies, and where they land. The pager
 * does it. */
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"

/* The message itself travels through these pages. */
static bool range_holds_buffer(const struct space *space, struct page_range range, const struct thread *thread)
{
    return space == thread_space(thread, thread->buffer) && range.first.n <= thread->buffer.n &&
           thread->buffer.n < range.end.n;
}

static bool pass_meets_buffer(const struct page_pass *pass, struct page_range landing, const struct thread *thread)
{
    return range_holds_buffer(pass->from, pass->pages, thread) || range_holds_buffer(pass->to, landing, thread);
}

/* In the window, or in answer to a fault, from the page of the access up. */
static err_t landing_find(const struct thread *receiver, uint32_t pages, struct page_range *landing)
{
    if (receiver->wait == WAIT_HANDLER)
        return page_range_make(receiver->fault.address & ~(PAGE_BYTES - 1), pages * PAGE_BYTES, landing);
    const struct page_range window = receiver->process->window;
    if (window.first.n == window.end.n)
        return ERR_NO_ENTRY;
    if (pages > window.end.n - window.first.n)
        return ERR_TOO_LONG;
    *landing = (struct page_range){window.first, {window.first.n + pages}};
    return OK;
}

err_t item_prepare(struct thread *sender, struct thread *receiver, const struct page_item *item, struct page_pass *pass)
{
    struct page_range landing;
    struct page_pass g = {.how = item->how, .writable = item->writable != 0};
    if (item->how != PAGE_GRANT && item->how != PAGE_MAP && item->how != PAGE_COPY)
        return ERR_KIND;
    TRY(page_range_make(item->start, item->bytes, &g.pages));
    TRY(landing_find(receiver, g.pages.end.n - g.pages.first.n, &landing));
    g.at = landing.first;
    TRY(thread_space_use(sender, g.pages, &g.from));
    TRY(thread_space_use(receiver, landing, &g.to));
    bool travels = receiver->wait != WAIT_HANDLER; /* which has no part in its fault's answer */
    if (pass_meets_buffer(&g, landing, sender) || (travels && pass_meets_buffer(&g, landing, receiver)))
        return ERR_KIND;
    TRY(process_range_enter(sender->process));
    TRY(process_range_enter(receiver->process));
    TRY(pager_pass_prepare(&g));
    *pass = g;
    return OK;
}

struct page_item item_landed(const struct page_pass *pass)
{
    if (!pass->to)
        return (struct page_item){.how = PAGE_NOTHING};
    return (struct page_item){.start = page_address(pass->at),
                              .bytes = (pass->pages.end.n - pass->pages.first.n) * PAGE_BYTES,
                              .how = pass->how,
                              .writable = pass->writable};
}
