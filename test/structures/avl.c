#include "avl.h"

static uint32_t height(const struct avl_node *top) { return top ? top->height : 0; }

static void update(const struct avl_tree *tree, struct avl_node *top)
{
    uint32_t below = height(top->child[0]), above = height(top->child[1]);
    top->height = 1 + (below > above ? below : above);
    if (tree->changed)
        tree->changed(top);
}

/* The child on that side comes to the top. */
static struct avl_node *rotate(const struct avl_tree *tree, struct avl_node *top, unsigned side)
{
    struct avl_node *up = top->child[side];
    top->child[side] = up->child[!side];
    up->child[!side] = top;
    update(tree, top);
    update(tree, up);
    return up;
}

static struct avl_node *balance(const struct avl_tree *tree, struct avl_node *top)
{
    unsigned side = height(top->child[1]) > height(top->child[0]);
    struct avl_node *deep = top->child[side];
    if (height(deep) <= height(top->child[!side]) + 1) {
        update(tree, top);
        return top;
    }
    if (height(deep->child[!side]) > height(deep->child[side]))
        top->child[side] = rotate(tree, deep, !side);
    return rotate(tree, top, side);
}

static struct avl_node *put(const struct avl_tree *tree, struct avl_node *top, struct avl_node *node)
{
    if (!top) {
        update(tree, node);
        return node;
    }
    unsigned side = node->region.first.n > top->region.first.n;
    top->child[side] = put(tree, top->child[side], node);
    return balance(tree, top);
}

void avl_insert(struct avl_tree *tree, struct avl_node *node)
{
    node->child[0] = node->child[1] = NULL;
    tree->root = put(tree, tree->root, node);
}

/* Takes the lowest node out of a subtree. */
static struct avl_node *take_lowest(const struct avl_tree *tree, struct avl_node *top, struct avl_node **lowest)
{
    if (!top->child[0]) {
        *lowest = top;
        return top->child[1];
    }
    top->child[0] = take_lowest(tree, top->child[0], lowest);
    return balance(tree, top);
}

/* What stands in the place of a node that goes. */
static struct avl_node *without(const struct avl_tree *tree, struct avl_node *top)
{
    if (!top->child[0] || !top->child[1])
        return top->child[!top->child[0]];
    struct avl_node *next, *above = take_lowest(tree, top->child[1], &next);
    next->child[0] = top->child[0];
    next->child[1] = above;
    return balance(tree, next);
}

static struct avl_node *take(const struct avl_tree *tree, struct avl_node *top, page_t first, struct avl_node **taken)
{
    assert(top);
    if (page_same(top->region.first, first)) {
        *taken = top;
        return without(tree, top);
    }
    unsigned side = first.n > top->region.first.n;
    top->child[side] = take(tree, top->child[side], first, taken);
    return balance(tree, top);
}

struct avl_node *avl_remove(struct avl_tree *tree, page_t first)
{
    struct avl_node *taken;
    tree->root = take(tree, tree->root, first, &taken);
    return taken;
}

struct avl_node *avl_at_or_below(const struct avl_tree *tree, page_t page)
{
    struct avl_node *best = NULL;
    for (struct avl_node *at = tree->root; at;) {
        bool below = at->region.first.n <= page.n;
        best = below ? at : best;
        at = at->child[below];
    }
    return best;
}

struct avl_node *avl_ends_above(const struct avl_tree *tree, page_t page)
{
    struct avl_node *best = NULL;
    for (struct avl_node *at = tree->root; at;) {
        bool above = at->region.end.n > page.n;
        best = above ? at : best;
        at = at->child[!above];
    }
    return best;
}

bool avl_hole_step(const struct avl_node *top, struct hole *hole)
{
    if (!top)
        return true;
    if (top->region.first.n > hole->at.n && !avl_hole_step(top->child[0], hole))
        return false;
    if (top->region.end.n > hole->at.n && !hole_step(hole, top->region.first, top->region.end))
        return false;
    return avl_hole_step(top->child[1], hole);
}
