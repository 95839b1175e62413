/* An array of regions sorted by address, twice as large whenever it is full: binary search, and everything above moves. */
#include "memory.h"
#include "structure.h"

#define FIRST_ROOM 8u

static struct region *regions;
static uint32_t count, room;

static void start(uint32_t most)
{
    (void)most;
    count = 0;
    room = FIRST_ROOM;
    regions = memory_take(room * (uint32_t)sizeof *regions);
}

/* How many regions end at or below the page. */
static uint32_t seek(page_t page)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (regions[middle].end.n <= page.n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool overlaps(page_t first, page_t end)
{
    uint32_t at = seek(first);
    return at < count && regions[at].first.n < end.n;
}

static void grow(void)
{
    struct region *larger = memory_take(2 * room * (uint32_t)sizeof *larger);
    for (uint32_t i = 0; i < count; i++)
        larger[i] = regions[i];
    memory_give(regions, room * (uint32_t)sizeof *regions);
    regions = larger;
    room *= 2;
}

static bool insert(const struct region *region)
{
    uint32_t at = seek(region->first);
    if (at < count && regions[at].first.n < region->end.n)
        return false;
    if (count == room)
        grow();
    for (uint32_t i = count++; i > at; i--)
        regions[i] = regions[i - 1];
    regions[at] = *region;
    return true;
}

static void remove(const struct region *region)
{
    uint32_t at = seek(region->first);
    for (count--; at < count; at++)
        regions[at] = regions[at + 1];
}

static enum entry_kind kind_at(page_t page)
{
    uint32_t at = seek(page);
    return at < count && regions[at].first.n <= page.n ? regions[at].kind : ENTRY_NONE;
}

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    uint32_t at = seek(from);
    while (at < count && hole_step(&hole, regions[at].first, regions[at].end))
        at++;
    return hole_found(&hole);
}

const struct structure sorted_array = {"sorted array", start, insert, remove, kind_at, overlaps, find_hole, NULL};
