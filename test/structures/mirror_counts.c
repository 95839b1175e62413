/* An exokernel's pair: the processor's page tables, and a mirror of them that counts references: one for each page, and
 * for each table how many of its pages have any. */
#include "entries.h"
#include "memory.h"

struct mirror {
    uint32_t used;    /* pages whose count is not 0 */
    uint16_t *counts; /* TABLE_ENTRIES; NULL: none is used */
};
#define COUNTS_BYTES (TABLE_ENTRIES * (uint32_t)sizeof(uint16_t))

static struct mirror *mirrors; /* USER_DIRECTORY_ENTRIES */

static void start(uint32_t most)
{
    entries_start(most);
    mirrors = memory_take(USER_DIRECTORY_ENTRIES * (uint32_t)sizeof *mirrors);
    for (uint32_t i = 0; i < USER_DIRECTORY_ENTRIES; i++)
        mirrors[i] = (struct mirror){0, NULL};
}

static uint16_t *counts_make(void)
{
    uint16_t *counts = memory_take(COUNTS_BYTES);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
        counts[i] = 0;
    return counts;
}

static struct mirror *mirror_of(page_t page) { return &mirrors[page_directory_index(page)]; }
static page_t table_end(page_t page) { return (page_t){page.n - page_table_index(page) + TABLE_ENTRIES}; }
static page_t least(page_t a, page_t b) { return a.n < b.n ? a : b; }

static void count_up(page_t page)
{
    struct mirror *m = mirror_of(page);
    if (m->used++ == 0)
        m->counts = counts_make();
    m->counts[page_table_index(page)]++;
}

static void count_down(page_t page)
{
    struct mirror *m = mirror_of(page);
    m->counts[page_table_index(page)]--;
    if (--m->used)
        return;
    memory_give(m->counts, COUNTS_BYTES);
    m->counts = NULL;
}

/* A run of pages that are all used or all not, from one on, within its 4 MiB. */
struct run {
    page_t end;
    bool used;
};

static struct run run_at(page_t page, page_t end)
{
    const struct mirror *m = mirror_of(page);
    page_t limit = least(table_end(page), end);
    if (m->used == 0 || m->used == TABLE_ENTRIES)
        return (struct run){limit, m->used > 0};
    bool used = m->counts[page_table_index(page)] > 0;
    do
        page.n++;
    while (page.n < limit.n && (m->counts[page_table_index(page)] > 0) == used);
    return (struct run){page, used};
}

static bool overlaps(page_t first, page_t end)
{
    for (struct run run = {first, false}; run.end.n < end.n;) {
        run = run_at(run.end, end);
        if (run.used)
            return true;
    }
    return false;
}

static bool insert(const struct region *region)
{
    if (overlaps(region->first, region->end))
        return false;
    entries_set_range(region->first, region->end, region->kind);
    for (page_t page = region->first; page.n < region->end.n; page.n++)
        count_up(page);
    return true;
}

static void remove(const struct region *region)
{
    entries_set_range(region->first, region->end, ENTRY_NONE);
    for (page_t page = region->first; page.n < region->end.n; page.n++)
        count_down(page);
}

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    for (page_t page = from; page.n < hole.at.n + pages && page.n < USER_PAGES;) {
        struct run run = run_at(page, hole_end(&hole));
        page = run.end;
        if (run.used)
            hole.at = page;
    }
    return hole_found(&hole);
}

const struct structure mirror_counts = {"mirror tree of counts", start,    insert,    remove,
                                        entries_kind_at,         overlaps, find_hole, entries_frames};
