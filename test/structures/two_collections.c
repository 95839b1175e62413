/* Two collections: a balanced tree of what is mapped, and one of what is free, both by address. */
#include "avl.h"
#include "memory.h"

static struct avl_tree mapped, holes;

static void add(struct avl_tree *tree, const struct region *region)
{
    struct avl_node *node = memory_take(sizeof *node);
    node->region = *region;
    avl_insert(tree, node);
}

static void drop(struct avl_tree *tree, page_t first) { memory_give(avl_remove(tree, first), sizeof(struct avl_node)); }

static void start(uint32_t most)
{
    (void)most;
    mapped = holes = (struct avl_tree){NULL, NULL};
    add(&holes, &(struct region){{0}, {USER_PAGES}, ENTRY_NONE});
}

/* The hole that all of these pages are in; NULL: not all are free. */
static struct avl_node *hole_around(page_t first, page_t end)
{
    struct avl_node *hole = avl_at_or_below(&holes, first);
    return hole && hole->region.end.n >= end.n ? hole : NULL;
}

static bool overlaps(page_t first, page_t end) { return !hole_around(first, end); }

/* What is left of the hole keeps its place in the order. */
static void hole_cut(struct avl_node *hole, page_t first, page_t end)
{
    page_t hole_end = hole->region.end;
    if (page_same(hole->region.first, first) && page_same(hole_end, end)) {
        drop(&holes, first);
    } else if (page_same(hole->region.first, first)) {
        hole->region.first = end;
    } else {
        hole->region.end = first;
        if (end.n < hole_end.n)
            add(&holes, &(struct region){end, hole_end, ENTRY_NONE});
    }
}

static bool insert(const struct region *region)
{
    struct avl_node *hole = hole_around(region->first, region->end);
    if (!hole)
        return false;
    hole_cut(hole, region->first, region->end);
    add(&mapped, region);
    return true;
}

static void remove(const struct region *region)
{
    drop(&mapped, region->first);
    struct avl_node *below = avl_at_or_below(&holes, region->first), *above = avl_at_or_below(&holes, region->end);
    bool joins_below = below && page_same(below->region.end, region->first);
    bool joins_above = above && page_same(above->region.first, region->end);
    if (joins_below) {
        below->region.end = joins_above ? above->region.end : region->end;
        if (joins_above)
            drop(&holes, region->end);
    } else if (joins_above) {
        above->region.first = region->first;
    } else {
        add(&holes, &(struct region){region->first, region->end, ENTRY_NONE});
    }
}

static enum entry_kind kind_at(page_t page)
{
    const struct avl_node *node = avl_ends_above(&mapped, page);
    return node && node->region.first.n <= page.n ? node->region.kind : ENTRY_NONE;
}

/* The first hole with enough room at or above, from the one on that ends above. */
static page_t seek(const struct avl_node *top, uint32_t pages, page_t from)
{
    if (!top)
        return NOWHERE;
    page_t at = from;
    if (top->region.first.n > from.n) {
        at = seek(top->child[0], pages, from);
        if (at.n < USER_PAGES)
            return at;
        at = top->region.first;
    }
    return at.n + pages <= top->region.end.n ? at : seek(top->child[1], pages, from);
}

static page_t find_hole(uint32_t pages, page_t from) { return seek(holes.root, pages, from); }

const struct structure two_collections = {"two collections", start, insert, remove, kind_at, overlaps, find_hole, NULL};
