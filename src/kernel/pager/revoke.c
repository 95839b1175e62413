/* Taking back what was lent, in bounded steps. The pages stay. */
#include "kernel/pager/lent.h"

static node_t leaf_of(node_t node)
{
    while (!node_is_none(lend_child(node)))
        node = lend_child(node);
    return node;
}

/* A leaf, and not a top. An entry in a table that is out keeps naming the node, which is dead from now on. What is shown
 * of a file server's page is a page of a file still. */
static void leaf_revoke(node_t leaf)
{
    struct space *space = pager_space(lend_place(leaf).space);
    bool here = node_is_here(leaf), is_file = root_kind(lend_word(lend_root(leaf))) == ENTRY_FILE;
    if (here) {
        lent_store(leaf, is_file ? pte_file_out() : pte_none());
        node_goes(space);
    }
    lend_drop(leaf, !here);
}

bool lent_revoke_below(node_t node, uint32_t *most)
{
    for (node_t leaf; !node_same(leaf = leaf_of(node), node); --*most) {
        if (*most == 0)
            return false;
        leaf_revoke(leaf);
    }
    return true;
}

bool lent_revoke(node_t node, uint32_t *most)
{
    if (!lent_revoke_below(node, most))
        return false;
    lent_settle(lend_root(node));
    return true;
}

bool lent_revoke_range(struct space *space, struct page_range range, page_t *next, uint32_t *most)
{
    for (page_t page = range.first; page.n < range.end.n && space->nodes; page.n++) {
        *next = page;
        if (!space_table(space, page)) {
            page.n |= TABLE_ENTRIES - 1;
            continue;
        }
        node_t node = lent_node(space, page, space_entry(space, page, NULL));
        if (!node_is_none(node) && !lent_revoke(node, most))
            return false;
    }
    *next = range.end;
    return true;
}

#define STEP_PLACES 1024u
#define STEP_PAGES 4096u /* looked at in one step; 4 MiB without a table count as one */

err_t pager_range_unmap(struct space *space, struct page_range range, struct range_progress *progress)
{
    uint32_t most = STEP_PLACES;
    page_t page = progress->next.n ? progress->next : range.first;
    for (uint32_t looked = 0; page.n < range.end.n && looked < STEP_PAGES;) {
        uint32_t rest = TABLE_ENTRIES - page_table_index(page), left = range.end.n - page.n;
        const struct page_range piece = {page, {page.n + (rest < left ? rest : left)}};
        TRY(pager_table_ready(space, page));
        looked += space_table(space, page) ? TABLE_ENTRIES : 1;
        if (space_process(space)->serves_files)
            file_range_unshow(space, piece);
        if (!lent_revoke_range(space, piece, &page, &most))
            break;
        progress->next = page;
    }
    progress->next = page.n < range.end.n ? page : (page_t){0};
    return progress->next.n ? thread_again(current) : OK;
}
