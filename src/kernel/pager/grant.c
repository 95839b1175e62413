/* Granting: a run of pages goes to another space, wherever each of them is: resident, on standby, being written, being
 * read, in swap, or not allocated yet. Nothing is read or copied; entry, frame record, counts and charge go over. */
#include "kernel/pager/inside.h"

static uint32_t grant_pages(const struct page_grant *g) { return g->pages.end.n - g->pages.first.n; }

static bool ranges_overlap(const struct page_grant *g)
{
    return g->from == g->to && g->at.n < g->pages.end.n && g->pages.first.n < g->at.n + grant_pages(g);
}

static err_t movable_check(const struct page_grant *g)
{
    for (page_t page = g->pages.first; page.n < g->pages.end.n; page.n++)
        if (!kind_is_movable(pte_kind(space_entry(g->from, page, NULL))))
            return ERR_KIND;
    return OK;
}

static err_t tables_make(struct space *space, page_t first, uint32_t pages)
{
    page_t end = {first.n + pages};
    for (page_t page = first; page.n < end.n; page.n = (page.n / TABLE_ENTRIES + 1) * TABLE_ENTRIES)
        if (!space_table(space, page))
            TRY(pager_table_make(space, page));
    return OK;
}

err_t pager_grant_prepare(const struct page_grant *g)
{
    uint32_t pages = grant_pages(g);
    const struct page_range landing = {g->at, {g->at.n + pages}};
    if (pages > GRANT_PAGES_MAX)
        return ERR_TOO_LONG;
    if (ranges_overlap(g) || g->at.n == 0)
        return ERR_RANGE;
    TRY(movable_check(g));
    TRY(pager_range_prepare(g->to, landing, ENTRY_NONE));
    TRY(tables_make(g->to, g->at, pages));
    return tables_make(g->from, g->pages.first, pages);
}

/* Each page of a movable kind is charged as one. */
err_t pager_grant_charge(const struct page_grant *g) { return pager_charge_move(g->from, g->to, grant_pages(g)); }

/* The frame's record and the counts of both spaces say what the entries say now. */
static void page_moved(const struct page_grant *g, page_t at, pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    if (kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_TRANSIT)
        record_name(pte_frame(entry), g->to, at);
    if (kind == ENTRY_NORMAL || kind == ENTRY_TRANSIT) {
        g->from->resident--;
        g->to->resident++;
    }
    if (kind == ENTRY_SWAP) {
        g->from->swapped--;
        g->to->swapped++;
    }
}

void pager_grant(const struct page_grant *g)
{
    uint32_t pages = grant_pages(g);
    entries_set(g->to, (struct page_range){g->at, {g->at.n + pages}}, ENTRY_NONE);
    for (uint32_t i = 0; i < pages; i++) {
        page_t at = {g->at.n + i};
        page_moved(g, at, space_move(g->from, (page_t){g->pages.first.n + i}, g->to, at));
    }
}
