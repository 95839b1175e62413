/* Lending: pages with more than one entry (docs/design.md, 3). A part of linear with a header of its own.
 *
 * A page that several places show has a *root*, a word in root encoding that says where the page is, and a *node* for
 * each place. Nodes stand in trees: what one place was lent by another is its child, and goes when that one goes. A
 * copy (copy on write) is a tree of its own beside the other: as long as a root has several trees, none of its
 * places may write; the first that wants to takes its whole tree to a root of its own, with a copy of the page.
 *
 *      root ── top (its owner: NORMAL, or COW beside another tree) ── child (SHARED) ── child's child (SHARED)
 *         └── top (a copy's owner: COW)
 *
 * A page that one place shows has neither root nor node; nor has a page of a file server's cache that one place shows
 * besides the server's (kernel/pager/file_viewer.c). Both are slots of 16 bytes in one array that grows and shrinks by
 * pages, which the pager gives and takes; a slot's number is what LENT entries and records of lent frames say.
 * Pure: nothing here reads or writes an entry, knows a frame record or waits.
 * No page has more than LEND_NODES_MAX places, which bounds every walk here. */
#ifndef KERNEL_LINEAR_LEND_H
#define KERNEL_LINEAR_LEND_H

#include "common/entry.h"

#define LEND_NODES_MAX 1024u /* places of one page */
#define LEND_DEPTH_MAX 31u   /* lent onwards that many times */
#define LEND_PAGE_SLOTS 256u /* of a page that lend_grow is given */

/* clang-format off */
typedef struct { uint32_t n; } node_t;
typedef struct { uint32_t n; } root_t;
/* clang-format on */
#define NODE_NONE ((node_t){ENTRY_NODE_COUNT})
static inline bool node_same(node_t a, node_t b) { return a.n == b.n; }
static inline bool node_is_none(node_t n) { return n.n == ENTRY_NODE_COUNT; }

/* ---- room ---- */
uint32_t lend_room(void);   /* slots that are free */
bool lend_grow(void *page); /* it is theirs. False: there are as many slots as LENT can name */
void *lend_shrink(void);    /* a page of which no slot is in use: the caller's again; NULL: there is none */

/* ---- what a node and a root say ---- */
struct lend_place {
    uint32_t space;
    page_t page;
};
static inline bool lend_place_same(struct lend_place a, struct lend_place b)
{
    return a.space == b.space && page_same(a.page, b.page);
}
bool lend_is_node(node_t node);                        /* any number will do: true for those in use, and the dead */
bool lend_is_root(root_t root);                        /* any number will do */
bool lend_names(node_t node, struct lend_place place); /* this place, live or dead. => lend_is_node */
struct lend_place lend_place(node_t node);             /* the same */
bool lend_is_dead(node_t node);                        /* => lend_is_node; of the next five: it is not dead */
root_t lend_root(node_t node);
node_t lend_parent(node_t node); /* NODE_NONE: a top */
node_t lend_child(node_t node);  /* one of them; NODE_NONE: none */
node_t lend_top(node_t node);
bool lend_may_write(node_t node); /* by its own right and those of the nodes above; several trees still forbid it */

pde_t lend_word(root_t root); /* where the page is */
void lend_set_word(root_t root, pde_t word);
uint32_t lend_count(root_t root);                       /* nodes, the dead not counted */
bool lend_is_common(root_t root);                       /* it has several trees */
node_t lend_first(root_t root);                         /* every node of it: a parent comes before its children. */
node_t lend_next(node_t node);                          /* NODE_NONE: that was all */
node_t lend_tree_next(node_t node, node_t within);      /* the same of the tree below `within`, which comes first */
node_t lend_find(root_t root, struct lend_place place); /* NODE_NONE: no node of that root. A walk over all of them */

/* ---- changes. Each takes at most the room that it says ---- */
node_t lend_open(pde_t word, struct lend_place place);                   /* a root with one top: 2 */
bool lend_can_add(node_t to, bool below);                                /* neither too many nor too deep */
node_t lend_map(node_t parent, struct lend_place place, bool may_write); /* 1. => lend_can_add(parent, true) */
node_t lend_copy(node_t of, struct lend_place place); /* a top beside: 1. => lend_can_add(of, false) */
root_t lend_part(node_t top, pde_t word); /* its tree to a root of its own: 1. => its root has several trees */
void lend_move(node_t node, struct lend_place place);
/* The node goes, and its root with the last. => it has no child.
 * keeps_number: an entry that can't be reached now names it still. It is dead until lend_bury says that none does. */
void lend_drop(node_t node, bool keeps_number);
void lend_bury(node_t node); /* => dead */

/* Of the structure itself: 0, or how many links, counts and slots are wrong. Walks all slots. */
uint32_t lend_check(void);
/* Slot by slot, for the checker. */
uint32_t lend_slots(void); /* numbers below this may be in use */

#endif
