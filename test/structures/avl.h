/* A balanced binary tree of regions, ordered by address (Adelson-Velsky and Landis 1962), without parent pointers.
 * Whoever augments its nodes puts struct avl_node first in a larger one and is told when a subtree has changed. */
#ifndef AVL_H
#define AVL_H

#include "structure.h"

struct avl_node {
    struct avl_node *child[2]; /* below, above */
    uint32_t height;
    struct region region;
};

struct avl_tree {
    struct avl_node *root;
    void (*changed)(struct avl_node *top); /* the children of top are not what they were; NULL: nobody asks */
};

void avl_insert(struct avl_tree *tree, struct avl_node *node);    /* => region set; it overlaps none */
struct avl_node *avl_remove(struct avl_tree *tree, page_t first); /* => one begins there; returns it, out of the tree */

/* The region with the largest first page at or below the page; NULL: all begin above. */
struct avl_node *avl_at_or_below(const struct avl_tree *tree, page_t page);
/* The first region that ends above the page, or NULL. => regions don't overlap */
struct avl_node *avl_ends_above(const struct avl_tree *tree, page_t page);

static inline bool avl_overlaps(const struct avl_tree *tree, page_t first, page_t end)
{
    const struct avl_node *node = avl_ends_above(tree, first);
    return node && node->region.first.n < end.n;
}

static inline enum entry_kind avl_kind_at(const struct avl_tree *tree, page_t page)
{
    const struct avl_node *node = avl_ends_above(tree, page);
    return node && node->region.first.n <= page.n ? node->region.kind : ENTRY_NONE;
}

/* Goes up through the regions that end above hole->at, until one begins behind the hole. False: one did. */
bool avl_hole_step(const struct avl_node *top, struct hole *hole);

#endif
