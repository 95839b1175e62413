/* A page of a server's cache that one place shows besides its owner's: the frame's record names that entry, and there is
 * neither a root nor a node. With the second such place the page is lent (lent.c), and when that has gone it is not. */
#include "kernel/pager/lent.h"

_Static_assert(LOW_FRAMES_MAX <= RECORD_VIEWER_TABLES, "a record names any page table");

struct space *viewer_place(frame_t frame, page_t *page)
{
    const struct frame_record *r = frame_record(frame);
    if (!record_has_viewer(r))
        return NULL;
    const struct frame_record *table = frame_record(record_viewer_table(r));
    page->n = record_page(table).n + record_viewer_index(r);
    return record_owner(table);
}

static void viewer_name(frame_t frame, const struct space *space, page_t page)
{
    record_set_viewer(frame_record(frame), pde_frame(space_directory_entry(space, page)), page_table_index(page));
}

void viewer_begin(frame_t frame, struct space *space, page_t page)
{
    (void)file_page_map(space, page, frame, false);
    viewer_name(frame, space, page);
}

static void viewer_gone(frame_t frame, struct space *space, pte_t was)
{
    struct frame_record *r = frame_record(frame);
    if (pte_accessed(was))
        record_raise(r, FRAME_REFERENCED);
    record_set_block(r, BLOCK_NONE);
    space->resident--;
}

void viewer_end(frame_t frame)
{
    page_t page;
    struct space *space = viewer_place(frame, &page);
    if (space)
        viewer_gone(frame, space, page_exchange(space, page, pte_file_out()));
}

bool viewer_leaves(frame_t frame, struct space *space, page_t page, pte_t was)
{
    page_t at;
    const struct space *viewer = viewer_place(frame, &at);
    if (!viewer || viewer != space || !page_same(at, page))
        return false;
    viewer_gone(frame, space, was);
    return true;
}

bool viewer_age(frame_t frame)
{
    page_t page;
    struct space *space = viewer_place(frame, &page);
    return space && pte_accessed(space_age(space, page));
}

void viewer_to_node(frame_t frame)
{
    page_t at, page = record_page(frame_record(frame));
    struct space *viewer = viewer_place(frame, &at);
    record_set_block(frame_record(frame), BLOCK_NONE);
    (void)lend_map(lent_begin(record_owner(frame_record(frame)), page), (struct lend_place){viewer->id, at}, false);
    node_comes(viewer);
}

void viewer_from_node(root_t root)
{
    node_t node = lend_child(lend_first(root));
    frame_t frame = pde_frame(lend_word(root));
    struct space *space = pager_space(lend_place(node).space);
    viewer_name(frame, space, lend_place(node).page);
    lend_drop(node, false);
    node_goes(space);
}

void file_range_unshow(struct space *space, struct page_range range)
{
    const pte_t *table = space_table(space, range.first);
    for (page_t page = range.first; table && page.n < range.end.n; page.n++) {
        pte_t entry = table[page_table_index(page)];
        if (pte_kind(entry) == ENTRY_FILE && file_is_owned(space, page, entry))
            viewer_end(pte_frame(entry));
    }
}
