/* Pages that several places show: their entries, records, nodes and root, kept in agreement (kernel/linear/lend.h).
 *
 * A frame that holds such a page is FRAME_LENT: its record names the root. While the page is in RAM a node's entry
 * either shows it or says LENT; while it is not, each says LENT. The node of an entry that shows a page is looked for
 * among those of its root: a walk over at most LEND_NODES_MAX. */
#include "kernel/pager/lent.h"
#include "kernel/task/account.h"

/* ---- entries ---- */

static struct space *node_space(node_t node) { return pager_space(lend_place(node).space); }

bool node_is_here(node_t node) { return space_table(node_space(node), lend_place(node).page) != NULL; }

pte_t node_entry(node_t node)
{
    return node_is_here(node) ? space_entry(node_space(node), lend_place(node).page, NULL) : pte_lent(node.n);
}

/* Of an entry of a lent page, or of one that was or becomes that: does it count as resident? */
static uint32_t is_resident(pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    bool shows = kind == ENTRY_NORMAL || kind == ENTRY_SHARED || kind == ENTRY_COW || kind == ENTRY_FILE;
    return kind == ENTRY_TRANSIT || (shows && !frame_same(pte_frame(entry), zero_page));
}

/* What an entry has noticed, before it goes. */
static void notice(pte_t was)
{
    if (!pte_present(was) || frame_same(pte_frame(was), zero_page))
        return;
    uint32_t dirty = pte_dirty(was) ? FRAME_DIRTY : 0, referenced = pte_accessed(was) ? FRAME_REFERENCED : 0;
    record_raise(frame_record(pte_frame(was)), dirty | referenced);
}

static void counts_change(struct space *space, pte_t was, pte_t entry)
{
    space->resident += is_resident(entry) - is_resident(was);
    space->swapped += (pte_kind(entry) == ENTRY_SWAP) - (uint32_t)(pte_kind(was) == ENTRY_SWAP);
}

void lent_store(node_t node, pte_t entry)
{
    struct space *space = node_space(node);
    pte_t was = page_exchange(space, lend_place(node).page, entry);
    notice(was);
    counts_change(space, was, entry);
}

/* The entry that shows the page in this place. => its root is present */
static pte_t node_shows(node_t node)
{
    root_t root = lend_root(node);
    pde_t word = lend_word(root);
    bool common = lend_is_common(root), top = node_is_none(lend_parent(node));
    struct protection p = space_protection(node_space(node), lend_place(node).page);
    p.write = p.write && lend_may_write(node) && !common;
    assert(!common || root_kind(word) == ENTRY_NORMAL);
    if (root_kind(word) == ENTRY_FILE)
        return pte_make(ENTRY_FILE, pde_frame(word), p);
    enum entry_kind kind = !top ? ENTRY_SHARED : common ? ENTRY_COW : root_kind(word);
    return pte_make(kind, pde_frame(word), p);
}

void lent_show(node_t node)
{
    lent_store(node, pde_present(lend_word(lend_root(node))) ? node_shows(node) : pte_lent(node.n));
}

void lent_show_tree(node_t top)
{
    for (node_t n = top; !node_is_none(n); n = lend_tree_next(n, top))
        if (pte_present(node_entry(n)))
            lent_show(n);
}

/* ---- records ---- */

void lent_name(frame_t frame, root_t root)
{
    struct frame_record *r = frame_record(frame);
    record_raise(r, FRAME_LENT);
    record_set_space(r, 0);
    record_set_page(r, (page_t){root.n});
    record_set_becomes(r, root_kind(lend_word(root)) == ENTRY_FILE ? BECOMES_FILE : BECOMES_NORMAL);
}

root_t lent_root(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    assert(record_has(r, FRAME_LENT));
    return (root_t){record_page(r).n};
}

bool frame_is_lent(frame_t frame) { return frame.n < frame_end() && record_has(frame_record(frame), FRAME_LENT); }

node_t lent_node(const struct space *space, page_t page, pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    if (kind == ENTRY_LENT)
        return (node_t){pte_node(entry)};
    bool may_be =
        kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_SHARED || kind == ENTRY_COW || kind == ENTRY_FILE;
    if (!may_be || !frame_is_lent(pte_frame(entry)))
        return NODE_NONE;
    node_t node = lend_find(lent_root(pte_frame(entry)), (struct lend_place){space->id, page});
    assert(!node_is_none(node) || kind == ENTRY_SHARED); /* a page in flight, shown to the swap server, has no node */
    return node;
}

/* ---- from one place to several, and back ---- */

err_t lent_room_make(uint32_t slots)
{
    while (lend_room() < slots) {
        frame_t frame;
        TRY(pager_object_frame(FRAME_KERNEL, &frame));
        if (!lend_grow(frame_pointer(frame))) {
            frame_return(frame);
            return ERR_LIMIT;
        }
    }
    return OK;
}

