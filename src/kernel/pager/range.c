/* Operations on ranges: everything is checked and prepared first, then applied in steps that cannot fail. */
#include "common/string.h"
#include "kernel/pager/inside.h"

#define STEP_ENTRIES 1024u /* of one step; a whole page-directory entry counts as one */

static page_t table_first(page_t page) { return (page_t){page.n - page_table_index(page)}; }
static page_t table_end(page_t page) { return (page_t){table_first(page).n + TABLE_ENTRIES}; }
static bool covers_table(struct page_range range, page_t page)
{
    return table_first(page).n >= range.first.n && table_end(page).n <= range.end.n;
}

/* A table or a directory's promise of 4 MiB is charged as one page. */
static bool pde_is_charged(pde_t pde)
{
    enum entry_kind kind = pde_kind(pde);
    return kind == ENTRY_TABLE || kind == ENTRY_ON_DEMAND;
}

err_t pager_table_make(struct space *space, page_t page)
{
    frame_t frame;
    bool charged = pde_is_charged(space_directory_entry(space, page));
    if (!charged)
        TRY(pager_charge(space, 1));
    err_t error = pager_frame_get(FRAME_USE_LOW, FRAME_TABLE, &frame, false);
    if (error == OK)
        space_table_install(space, page, frame);
    else if (!charged)
        pager_refund(space, 1);
    return error;
}

/* ---- NONE, ON_DEMAND, GUARD ---- */

/* SPECIAL and DMA can be set to NONE only; pages of a request in flight belong to its completion. */
static bool can_become(enum entry_kind is, enum entry_kind kind)
{
    if (is == ENTRY_SHARED)
        return false;
    return kind == ENTRY_NONE || (is != ENTRY_SPECIAL && is != ENTRY_DMA);
}

static err_t kinds_check(const struct space *space, struct page_range range, enum entry_kind kind)
{
    for (page_t page = range.first; page.n < range.end.n;) {
        bool at_directory;
        if (!can_become(pte_kind(space_entry(space, page, &at_directory)), kind))
            return ERR_KIND;
        page = at_directory ? table_end(page) : (page_t){page.n + 1};
    }
    return OK;
}

static err_t edge_prepare(struct space *space, struct page_range range, page_t page, enum entry_kind kind)
{
    pde_t pde = space_directory_entry(space, page);
    if (covers_table(range, page) || pde_is_table(pde) || pte_kind(pde_as_table_entries(pde)) == kind)
        return OK;
    return pager_table_make(space, page);
}

static err_t range_charge(struct space *space, struct page_range range, enum entry_kind kind)
{
    if (kind != ENTRY_ON_DEMAND)
        return OK;
    uint32_t pages = range.end.n - range.first.n;
    uint32_t tables = page_directory_index((page_t){range.end.n - 1}) - page_directory_index(range.first) + 1;
    return pager_charge(space, pages - space_charged_pages(space, range) + tables - space_charged_tables(space, range));
}

err_t pager_range_prepare(struct space *space, struct page_range range, enum entry_kind kind)
{
    if (range.first.n == 0 && kind != ENTRY_NONE)
        return ERR_RANGE; /* NONE at address 0, for ever */
    TRY(kinds_check(space, range, kind));
    TRY(edge_prepare(space, range, range.first, kind));
    TRY(edge_prepare(space, range, (page_t){range.end.n - 1}, kind));
    return range_charge(space, range, kind);
}

static pte_t entry_of_kind(enum entry_kind kind)
{
    if (kind == ENTRY_NONE)
        return pte_none();
    return kind == ENTRY_GUARD ? pte_guard() : pte_on_demand();
}

void entries_set(struct space *space, page_t page, uint32_t count, enum entry_kind kind)
{
    uint32_t refund = 0;
    for (uint32_t i = 0; i < count; i++) {
        page_t at = {page.n + i};
        pte_t was = space_exchange(space, at, entry_of_kind(kind));
        refund += kind != ENTRY_ON_DEMAND && kind_is_charged(pte_kind(was));
        entry_free(space, was);
    }
    pager_refund(space, refund);
}

/* The whole 4 MiB at once: free what is there, then the directory says it. */
static uint32_t table_set(struct space *space, page_t page, enum entry_kind kind)
{
    frame_t table;
    pde_t pde = space_directory_entry(space, page);
    bool had_table = pde_is_table(pde), promise = kind == ENTRY_ON_DEMAND;
    if (had_table)
        entries_set(space, page, TABLE_ENTRIES, kind);
    else if (pde_kind(pde) == ENTRY_ON_DEMAND && !promise)
        pager_refund(space, TABLE_ENTRIES);
    if (space_table_remove(space, page, kind, &table)) {
        frame_return(table);
        memory_freed();
    }
    if (pde_is_charged(pde) && !promise)
        pager_refund(space, 1);
    return had_table ? TABLE_ENTRIES : 1;
}

void pager_range_step(struct space *space, struct page_range range, enum entry_kind kind, page_t *next)
{
    page_t page = *next;
    for (uint32_t done = 0; page.n < range.end.n && done < STEP_ENTRIES;) {
        const struct page_range rest = {page, range.end};
        if (covers_table(rest, page)) {
            done += table_set(space, page, kind);
            page = table_end(page);
            continue;
        }
        uint32_t end = table_end(page).n < range.end.n ? table_end(page).n : range.end.n;
        if (space_table(space, page)) /* else the directory says this kind already: nothing was prepared */
            entries_set(space, page, end - page.n, kind);
        done += end - page.n;
        page.n = end;
    }
    *next = page.n < range.end.n ? page : (page_t){0};
}

err_t pager_range_mark(struct space *space, struct page_range range, enum entry_kind kind)
{
    TRY(pager_range_prepare(space, range, kind));
    for (page_t next = {range.first.n ? range.first.n : 1}; next.n;)
        pager_range_step(space, range, kind, &next);
    return OK;
}

/* ---- asking for eviction, and for pages ---- */

void pager_range_out(struct space *space, struct page_range range)
{
    for (page_t page = range.first; page.n < range.end.n; page.n++) {
        if (!space_table(space, page)) {
            page.n = table_end(page).n - 1;
            continue;
        }
        pte_t entry = space_entry(space, page, NULL);
        if (pte_kind(entry) == ENTRY_NORMAL)
            page_out(pte_frame(entry));
    }
}

err_t pager_range_in(struct space *space, struct page_range range)
{
    for (page_t page = range.first; page.n < range.end.n; page.n++) {
        enum entry_kind kind = pte_kind(space_entry(space, page, NULL));
        if (kind == ENTRY_SWAP || kind == ENTRY_TRANSIT)
            TRY(pager_resolve(space, page, ACCESS_READ));
    }
    return OK;
}
