/* Free pages: the first hole of a size, and all that are free around a page.
 *
 * Both know a run of free pages, and look at what is next to it. A hole may lie across tables. Where the hint of a table
 * says that no run in it is long enough, only its first and its last free pages are looked at. */
#include "kernel/arch/x86/paging.h"
#include "kernel/linear/inside.h"

struct part { /* of one page table: entries at … end - 1 */
    const pte_t *table;
    page_t first; /* the page of its entry 0 */
    uint32_t at, end;
};

static page_t table_first(page_t page) { return (page_t){page.n - page_table_index(page)}; }
static bool is_none(pte_t entry) { return pte_same(entry, pte_none()); }
static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static uint32_t none_from(const pte_t *table, uint32_t at, uint32_t end)
{
    return at < end && is_none(table[at]) ? entries_same(&table[at].w, end - at) : 0;
}

static uint32_t none_below(const pte_t *table, uint32_t at, uint32_t first)
{
    uint32_t low = at;
    while (low > first && is_none(table[low - 1]))
        low--;
    return at - low;
}

/* ---- the first hole ---- */

static page_t hole_start(const struct hole_wanted *wanted, struct page_range free)
{
    return (page_t){(free.first.n + wanted->align - 1) & ~(wanted->align - 1)};
}

/* How many more pages must be free behind these. 0: they hold a hole. */
static uint32_t missing(const struct hole_wanted *wanted, struct page_range free)
{
    uint32_t end = hole_start(wanted, free).n + wanted->pages;
    return end > free.end.n ? end - free.end.n : 0;
}

/* No run in it is long enough: it ends a hole that began before, or may begin the next. Returns what was looked at. */
static uint32_t edges_look(const struct part *p, uint32_t more, struct page_range *free)
{
    uint32_t n = none_from(p->table, p->at, least(p->end, p->at + more)), used = p->at + n;
    free->end.n += n;
    if (n == more || used == p->end)
        return n + 1;
    uint32_t last = none_below(p->table, p->end, used);
    *free = (struct page_range){{p->first.n + p->end - last}, {p->first.n + p->end}};
    return n + last + 1;
}

/* Run by run. Returns the longest that was seen. */
static uint32_t runs_look(const struct part *p, const struct hole_wanted *wanted, struct page_range *free)
{
    uint32_t at = p->at, longest = 0;
    for (;;) {
        uint32_t more = missing(wanted, *free), n = none_from(p->table, at, least(p->end, at + more));
        longest = n > longest ? n : longest;
        free->end.n += n;
        at += n;
        if (n == more || at == p->end)
            return longest;
        while (at < p->end && !is_none(p->table[at]))
            at++;
        *free = (struct page_range){{p->first.n + at}, {p->first.n + at}};
    }
}

static uint32_t table_look(struct space *space, const struct hole_wanted *wanted, struct page_range *free, pde_t pde)
{
    page_t first = table_first(free->end);
    const struct part part = {frame_pointer(pde_frame(pde)), first, page_table_index(free->end),
                              least(TABLE_ENTRIES, wanted->end.n - first.n)};
    if (wanted->pages >= TABLE_ENTRIES || wanted->pages > hint_pages(pde_hint(pde)))
        return edges_look(&part, missing(wanted, *free), free);
    uint32_t longest = runs_look(&part, wanted, free);
    if (part.at == 0 && free->end.n == first.n + TABLE_ENTRIES)
        space_hint_store(space, first, hint_for(longest)); /* all of it was seen */
    return free->end.n - first.n - part.at;
}

/* Pages of which the directory says all. */
static uint32_t directory_look(const struct space *space, const struct hole_wanted *wanted, struct page_range *free,
                               pde_t pde)
{
    bool none = pde_same(pde, pde_none());
    const page_t end = {none ? free->end.n + missing(wanted, *free) : wanted->end.n};
    free->end = space_stretch(space, (struct page_range){free->end, end}).end;
    if (!none)
        free->first = free->end;
    return 1;
}

enum search space_find_hole(struct space *space, const struct hole_wanted *wanted, struct page_range *free)
{
    for (uint32_t looked = 0; looked < SEARCH_BOUND;) {
        uint32_t more = missing(wanted, *free);
        if (free->end.n + more > wanted->end.n)
            return SEARCH_FAILED;
        if (more == 0) {
            free->first = hole_start(wanted, *free);
            return SEARCH_FOUND;
        }
        pde_t pde = space_directory_entry(space, free->end);
        looked += pde_is_table(pde) ? table_look(space, wanted, free, pde) : directory_look(space, wanted, free, pde);
    }
    return SEARCH_GOES_ON;
}

/* ---- what is free around a page ---- */

/* From a page up, and from below one down: as far as a table or the directory says it at once. Costs are added. */
static uint32_t free_from(const struct space *space, page_t page, page_t end, uint32_t *looked)
{
    struct stretch s = space_stretch(space, (struct page_range){page, end});
    *looked += s.at_directory ? 1 : s.end.n - page.n;
    return is_none(s.entry) ? s.end.n - page.n : 0;
}

static uint32_t free_below(const struct space *space, page_t page, uint32_t *looked)
{
    const page_t last = {page.n - 1};
    uint32_t below = page_table_index(last) + 1;
    pde_t pde = space_directory_entry(space, last);
    *looked += 1;
    if (!pde_is_table(pde))
        return pde_same(pde, pde_none()) ? below : 0;
    below = none_below(frame_pointer(pde_frame(pde)), below, 0);
    *looked += below;
    return below;
}

enum search space_find_bounds(const struct space *space, struct page_range area, struct page_range *free)
{
    uint32_t looked = 0, n = 1;
    while (n > 0 && free->end.n < area.end.n && looked < SEARCH_BOUND) {
        n = free_from(space, free->end, area.end, &looked);
        free->end.n += n;
    }
    n = free->end.n - free->first.n;
    while (n > 0 && free->first.n > area.first.n && looked < SEARCH_BOUND) {
        n = free_below(space, free->first, &looked);
        free->first.n -= n;
    }
    return looked < SEARCH_BOUND ? SEARCH_FOUND : SEARCH_GOES_ON;
}

/* ---- the hints ---- */

bool space_hint_holds(const struct space *space, page_t page)
{
    const pte_t *table = space_table(space, page);
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        run = is_none(table[i]) ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest <= hint_pages(pde_hint(space_directory_entry(space, page)));
}
