/* The invariant checker's part that knows lent pages: each entry has its node, each node its entry, each root its frame
 * or block. */
#include "kernel/pager/check.h"

bool entry_is_lent(const struct space *space, page_t page, pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    if (kind == ENTRY_LENT)
        return true;
    if (kind == ENTRY_SHARED)
        return !showings_lie_in(space, (struct page_range){page, {page.n + 1}});
    if (kind == ENTRY_COW)
        return !frame_same(pte_frame(entry), zero_page);
    return (kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_FILE) && frame_is_lent(pte_frame(entry));
}

/* Of a present entry: does it show what its node and root say, with no more rights? */
static bool shows_rightly(node_t node, pte_t entry)
{
    root_t root = lend_root(node);
    pde_t word = lend_word(root);
    enum entry_kind kind = pte_kind(entry);
    bool top = node_is_none(lend_parent(node)), common = lend_is_common(root);
    bool is_file = root_kind(word) == ENTRY_FILE;
    bool kind_is_right = is_file             ? kind == ENTRY_FILE
                         : !top              ? kind == ENTRY_SHARED
                         : kind == ENTRY_COW ? root_kind(word) == ENTRY_NORMAL
                                             : kind == root_kind(word) && !common;
    return pde_present(word) && frame_same(pde_frame(word), pte_frame(entry)) && kind_is_right &&
           (!pte_writable(entry) || (lend_may_write(node) && !common));
}

void lent_entry_check(struct tally *t, const struct space *space, page_t page, pte_t entry)
{
    const struct lend_place place = {space->id, page};
    node_t node;
    if (pte_kind(entry) == ENTRY_LENT) {
        node = (node_t){pte_node(entry)};
        if (!lend_is_node(node) || lend_is_dead(node) || !lend_names(node, place))
            complain(t, space, page, entry, "its node is dead, or names another place");
        return;
    }
    if (!frame_is_lent(pte_frame(entry)) || !lend_is_root(lent_root(pte_frame(entry)))) {
        complain(t, space, page, entry, "its frame's record names no root");
        return;
    }
    node = lend_find(lent_root(pte_frame(entry)), place);
    if (node_is_none(node))
        complain(t, space, page, entry, "its frame's root has no node for it");
    else if (!shows_rightly(node, entry))
        complain(t, space, page, entry, "its node and root say something else");
}

static void node_check(struct tally *t, node_t node)
{
    struct lend_place place = lend_place(node);
    const struct space *space = pager_space_or_null(place.space);
    t->nodes--;
    if (!space) {
        log_print("check: node %u names space %u, which is none\n", node.n, place.space);
        t->report->errors++;
        return;
    }
    bool here = space_table(space, place.page) != NULL;
    if (lend_is_dead(node)) {
        if (here)
            complain(t, space, place.page, space_entry(space, place.page, NULL), "a dead node names it");
        return;
    }
    pte_t entry = here ? space_entry(space, place.page, NULL) : pte_lent(node.n);
    bool names = pte_kind(entry) == ENTRY_LENT && pte_node(entry) == node.n;
    if (!names && !(pte_present(entry) && shows_rightly(node, entry)))
        complain(t, space, place.page, entry, "a node names it, and it says something else");
}

static void root_check(struct tally *t, root_t root)
{
    pde_t word = lend_word(root);
    enum entry_kind kind = root_kind(word);
    struct lend_place place = lend_place(lend_first(root));
    const struct space *space = pager_space(place.space);
    const pte_t says = {word.w};
    if (kind == ENTRY_SWAP)
        block_check(t, space, place.page, says, pde_block(word));
    if (kind == ENTRY_SWAP || kind == ENTRY_ON_DEMAND)
        return;
    const struct frame_record *r = frame_record(pde_frame(word));
    enum frame_state state = record_state(r);
    bool agrees = kind == ENTRY_NORMAL   ? state == FRAME_MAPPED
                  : kind == ENTRY_LOCKED ? state == FRAME_LOCKED
                  : kind == ENTRY_FILE   ? file_record_agrees(r, FRAME_MAPPED) && record_becomes(r) == BECOMES_FILE
                                         : state == FRAME_STANDBY || state == FRAME_WRITING || state == FRAME_READING;
    if (!agrees || !record_has(r, FRAME_LENT) || record_page(r).n != root.n)
        complain(t, space, place.page, says, "root: its frame's record says something else");
    t->lent += kind != ENTRY_LOCKED;
    if (kind != ENTRY_LOCKED && record_has_block(r))
        block_check(t, space, place.page, says, record_block(r));
}

void lent_all_check(struct tally *t)
{
    uint32_t wrong = lend_check();
    t->report->errors += wrong;
    if (wrong) {
        log_print("check: %u links, counts or slots of lent pages are wrong\n", wrong);
        return;
    }
    for (uint32_t n = 0; n < lend_slots(); n++) {
        if (lend_is_node((node_t){n}))
            node_check(t, (node_t){n});
        else if (lend_is_root((root_t){n}))
            root_check(t, (root_t){n});
    }
    if (t->nodes != 0 && ++t->report->errors)
        log_print("check: spaces count %d nodes too many\n", (int)t->nodes);
}
