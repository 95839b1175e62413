/* Marking pages as FILE, and taking the mark off. */
#include "kernel/pager/file.h"
#include "kernel/pager/lent.h"

#define STEP_ENTRIES 1024u /* of one step; a whole page-directory entry counts as one */

static struct page_range piece_of(struct page_range range, page_t page)
{
    page_t end = table_end(page);
    return (struct page_range){page, end.n < range.end.n ? end : range.end};
}

/* A part of 4 MiB that the directory says FILE of gets a table. */
static err_t piece_ready(struct space *space, struct page_range piece)
{
    TRY(pager_table_ready(space, piece.first));
    bool whole = piece.end.n - piece.first.n == TABLE_ENTRIES;
    if (whole || pde_kind(space_directory_entry(space, piece.first)) != ENTRY_FILE_OUT)
        return OK;
    return pager_table_make(space, piece.first);
}

static err_t held_check(const struct space *space, struct page_range piece)
{
    const pte_t *table = space_table(space, piece.first);
    for (page_t page = piece.first; table && page.n < piece.end.n; page.n++) {
        pte_t entry = table[page_table_index(page)];
        bool held = pte_kind(entry) == ENTRY_FILE && record_has(frame_record(pte_frame(entry)), FRAME_HELD);
        if (held && file_is_owned(space, page, entry))
            return ERR_BUSY;
    }
    return OK;
}

/* => FILE, there or not, or on its way out; one page, if it is not just marked */
static void stretch_unmark(struct space *space, struct page_range pages, pte_t entry)
{
    pager_refund(space, space_promised(space, pages, entry));
    if (pte_kind(entry) == ENTRY_FILE_OUT)
        space_fill(space, pages, ENTRY_NONE);
    else
        entry_free(space, pages.first, page_exchange(space, pages.first, pte_none()));
}

/* => piece_ready */
static void piece_unmark(struct space *space, struct page_range piece)
{
    bool in_table = space_table(space, piece.first) != NULL;
    for (page_t page = piece.first; page.n < piece.end.n;) {
        struct stretch s = space_stretch(space, (struct page_range){page, piece.end});
        enum entry_kind kind = entry_page_kind(s.entry);
        if (kind == ENTRY_FILE_OUT || kind == ENTRY_FILE)
            stretch_unmark(space, (struct page_range){page, s.end}, s.entry);
        page = s.end;
    }
    if (in_table)
        table_collapse(space, piece.first);
}

static err_t unmark_step(struct space *space, struct page_range range, page_t *next)
{
    for (uint32_t done = 0; next->n < range.end.n;) {
        struct page_range piece = piece_of(range, *next);
        uint32_t places = LEND_NODES_MAX;
        page_t revoked;
        if (done >= STEP_ENTRIES)
            return thread_again(current);
        TRY(piece_ready(space, piece));
        TRY(held_check(space, piece));
        done += space_table(space, piece.first) ? TABLE_ENTRIES : 1;
        if (!lent_revoke_range(space, piece, &revoked, &places))
            return thread_again(current);
        piece_unmark(space, piece);
        *next = piece.end;
    }
    return OK;
}

static err_t unmark(struct space *space, struct page_range range, struct range_progress *progress)
{
    if (!progress->next.n) {
        TRY(piece_ready(space, piece_of(range, range.first)));
        progress->next.n = range.first.n ? range.first.n : 1;
    }
    err_t error = unmark_step(space, range, &progress->next);
    if (error != (err_t)ERR_PARKED)
        progress->next.n = 0;
    return error;
}

err_t pager_file_mark(struct space *space, struct page_range range, enum entry_kind kind,
                      struct range_progress *progress)
{
    return kind == ENTRY_NONE ? unmark(space, range, progress)
                              : pager_range_set(space, range, ENTRY_FILE_OUT, progress);
}
