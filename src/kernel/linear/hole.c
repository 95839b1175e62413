/* Free pages: the first hole of a size, and all that are free next to a page.
 *
 * Both know a run of free pages, and look at what is next to it. A hole may lie across tables. Where the hint of a table
 * says that no run in it is long enough, only its first and its last free pages are looked at; where it does not, and
 * there is none, the hint is made to say so. */
#include "kernel/linear/inside.h"

struct part { /* entries at … end - 1 of a table */
    const pte_t *table;
    uint32_t at, end;
    page_t first; /* the page of entry 0 */
};

#define RUN_MOST (TABLE_ENTRIES / 2) /* longer ones are not told apart by hints */

static bool is_none(pte_t entry) { return pte_same(entry, pte_none()); }
static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t most(uint32_t a, uint32_t b) { return a > b ? a : b; }

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

/* The last `length` entries before `at` are free. */
static struct page_range run_before(const struct part *p, uint32_t at, uint32_t length)
{
    return (struct page_range){{p->first.n + at - length}, {p->first.n + at}};
}

/* The first of so many free entries in a row, from `at` on; `end`: there are none. A used entry rules out every place that
 * it lies in, so that the last entry of a place is looked at first. */
static uint32_t run_find(const pte_t *table, uint32_t at, uint32_t end, uint32_t pages)
{
    for (uint32_t known = at; at + pages <= end;) { /* at … known - 1 are free */
        uint32_t top = at + pages, n = none_below(table, top, known);
        if (n == top - known)
            return at;
        at = top - n;
        known = top;
    }
    return end;
}

/* Runs of so many pages, until one holds a hole, or reaches the end, as may a shorter one. False: there was none. */
static bool runs_look(const struct part *p, uint32_t pages, const struct hole_wanted *wanted, struct page_range *free)
{
    bool any = false;
    for (uint32_t at = p->at; (at = run_find(p->table, at, p->end, pages)) < p->end; any = true) {
        *free = (struct page_range){{p->first.n + at}, {p->first.n + at + pages}};
        uint32_t n = none_from(p->table, at + pages, least(p->end, at + pages + missing(wanted, *free)));
        free->end.n += n;
        at += pages + n;
        if (at == p->end || missing(wanted, *free) == 0)
            return true;
    }
    *free = run_before(p, p->end, none_below(p->table, p->end, p->at));
    return any;
}

/* One table, or the part of it that is searched. Returns what was looked at. */
static uint32_t table_look(const struct hole_wanted *wanted, struct page_range *free, pde_t *pde)
{
    struct part p = {table_of(*pde), page_table_index(free->end), TABLE_ENTRIES, free->end};
    uint32_t from = p.at, before = 0, pages = least(wanted->pages, RUN_MOST);
    p.first.n -= from;
    p.end = least(p.end, wanted->end.n - p.first.n);
    if (free->first.n < free->end.n) { /* a hole that began before may go on */
        before = none_from(p.table, from, least(p.end, from + missing(wanted, *free)));
        p.at += before;
        free->end.n += before;
        if (p.at == p.end || missing(wanted, *free) == 0)
            return before + 1;
    }
    if (pages > hint_pages(pde_hint(*pde)))
        *free = run_before(&p, p.end, none_below(p.table, p.end, p.at));
    else if (!runs_look(&p, pages, wanted, free) && from == 0 && p.end == TABLE_ENTRIES && before < pages)
        pde_hint_store(pde, hint_for(pages - 1));
    return free->end.n - p.first.n - from;
}

/* Whole tables in a row, with nothing inside that is long enough: it only counts how each begins and ends, and not even
 * that where the hints of both sides together rule a hole out. Stops where one may go on into the next table. Returns what
 * was looked at: 0, if nothing was passed. */
static __attribute__((noinline)) uint32_t tables_pass(const pde_t *directory, const struct hole_wanted *wanted,
                                                      struct page_range *free)
{
    const uint32_t first = page_directory_index(free->end), end = page_directory_index(wanted->end);
    const uint32_t pages = wanted->pages, inside = least(pages, RUN_MOST);
    uint32_t i = first, before = free->end.n - free->first.n, looked = 0;
    if (page_table_index(free->end) != 0)
        return 0;
    for (; i < end && looked < SEARCH_BOUND && pde_is_table(directory[i]); i++, looked++) {
        uint32_t here = hint_pages(pde_hint(directory[i]));
        if (here >= inside)
            break;
        if (before + here >= pages && is_none(table_of(directory[i])[0])) {
            before = i > first ? none_below(table_of(directory[i - 1]), TABLE_ENTRIES, 0) : before;
            if (before + here >= pages)
                break;
            looked += before;
        }
        before = here;
    }
    if (i > first)
        before = none_below(table_of(directory[i - 1]), TABLE_ENTRIES, 0);
    *free = (struct page_range){{i * TABLE_ENTRIES - before}, {i * TABLE_ENTRIES}};
    return looked;
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
    const page_t last = {wanted->end.n - 1};
    pde_t *directory = directory_slot(space, last) - page_directory_index(last);
    for (uint32_t looked = 0; looked < SEARCH_BOUND;) {
        uint32_t more = missing(wanted, *free);
        if (free->end.n + more > wanted->end.n)
            return SEARCH_FAILED;
        if (more == 0) {
            free->first = hole_start(wanted, *free);
            return SEARCH_FOUND;
        }
        pde_t *pde = &directory[page_directory_index(free->end)];
        bool table = pde_is_table(*pde);
        uint32_t n = table ? tables_pass(directory, wanted, free) : directory_look(space, wanted, free, *pde);
        looked += n ? n : table_look(wanted, free, pde);
    }
    return SEARCH_GOES_ON;
}

/* ---- what is free next to a page ---- */

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
    below = none_below(table_of(pde), below, 0);
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
    n = 1;
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
        longest = most(longest, run);
    }
    return longest <= hint_pages(pde_hint(space_directory_entry(space, page)));
}
