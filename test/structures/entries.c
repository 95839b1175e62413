#include "entries.h"
#include "fake_paging.h"
#include "memory.h"

struct space entries_space;

bool transit_is_file(frame_t frame)
{
    (void)frame;
    return false; /* nothing is ever in flight here */
}

static frame_t table_take(void)
{
    const uint8_t *at = memory_take(PAGE_BYTES);
    return (frame_t){(uint32_t)(at - memory_base()) / PAGE_BYTES};
}

static void table_give(frame_t frame) { memory_give(frame_pointer(frame), PAGE_BYTES); }

void entries_start(uint32_t most)
{
    (void)most;
    fake_paging_start(memory_base(), MEMORY_BYTES / PAGE_BYTES);
    space_start(&entries_space, table_take(), 1);
}

/* ---- setting a range: a part of 4 MiB needs a table, a whole is said by the directory ---- */

static page_t table_first(page_t page) { return (page_t){page.n - page_table_index(page)}; }

/* A table all of whose entries have become the same word says nothing that the directory could not say. */
static void collapse(page_t page)
{
    const pte_t *table = space_table(&entries_space, page);
    frame_t frame;
    if (table && entries_same(&table->w, TABLE_ENTRIES) == TABLE_ENTRIES &&
        space_table_remove(&entries_space, table_first(page), pte_kind(*table), &frame))
        table_give(frame);
}

static void set_part(page_t first, page_t end, enum entry_kind kind)
{
    if (!space_table(&entries_space, first))
        space_table_install(&entries_space, first, table_take());
    space_fill(&entries_space, (struct page_range){first, end}, kind);
    collapse(first);
}

static void set_whole(page_t first, enum entry_kind kind)
{
    frame_t frame;
    if (space_table_remove(&entries_space, first, kind, &frame))
        table_give(frame);
}

void entries_set_range(page_t first, page_t end, enum entry_kind kind)
{
    for (page_t page = first; page.n < end.n;) {
        page_t next = {table_first(page).n + TABLE_ENTRIES};
        if (next.n > end.n)
            next = end;
        if (next.n - page.n == TABLE_ENTRIES)
            set_whole(page, kind);
        else
            set_part(page, next, kind);
        page = next;
    }
}

/* ---- the interface ---- */

bool entries_overlap(page_t first, page_t end)
{
    struct page_range range = {first, end};
    while (range.first.n < end.n) {
        struct stretch s = space_stretch(&entries_space, range);
        if (pte_kind(s.entry) != ENTRY_NONE)
            return true;
        range.first = s.end;
    }
    return false;
}

bool entries_insert(const struct region *region)
{
    if (entries_overlap(region->first, region->end))
        return false;
    entries_set_range(region->first, region->end, region->kind);
    return true;
}

void entries_remove(const struct region *region) { entries_set_range(region->first, region->end, ENTRY_NONE); }

enum entry_kind entries_kind_at(page_t page) { return pte_kind(space_entry(&entries_space, page, NULL)); }

/* Stretch by stretch through the pages of the candidate; one that is in the way makes its end the next candidate. */
static page_t find_hole_plain(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    for (page_t page = from; page.n < hole.at.n + pages && page.n < USER_PAGES;) {
        struct stretch s = space_stretch(&entries_space, (struct page_range){page, hole_end(&hole)});
        page = s.end;
        if (pte_kind(s.entry) != ENTRY_NONE)
            hole.at = page;
    }
    return hole_found(&hole);
}

/* As vm_find_hole does: by the hints in the directory, in bounded steps. */
static page_t find_hole_by_hints(uint32_t pages, page_t from)
{
    const struct hole_wanted wanted = {pages, 1, {USER_PAGES}};
    struct page_range free = {from, from};
    enum search search;
    do
        search = space_find_hole(&entries_space, &wanted, &free);
    while (search == SEARCH_GOES_ON);
    return search == SEARCH_FOUND ? free.first : NOWHERE;
}

uint32_t entries_frames(void) { return 1 + entries_space.tables; }

const struct structure entries_plain = {"entries, every one looked at",
                                        entries_start,
                                        entries_insert,
                                        entries_remove,
                                        entries_kind_at,
                                        entries_overlap,
                                        find_hole_plain,
                                        entries_frames};
const struct structure entries_hinted = {"entries, with hints", entries_start,   entries_insert,     entries_remove,
                                         entries_kind_at,       entries_overlap, find_hole_by_hints, entries_frames};
