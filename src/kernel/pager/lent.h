/* Lent pages, among the pager's files: lent.c keeps them in agreement, lent_fault.c carries verdicts out. */
#ifndef KERNEL_PAGER_LENT_H
#define KERNEL_PAGER_LENT_H

#include "kernel/linear/lend.h"
#include "kernel/pager/inside.h"

/* The node of an entry of that place; NODE_NONE: it is no lent page's. */
node_t lent_node(const struct space *space, page_t page, pte_t entry);
pte_t node_entry(node_t node);  /* what it says; in a table that is out, LENT */
bool node_is_here(node_t node); /* the table of its place is not out */

bool frame_is_lent(frame_t frame);
root_t lent_root(frame_t frame);                  /* => frame_is_lent */
void lent_read_begin(root_t root, frame_t frame); /* the page will be in this frame. => its root is SWAP */
void lent_name(frame_t frame, root_t root);       /* the record says so from now on */

/* Change the entry: its accessed and dirty bits go into the record, the counts follow. => node_is_here */
void lent_store(node_t node, pte_t entry);
void lent_show(node_t node);     /* what it should say now: it shows the page, or LENT */
void lent_show_tree(node_t top); /* the same of all that show the page in that tree: its rights have changed */

MUST_USE err_t lent_room_make(uint32_t slots); /* ERR_MEMORY, ERR_LIMIT, ERR_PARKED */
/* A place more, or less: the limit was asked before. */
void node_comes(struct space *space);
void node_goes(struct space *space);
/* A page's node, and if it has none, a root and a node for it. => lent_room_make(2) said OK in this kernel entry
 * => the entry is NORMAL, LOCKED, FILE, TRANSIT, SWAP, ON_DEMAND, COW, or a lent page's */
node_t lent_begin(struct space *space, page_t page);
/* The last place takes the page over: no root, no node; of a page of a server's cache also the last two. Nothing, as long
 * as there are others or its table is out. */
void lent_settle(root_t root);

/* file_viewer.c */
void viewer_to_node(frame_t frame); /* lent from now on, with a node for it. Takes 3. => it has a viewer */
void viewer_from_node(root_t root); /* the reverse: its owner's is the last node. => FILE, two places */

void lent_move(node_t node, struct space *to, page_t at); /* to another place. => NONE is there; both tables are here */

/* What was lent from this place goes, everywhere and at once, at most so many places. False: there are more. True: it
 * may have been the last place and have its node no more. */
bool lent_revoke(node_t node, uint32_t *most);
bool lent_revoke_below(node_t node, uint32_t *most); /* the same, and the place itself keeps its node */
/* revoke.c: the same of each page of a range. False: *next is where to go on */
bool lent_revoke_range(struct space *space, struct page_range range, page_t *next, uint32_t *most);
/* An entry of a lent page has been exchanged for another: its node goes, what was lent from it, and with the last
 * place the page. */
void lent_leave(struct space *space, node_t node, pte_t was);

/* A place whose table is out, in a space that ends: what was lent from it goes, and its page, at once; what its entry
 * names is dead. False: there is more to revoke. */
bool lent_die(node_t node, uint32_t *most);

/* lent_table.c: a table is back. Entries whose nodes died meanwhile are NONE, and the nodes' numbers free. */
void lent_table_back(struct space *space, page_t first);
void lent_table_lost(struct space *space, page_t first); /* it will not come back: its places go */
bool lent_space_ends(struct space *space); /* lent_die of all places in tables that are out. False: call again */

#endif
