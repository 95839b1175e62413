/* Operations on ranges: everything is checked and prepared first, then applied in steps that cannot fail. */
#include "common/string.h"
#include "kernel/pager/lent.h"

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
    return kind == ENTRY_TABLE || kind == ENTRY_ON_DEMAND || kind == ENTRY_WATCHED_OUT;
}

err_t pager_table_make(struct space *space, page_t page)
{
    frame_t frame;
    bool charged = pde_is_charged(space_directory_entry(space, page));
    TRY(pager_may_touch(space));
    if (!charged)
        TRY(pager_charge(space, 1));
    err_t error = pager_frame_get(FRAME_USE_LOW, FRAME_TABLE, &frame, false);
    if (error == OK)
        space_table_install(space, page, frame);
    else if (!charged)
        pager_refund(space, 1);
    return error;
}

/* ---- NONE, ON_DEMAND, GUARD, WATCHED, NORMAL ---- */

/* Kinds that keep what a page holds; */
static bool keeps_content(enum entry_kind kind) { return kind == ENTRY_WATCHED || kind == ENTRY_NORMAL; }

/* and that are promises. */
static bool is_charged(enum entry_kind kind) { return keeps_content(kind) || kind == ENTRY_ON_DEMAND; }

/* What is said of a page that holds nothing. */
static enum entry_kind kind_of_nothing(enum entry_kind kind)
{
    if (kind == ENTRY_WATCHED)
        return ENTRY_WATCHED_OUT;
    return kind == ENTRY_NORMAL ? ENTRY_ON_DEMAND : kind;
}

/* SPECIAL and DMA can be set to NONE only; pages of a request in flight belong to its completion. */
static err_t kinds_check(const struct space *space, struct page_range range, uint32_t kinds, enum entry_kind kind)
{
    uint32_t to_none = kind_bit(ENTRY_SPECIAL) | kind_bit(ENTRY_DMA);
    if (keeps_content(kind))
        return watch_check(space, range, kinds, kind);
    if ((kinds & kind_bit(ENTRY_SHARED)) && swap_windows_lie_in(space, range))
        return ERR_KIND;
    return kind != ENTRY_NONE && (kinds & to_none) ? ERR_KIND : OK;
}

/* A part of 4 MiB is set in a table of its own, which is charged where the directory's word was not. */
static err_t edge_prepare(struct space *space, struct page_range range, page_t page, enum entry_kind kind,
                          struct survey *has)
{
    pde_t pde = space_directory_entry(space, page);
    if (covers_table(range, page) || pde_is_table(pde) || pte_kind(pde_as_table_entries(pde)) == kind_of_nothing(kind))
        return OK;
    TRY(pager_table_make(space, page));
    has->tables += !pde_is_charged(pde);
    return OK;
}

static err_t range_charge(struct space *space, struct page_range range, const struct survey *has)
{
    uint32_t pages = range.end.n - range.first.n;
    uint32_t tables = page_directory_index((page_t){range.end.n - 1}) - page_directory_index(range.first) + 1;
    return pager_charge(space, pages - has->pages + tables - has->tables);
}

err_t pager_range_prepare(struct space *space, struct page_range range, enum entry_kind kind)
{
    struct survey has = space_survey(space, range);
    TRY(kinds_check(space, range, has.kinds, kind));
    if (range.first.n == 0 && kind != ENTRY_NONE)
        return ERR_RANGE; /* NONE at address 0, for ever */
    TRY(edge_prepare(space, range, range.first, kind, &has));
    TRY(edge_prepare(space, range, (page_t){range.end.n - 1}, kind, &has));
    return is_charged(kind) ? range_charge(space, range, &has) : OK;
}

static pte_t entry_of_kind(enum entry_kind kind)
{
    if (kind == ENTRY_NONE)
        return pte_none();
    return kind == ENTRY_GUARD ? pte_guard() : pte_on_demand();
}

static bool names_nothing(enum entry_kind kind)
{
    return kind == ENTRY_NONE || kind == ENTRY_ON_DEMAND || kind == ENTRY_GUARD || kind == ENTRY_WATCHED_OUT;
}

static void page_set(struct space *space, page_t page, enum entry_kind kind)
{
    if (!keeps_content(kind)) {
        entry_free(space, page, page_exchange(space, page, entry_of_kind(kind)));
        return;
    }
    page_unlock(space, page);
    page_watch(space, page, kind == ENTRY_WATCHED);
}

