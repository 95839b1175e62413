/* Taking back what was lent from a range of pages, in bounded steps. The pages stay. */
#include "kernel/pager/lent.h"

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
        if (!lent_revoke_range(space, piece, &page, &most))
            break;
        progress->next = page;
    }
    progress->next = page.n < range.end.n ? page : (page_t){0};
    return progress->next.n ? thread_again(current) : OK;
}
