/* Free pages: the first hole of a size, and all that are free next to a page.
 *
 * Both know a run of free pages, and look at what is next to it. A hole may lie across tables. Where the hint of a table
 * says that no run in it is long enough, only its first and its last free pages are looked at. */
#include "kernel/arch/x86/paging.h"
#include "kernel/linear/inside.h"

struct part { /* entries at … end - 1 of a table */
    const pte_t *table;
    uint32_t at, end;
    page_t first; /* the page of entry 0 */
};

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

/* Run by run, up to a hole. Returns the longest run. */
static uint32_t runs_look(const struct part *p, const struct hole_wanted *wanted, struct page_range *free)
{
    uint32_t at = p->at, length = 0, longest = 0;
    for (; at < p->end; at++) {
        if (!is_none(p->table[at])) {
            longest = most(longest, length);
            length = 0;
        } else if (++length >= wanted->pages && missing(wanted, run_before(p, at + 1, length)) == 0) {
            at++;
            break;
        }
    }
    *free = run_before(p, at, length);
    return most(longest, length);
}

/* One table, or the part of it that is searched. Returns what was looked at. */
static uint32_t table_look(const struct hole_wanted *wanted, struct page_range *free, pde_t *pde)
{
    struct part p = {frame_pointer(pde_frame(*pde)), page_table_index(free->end), TABLE_ENTRIES, free->end};
    uint32_t from = p.at, before = 0;
    p.first.n -= from;
    p.end = least(p.end, wanted->end.n - p.first.n);
    if (free->first.n < free->end.n) { /* a hole that began before may go on */
        before = none_from(p.table, from, least(p.end, from + missing(wanted, *free)));
        p.at += before;
        free->end.n += before;
        if (p.at == p.end || missing(wanted, *free) == 0)
            return before + 1;
    }
    if (wanted->pages >= TABLE_ENTRIES || wanted->pages > hint_pages(pde_hint(*pde))) {
        uint32_t last = none_below(p.table, p.end, p.at);
        *free = run_before(&p, p.end, last);
        return before + last + 1;
    }
    uint32_t longest = runs_look(&p, wanted, free);
    if (from == 0 && free->end.n == p.first.n + TABLE_ENTRIES) /* all of it was seen */
        pde_hint_store(pde, hint_for(most(before, longest)));
    return free->end.n - p.first.n - from;
}

/* Many tables in a row: nothing in them is long enough and no hole goes on into them, so that only their ends count.
 * Returns what was looked at: 0, if the next is no such table. */
static uint32_t tables_pass(const pde_t *directory, const struct hole_wanted *wanted, struct page_range *free)
{
    uint32_t first = free->first.n, end = free->end.n, looked = 0;
    while (end % TABLE_ENTRIES == 0 && end + TABLE_ENTRIES <= wanted->end.n && looked < TABLE_ENTRIES) {
        pde_t pde = directory[end / TABLE_ENTRIES];
        if (!pde_is_table(pde) || wanted->pages <= hint_pages(pde_hint(pde)))
            break;
        const pte_t *table = frame_pointer(pde_frame(pde));
        if (first < end && is_none(table[0]))
            break;
        uint32_t last = none_below(table, TABLE_ENTRIES, 0);
        end += TABLE_ENTRIES;
        first = end - last;
        looked += last + 1;
    }
    *free = (struct page_range){{first}, {end}};
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