void entries_set(struct space *space, struct page_range range, enum entry_kind kind)
{
    uint32_t refund = 0;
    for (page_t page = range.first; page.n < range.end.n;) {
        struct stretch s = space_stretch(space, (struct page_range){page, range.end});
        enum entry_kind was = pte_kind(s.entry);
        uint32_t pages = s.end.n - page.n;
        refund += !is_charged(kind) && entry_is_charged(s.entry) ? pages : 0;
        if (names_nothing(was))
            space_fill(space, (struct page_range){page, s.end}, kind_of_nothing(kind));
        for (; !names_nothing(was) && page.n < s.end.n; page.n++)
            page_set(space, page, kind);
        page = s.end;
    }
    pager_refund(space, refund);
}

/* A table's 4 MiB: free what is there, then the directory says it. => a kind that keeps nothing */
static void table_set(struct space *space, page_t page, enum entry_kind kind)
{
    frame_t table;
    entries_set(space, (struct page_range){page, table_end(page)}, kind);
    bool removed = space_table_remove(space, page, kind, &table);
    assert(removed);
    frame_return(table);
    memory_freed();
    if (!is_charged(kind))
        pager_refund(space, 1);
}

/* Whole 4 MiB of which the directory says all: so many are one kind and become another. */
static uint32_t directory_set(struct space *space, struct page_range range, enum entry_kind was, enum entry_kind kind)
{
    uint32_t pages = range.end.n - range.first.n, spans = pages / TABLE_ENTRIES;
    if ((was == ENTRY_ON_DEMAND || was == ENTRY_WATCHED_OUT) && !is_charged(kind))
        pager_refund(space, pages + spans);
    space_fill(space, range, kind_of_nothing(kind));
    return spans;
}

/* The next whole 4 MiB, or as many as the directory says the same of. Returns what counts towards a step. */
static uint32_t spans_set(struct space *space, page_t *page, page_t end, uint32_t most, enum entry_kind kind)
{
    struct stretch s = space_stretch(space, (struct page_range){*page, end});
    if (!s.at_directory) {
        if (keeps_content(kind))
            entries_set(space, (struct page_range){*page, table_end(*page)}, kind);
        else
            table_set(space, *page, kind);
        *page = table_end(*page);
        return TABLE_ENTRIES;
    }
    struct page_range range = {*page, s.end};
    if (s.end.n - page->n > most * TABLE_ENTRIES)
        range.end.n = page->n + most * TABLE_ENTRIES;
    *page = range.end;
    return directory_set(space, range, pte_kind(s.entry), kind);
}

static struct page_range first_table(struct page_range range)
{
    page_t end = table_end(range.first);
    return (struct page_range){range.first, end.n < range.end.n ? end : range.end};
}

void pager_range_step(struct space *space, struct page_range range, enum entry_kind kind, page_t *next)
{
    page_t page = *next;
    uint32_t places = STEP_ENTRIES;
    for (uint32_t done = 0; page.n < range.end.n && done < STEP_ENTRIES;) {
        const struct page_range rest = {page, range.end};
        page_t revoked;
        if (!keeps_content(kind) && !lent_revoke_range(space, first_table(rest), &revoked, &places))
            break; /* what was lent goes first, the page that lent it in a later step */
        if (covers_table(rest, page)) {
            done += spans_set(space, &page, table_first(range.end), STEP_ENTRIES - done, kind);
            continue;
        }
        uint32_t end = table_end(page).n < range.end.n ? table_end(page).n : range.end.n;
        if (space_table(space, page)) /* else the directory says this kind already: nothing was prepared */
            entries_set(space, (struct page_range){page, {end}}, kind);
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
        enum entry_kind kind = pte_kind(entry);
        if (kind == ENTRY_NORMAL || kind == ENTRY_WATCHED || kind == ENTRY_SHARED || kind == ENTRY_COW)
            page_out(pte_frame(entry));
    }
}

err_t pager_range_in(struct space *space, struct page_range range)
{
    for (page_t page = range.first; page.n < range.end.n; page.n++) {
        enum entry_kind kind = pte_kind(space_entry(space, page, NULL));
        if (kind_is_swapped(kind) || kind == ENTRY_TRANSIT || kind == ENTRY_LENT)
            TRY(pager_resolve(space, page, ACCESS_READ));
    }
    return OK;
}
