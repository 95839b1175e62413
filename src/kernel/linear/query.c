/* Reading a range: runs of equal kind, and what commit charges for it. */
#include "kernel/linear/linear.h"

static page_t table_end(page_t page) { return (page_t){(page.n / TABLE_ENTRIES + 1) * TABLE_ENTRIES}; }
static page_t page_least(page_t a, page_t b) { return a.n < b.n ? a : b; }

struct run_writer {
    struct vm_run *runs;
    uint32_t room, count;
};

/* Appends pages to the last run, or begins one. False: no room. */
static bool run_append(struct run_writer *w, page_t page, uint32_t pages, enum vm_kind kind, uint32_t level)
{
    struct vm_run *last = w->count ? &w->runs[w->count - 1] : NULL;
    if (last && last->kind == kind && last->at_directory == level) {
        last->bytes += pages * PAGE_BYTES;
        return true;
    }
    if (w->count == w->room)
        return false;
    w->runs[w->count++] = (struct vm_run){page_address(page), pages * PAGE_BYTES, kind, level};
    return true;
}

uint32_t space_query(const struct space *space, struct page_range range, struct vm_run *runs, uint32_t room,
                     page_t *stopped)
{
    struct run_writer w = {runs, room, 0};
    page_t page = range.first;
    for (uint32_t looked = 0; page.n < range.end.n && looked < SPACE_QUERY_BOUND; looked++) {
        bool at_directory;
        enum vm_kind kind = kind_to_vm(pte_kind(space_entry(space, page, &at_directory)));
        page_t next = at_directory ? page_least(table_end(page), range.end) : (page_t){page.n + 1};
        if (!run_append(&w, page, next.n - page.n, kind, at_directory))
            break;
        page = next;
    }
    *stopped = page;
    return w.count;
}

uint32_t space_charged_pages(const struct space *space, struct page_range range)
{
    uint32_t charged = 0;
    for (page_t page = range.first; page.n < range.end.n;) {
        bool at_directory;
        bool counts = kind_is_charged(pte_kind(space_entry(space, page, &at_directory)));
        page_t next = at_directory ? page_least(table_end(page), range.end) : (page_t){page.n + 1};
        charged += counts ? next.n - page.n : 0;
        page = next;
    }
    return charged;
}

uint32_t space_charged_tables(const struct space *space, struct page_range range)
{
    uint32_t charged = 0;
    for (page_t page = range.first; page.n < range.end.n; page = table_end(page)) {
        enum entry_kind kind = pde_kind(space_directory_entry(space, page));
        charged += kind == ENTRY_TABLE || kind == ENTRY_ON_DEMAND;
    }
    return charged;
}
