/* A balanced binary tree of regions. */
#include "avl.h"
#include "memory.h"

static struct avl_tree tree;

static void start(uint32_t most)
{
    (void)most;
    tree = (struct avl_tree){NULL, NULL};
}

static bool overlaps(page_t first, page_t end) { return avl_overlaps(&tree, first, end); }

static bool insert(const struct region *region)
{
    if (overlaps(region->first, region->end))
        return false;
    struct avl_node *node = memory_take(sizeof *node);
    node->region = *region;
    avl_insert(&tree, node);
    return true;
}

static void remove(const struct region *region)
{
    memory_give(avl_remove(&tree, region->first), sizeof(struct avl_node));
}

static enum entry_kind kind_at(page_t page) { return avl_kind_at(&tree, page); }

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    avl_hole_step(tree.root, &hole);
    return hole_found(&hole);
}

const struct structure balanced_tree = {"balanced tree", start, insert, remove, kind_at, overlaps, find_hole, NULL};