bool lent_room_return(void)
{
    void *page = lend_shrink();
    if (page)
        frame_return(pointer_frame(page));
    return page != NULL;
}

/* Where a page is, as its only entry says. */
static pde_t word_of(pte_t entry)
{
    switch (pte_kind(entry)) {
    case ENTRY_NORMAL:
    case ENTRY_LOCKED:
    case ENTRY_FILE:
        return root_make(pte_kind(entry), pte_frame(entry));
    case ENTRY_TRANSIT:
        return pde_transit(pte_frame(entry));
    case ENTRY_SWAP:
        return pde_swap(pte_block(entry));
    default: /* nowhere yet: promised, or the zero page */
        assert(pte_kind(entry) == ENTRY_ON_DEMAND || frame_same(pte_frame(entry), zero_page));
        return pde_on_demand();
    }
}

void node_comes(struct space *space)
{
    err_t error = account_charge(space->account, LIMIT_NODES, 1);
    assert(error == OK);
    space->nodes++;
}

void node_goes(struct space *space)
{
    account_refund(space->account, LIMIT_NODES, 1);
    space->nodes--;
}

node_t lent_begin(struct space *space, page_t page)
{
    pte_t entry = space_entry(space, page, NULL);
    node_t node = lent_node(space, page, entry);
    if (!node_is_none(node))
        return node;
    pde_t word = word_of(entry);
    node = lend_open(word, (struct lend_place){space->id, page});
    node_comes(space);
    if (pde_present(word) || root_kind(word) == ENTRY_TRANSIT)
        lent_name(pde_frame(word), lend_root(node));
    if (!pde_present(word))
        lent_show(node);
    return node;
}

/* What the entry of a page says that is nobody else's. */
static pte_t entry_of_word(pde_t word, struct protection p)
{
    switch (root_kind(word)) {
    case ENTRY_TRANSIT:
        return pte_transit(pde_frame(word));
    case ENTRY_SWAP:
        return pte_swap(pde_block(word));
    case ENTRY_ON_DEMAND:
        return pte_on_demand();
    default:
        return pte_make(root_kind(word), pde_frame(word), p);
    }
}

pte_t pager_lent_page(pte_t entry)
{
    return entry_of_word(lend_word(lend_root((node_t){pte_node(entry)})), (struct protection){.user = true});
}

void lent_settle(root_t root)
{
    node_t top = lend_first(root);
    pde_t word = lend_word(root);
    if (!node_is_here(top))
        return;
    if (lend_count(root) == 2 && root_kind(word) == ENTRY_FILE)
        viewer_from_node(root);
    if (lend_count(root) != 1)
        return;
    struct space *space = node_space(top);
    page_t page = lend_place(top).page;
    lent_store(top, entry_of_word(word, space_protection(space, page)));
    if (pde_present(word) || root_kind(word) == ENTRY_TRANSIT) {
        record_lower(frame_record(pde_frame(word)), FRAME_LENT);
        record_name(pde_frame(word), space, page);
        if (root_kind(word) == ENTRY_FILE)
            record_set_becomes(frame_record(pde_frame(word)), BECOMES_FILE);
    }
    lend_drop(top, false);
    node_goes(space);
}

void lent_move(node_t node, struct space *to, page_t at)
{
    lent_store(node, pte_none());
    node_goes(node_space(node));
    lend_move(node, (struct lend_place){to->id, at});
    node_comes(to);
    lent_show(node);
}

/* ---- a place goes ---- */

/* Nobody shows the page any more. */
static void page_free(const struct space *last, pde_t word)
{
    switch (root_kind(word)) {
    case ENTRY_NORMAL:
    case ENTRY_FILE:
    case ENTRY_TRANSIT:
        record_lower(frame_record(pde_frame(word)), FRAME_LENT);
        pager_frame_free(pde_frame(word));
        break;
    case ENTRY_LOCKED: /* by its owner, whose place is the last to go */
        pager_lock_refund(last, 1);
        frame_return(pde_frame(word));
        memory_freed();
        break;
    case ENTRY_SWAP:
        block_return(pde_block(word));
        break;
    default:
        assert(root_kind(word) == ENTRY_ON_DEMAND);
    }
}

/* => what was lent from it is gone */
static void place_leave(node_t node, bool keeps_number)
{
    const struct space *space = node_space(node);
    root_t root = lend_root(node);
    pde_t word = lend_word(root);
    bool last = lend_count(root) == 1;
    lend_drop(node, keeps_number);
    if (last)
        page_free(space, word);
    else
        lent_settle(root);
}

void lent_leave(struct space *space, node_t node, pte_t was)
{
    notice(was);
    counts_change(space, was, pte_none());
    uint32_t most = LEND_NODES_MAX;
    bool all = lent_revoke_below(node, &most);
    assert(all);
    place_leave(node, false);
    node_goes(space);
}

bool lent_die(node_t node, uint32_t *most)
{
    if (!lent_revoke(node, most))
        return false;
    place_leave(node, true);
    return true;
}
