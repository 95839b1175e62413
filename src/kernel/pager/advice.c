/* What a program asks of its pages: that they go out now, or come in ahead. In bounded steps. */
#include "kernel/pager/inside.h"

#define STEP_PAGES 1024u

/* The next that may have pages. */
static page_t page_after(const struct space *space, page_t page)
{
    page_t next = {page.n + 1};
    return space_table(space, page) ? next : table_end(page);
}

err_t pager_range_out(struct space *space, struct page_range range, struct range_progress *progress)
{
    page_t page = progress->next.n ? progress->next : range.first;
    for (uint32_t looked = 0; page.n < range.end.n; looked++) {
        progress->next = page;
        if (looked == STEP_PAGES)
            return thread_again(current);
        pte_t entry = space_table(space, page) ? space_entry(space, page, NULL) : pte_none();
        if (kind_may_go(pte_kind(entry)))
            page_out(pte_frame(entry));
        page = page_after(space, page);
    }
    progress->next.n = 0;
    return OK;
}

static err_t page_in(struct space *space, page_t page)
{
    TRY(pager_table_ready(space, page));
    enum entry_kind kind = pte_kind(space_entry(space, page, NULL));
    return kind_is_swapped(kind) || kind == ENTRY_TRANSIT || kind == ENTRY_LENT || kind == ENTRY_FILE_OUT
               ? pager_resolve(space, page, ACCESS_READ)
               : OK;
}

err_t pager_range_in(struct space *space, struct page_range range, struct range_progress *progress)
{
    page_t page = progress->next.n ? progress->next : range.first;
    for (uint32_t looked = 0; page.n < range.end.n; looked++) {
        progress->next = page;
        err_t error = looked == STEP_PAGES ? thread_again(current) : page_in(space, page);
        if (error != OK && error != (err_t)ERR_PARKED)
            progress->next.n = 0;
        TRY(error);
        page = page_after(space, page);
    }
    progress->next.n = 0;
    return OK;
}
