/* A static array of regions, in no order: as many places as there may ever be. An empty one is no pages of kind
 * NONE. */
#include "memory.h"
#include "structure.h"

static struct region *places;
static uint32_t count;

static void start(uint32_t most)
{
    places = memory_take(most * (uint32_t)sizeof *places);
    count = most;
    for (uint32_t i = 0; i < most; i++)
        places[i] = (struct region){.kind = ENTRY_NONE};
}

/* A region that has a page there; NULL: none has. */
static struct region *seek(page_t first, page_t end)
{
    for (uint32_t i = 0; i < count; i++)
        if (places[i].first.n < end.n && places[i].end.n > first.n)
            return &places[i];
    return NULL;
}

static bool overlaps(page_t first, page_t end) { return seek(first, end) != NULL; }

static bool insert(const struct region *region)
{
    struct region *place = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (places[i].kind == ENTRY_NONE)
            place = &places[i];
        else if (places[i].first.n < region->end.n && places[i].end.n > region->first.n)
            return false;
    }
    assert(place);
    *place = *region;
    return true;
}

static void remove(const struct region *region)
{
    *seek(region->first, region->end) = (struct region){.kind = ENTRY_NONE};
}

static enum entry_kind kind_at(page_t page)
{
    const struct region *r = seek(page, (page_t){page.n + 1});
    return r ? r->kind : ENTRY_NONE;
}

/* Every region that is in the way moves the candidate up, and then all have to be asked again. */
static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    const struct region *in_the_way;
    while ((in_the_way = seek(hole.at, (page_t){hole.at.n + pages})))
        hole.at = in_the_way->end;
    return hole_found(&hole);
}

const struct structure static_array = {"static array", start, insert, remove, kind_at, overlaps, find_hole, NULL};
