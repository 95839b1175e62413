/* The balanced tree, augmented: each node knows the longest gap between the regions of its subtree. */
#include "avl.h"
#include "memory.h"

struct gap_node {
    struct avl_node avl;
    page_t low, high; /* the subtree's first page and end */
    uint32_t gap;     /* the longest between two regions of it */
};

static struct avl_tree tree;

static struct gap_node *gap_of(struct avl_node *node) { return (struct gap_node *)node; }
static uint32_t most_of(uint32_t a, uint32_t b) { return a > b ? a : b; }

static void changed(struct avl_node *top)
{
    struct gap_node *node = gap_of(top), *below = gap_of(top->child[0]), *above = gap_of(top->child[1]);
    node->low = below ? below->low : top->region.first;
    node->high = above ? above->high : top->region.end;
    node->gap = 0;
    if (below)
        node->gap = most_of(below->gap, top->region.first.n - below->high.n);
    if (above)
        node->gap = most_of(node->gap, most_of(above->gap, above->low.n - top->region.end.n));
}

static void start(uint32_t most)
{
    (void)most;
    tree = (struct avl_tree){NULL, changed};
}

static bool overlaps(page_t first, page_t end) { return avl_overlaps(&tree, first, end); }

static bool insert(const struct region *region)
{
    if (overlaps(region->first, region->end))
        return false;
    struct gap_node *node = memory_take(sizeof *node);
    node->avl.region = *region;
    avl_insert(&tree, &node->avl);
    return true;
}

static void remove(const struct region *region)
{
    memory_give(avl_remove(&tree, region->first), sizeof(struct gap_node));
}

static enum entry_kind kind_at(page_t page) { return avl_kind_at(&tree, page); }

/* Does it fit between there and the next region? */
static bool fits(struct hole *hole, page_t gap, page_t next)
{
    page_t at = gap.n > hole->at.n ? gap : hole->at;
    if (at.n + hole->pages > next.n)
        return false;
    hole->at = at;
    return true;
}

/* The first gap of the subtree that lies, as far as it is needed, at or above hole->at. */
static bool find(struct avl_node *top, struct hole *hole)
{
    struct gap_node *node = gap_of(top);
    if (!node || node->gap < hole->pages || node->high.n < hole->at.n + hole->pages)
        return false;
    struct gap_node *below = gap_of(top->child[0]), *above = gap_of(top->child[1]);
    return find(top->child[0], hole) || (below && fits(hole, below->high, top->region.first)) ||
           (above && fits(hole, top->region.end, above->low)) || find(top->child[1], hole);
}

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    const struct gap_node *root = gap_of(tree.root);
    if (root && from.n + pages > root->low.n && !find(tree.root, &hole) && root->high.n > from.n)
        hole.at = root->high;
    return hole_found(&hole);
}

const struct structure gap_tree = {"tree with gaps", start, insert, remove, kind_at, overlaps, find_hole, NULL};
