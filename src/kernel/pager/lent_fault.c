/* Faults on lent pages: bringing them back for the one that asks, and copy on write. */
#include "common/string.h"
#include "kernel/pager/lent.h"

/* Nobody has touched it yet: it becomes a frame for all at once. */
static err_t page_make(struct space *space, page_t page, root_t root)
{
    frame_t frame;
    TRY(frame_get_for(space, page, FRAME_MAPPED, &frame, true));
    lent_name(frame, root);
    lend_set_word(root, root_make(ENTRY_NORMAL, frame));
    usage->inserted(frame, USAGE_ZERO_FILL, USAGE_DISTANCE_UNKNOWN);
    counters()->faults_zero++;
    return OK;
}

void lent_read_begin(root_t root, frame_t frame)
{
    lent_name(frame, root);
    record_set_block(frame_record(frame), pde_block(lend_word(root)));
    lend_set_word(root, pde_transit(frame));
}

/* The page comes back for all; who else needs it finds it present, at the cost of a soft fault. */
err_t lent_resolve(struct space *space, page_t page)
{
    node_t node = {pte_node(space_entry(space, page, NULL))};
    root_t root = lend_root(node);
    pde_t word = lend_word(root);
    if (lend_count(root) == 1) {
        lent_settle(root);
        return OK;
    }
    switch (root_kind(word)) {
    case ENTRY_ON_DEMAND:
        TRY(page_make(space, page, root));
        break;
    case ENTRY_SWAP:
        return swap_in(space, page);
    case ENTRY_TRANSIT:
        if (record_state(frame_record(pde_frame(word))) == FRAME_READING)
            return page_await(pde_frame(word));
        frame_remap(pde_frame(word));
        counters()->faults_soft++;
        break;
    default: /* another place has brought it back */
        counters()->faults_soft++;
    }
    lent_show(node);
    return OK;
}

/* A frame for a copy, while the page itself must stay. */
static err_t copy_frame_get(frame_t from, frame_t *to)
{
    bool was_pinned = record_pin(frame_record(from), true);
    err_t error = pager_frame_get(FRAME_USE_USER, FRAME_MAPPED, to, false);
    record_pin(frame_record(from), was_pinned);
    return error;
}

/* A tree leaves the others, with a copy of the page, which is its own to write. */
static err_t tree_copy(node_t top, frame_t from)
{
    frame_t to;
    root_t others = lend_root(top);
    TRY(lent_room_make(1));
    TRY(copy_frame_get(from, &to));
    memcpy(window_open(WINDOW_COPY_TO, to), window_open(WINDOW_COPY_FROM, from), PAGE_BYTES);
    root_t root = lend_part(top, root_make(ENTRY_NORMAL, to));
    lent_name(to, root);
    lent_show_tree(top);
    usage->inserted(to, USAGE_COPIED, USAGE_DISTANCE_UNKNOWN);
    lent_settle(root);
    lent_settle(others);
    return OK;
}

err_t lent_copy(struct space *space, page_t page)
{
    pte_t entry = space_entry(space, page, NULL);
    node_t node = lent_node(space, page, entry);
    if (node_is_none(node) || !lend_may_write(node))
        return ERR_FAULT;
    if (lend_is_common(lend_root(node)))
        TRY(tree_copy(lend_top(node), pte_frame(entry)));
    else
        lent_show(node); /* the last tree takes the page over */
    counters()->faults_cow++;
    return OK;
}
