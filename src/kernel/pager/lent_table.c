/* Page tables that were out, and the nodes that they name. A node that was revoked meanwhile is dead: it keeps its number
 * as long as an entry says it. */
#include "kernel/pager/lent.h"

static void node_bury(struct space *space, node_t node)
{
    lend_bury(node);
    node_goes(space);
}

void lent_table_back(struct space *space, page_t first)
{
    const pte_t *entries = space_table(space, first);
    for (uint32_t i = 0; i < TABLE_ENTRIES && space->nodes; i++) {
        if (pte_kind(entries[i]) != ENTRY_LENT || !lend_is_dead((node_t){pte_node(entries[i])}))
            continue;
        pte_t was = page_exchange(space, (page_t){first.n + i}, pte_none());
        node_bury(space, (node_t){pte_node(was)});
    }
}

static bool lies_in(node_t node, const struct space *space, page_t first)
{
    struct lend_place place = lend_place(node);
    return place.space == space->id && page_same(table_first(place.page), first);
}

/* All slots are looked at: nothing else says which. As rare as disks fail. */
void lent_table_lost(struct space *space, page_t first)
{
    for (node_t node = {0}; node.n < lend_slots() && space->nodes; node.n++) {
        if (!lend_is_node(node) || !lies_in(node, space, first))
            continue;
        if (lend_is_dead(node))
            node_bury(space, node);
        else
            lent_leave(space, node, pte_lent(node.n));
    }
}

#define STEP_SLOTS 4096u
#define STEP_PLACES 1024u

/* All slots are looked at, in steps: nothing else says which, without reading the tables. */
bool lent_space_ends(struct space *space)
{
    uint32_t most = STEP_PLACES;
    for (uint32_t looks = 0; space->nodes && space->nodes_seen < lend_slots(); looks++) {
        node_t node = {space->nodes_seen};
        bool is_its =
            lend_is_node(node) && !lend_is_dead(node) && lend_place(node).space == space->id && !node_is_here(node);
        if (looks == STEP_SLOTS || (is_its && !lent_die(node, &most)))
            return false;
        space->nodes_seen++;
    }
    return true;
}
