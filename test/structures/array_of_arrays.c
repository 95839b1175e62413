/* An array of regions sorted by address, each with an array of its pages: a word for each, in the encoding of entries. */
#include "memory.h"
#include "structure.h"

#define FIRST_ROOM 8u

struct part {
    page_t first, end;
    pte_t *pages;
};

static struct part *parts;
static uint32_t count, room;

static void start(uint32_t most)
{
    (void)most;
    count = 0;
    room = FIRST_ROOM;
    parts = memory_take(room * (uint32_t)sizeof *parts);
}

static uint32_t pages_bytes(const struct part *part)
{
    return (part->end.n - part->first.n) * (uint32_t)sizeof *part->pages;
}

/* How many parts end at or below the page. */
static uint32_t seek(page_t page)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (parts[middle].end.n <= page.n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool overlaps(page_t first, page_t end)
{
    uint32_t at = seek(first);
    return at < count && parts[at].first.n < end.n;
}

static void grow(void)
{
    struct part *larger = memory_take(2 * room * (uint32_t)sizeof *larger);
    for (uint32_t i = 0; i < count; i++)
        larger[i] = parts[i];
    memory_give(parts, room * (uint32_t)sizeof *parts);
    parts = larger;
    room *= 2;
}

static struct part part_make(const struct region *region)
{
    struct part part = {.first = region->first, .end = region->end};
    part.pages = memory_take(pages_bytes(&part));
    for (uint32_t i = 0; i < part.end.n - part.first.n; i++)
        part.pages[i] = region->kind == ENTRY_GUARD ? pte_guard() : pte_on_demand();
    return part;
}

static bool insert(const struct region *region)
{
    uint32_t at = seek(region->first);
    if (at < count && parts[at].first.n < region->end.n)
        return false;
    if (count == room)
        grow();
    for (uint32_t i = count++; i > at; i--)
        parts[i] = parts[i - 1];
    parts[at] = part_make(region);
    return true;
}

static void remove(const struct region *region)
{
    uint32_t at = seek(region->first);
    memory_give(parts[at].pages, pages_bytes(&parts[at]));
    for (count--; at < count; at++)
        parts[at] = parts[at + 1];
}

static enum entry_kind kind_at(page_t page)
{
    uint32_t at = seek(page);
    if (at == count || parts[at].first.n > page.n)
        return ENTRY_NONE;
    return pte_kind(parts[at].pages[page.n - parts[at].first.n]);
}

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    uint32_t at = seek(from);
    while (at < count && hole_step(&hole, parts[at].first, parts[at].end))
        at++;
    return hole_found(&hole);
}

const struct structure array_of_arrays = {"array of arrays", start, insert, remove, kind_at, overlaps, find_hole, NULL};
