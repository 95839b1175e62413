/* The invariant checker's part that knows FILE pages. */
#include "kernel/pager/check.h"
#include "kernel/pager/file.h"

bool file_record_agrees(const struct frame_record *r, enum frame_state state)
{
    return record_state(r) == state && record_is_file(r);
}

bool entry_is_viewers(const struct space *space, page_t page, pte_t entry)
{
    page_t at = {0};
    return pte_kind(entry) == ENTRY_FILE && viewer_place(pte_frame(entry), &at) == space && page_same(at, page);
}

/* The entry that a record names shows that frame, and can't be written. */
static void viewer_check(struct tally *t, frame_t frame)
{
    const struct frame_record *r = frame_record(frame), *table = frame_record(record_viewer_table(r));
    page_t page = {0};
    if (record_state(table) != FRAME_TABLE || record_becomes(table) != BECOMES_TABLE) {
        log_print("check: frame %u is shown by a page table that is none\n", frame.n);
        t->report->errors++;
        return;
    }
    const struct space *space = viewer_place(frame, &page);
    pte_t entry = space_entry(space, page, NULL);
    bool shows = pte_kind(entry) == ENTRY_FILE && frame_same(pte_frame(entry), frame) && !pte_writable(entry);
    if (!shows || record_has(r, FRAME_LENT) || record_state(r) != FRAME_MAPPED)
        complain(t, space, page, entry, "a record says that it shows its frame besides its owner");
}

void file_check(struct tally *t)
{
    uint32_t privates = 0, held = 0;
    for (uint32_t n = 0; n < frame_end(); n++) {
        const struct frame_record *r = frame_record((frame_t){n});
        bool in_use = record_state(r) == FRAME_MAPPED || record_state(r) == FRAME_WRITING;
        privates += in_use && file_record_is_private(r);
        held += record_has(r, FRAME_HELD);
        if (in_use && record_has_viewer(r))
            viewer_check(t, (frame_t){n});
    }
    if (privates != counters()->file_private && ++t->report->errors)
        log_print("check: %u records are of private pages of files, %u are counted\n", privates,
                  counters()->file_private);
    if (held != holds_count() && ++t->report->errors)
        log_print("check: %u records say that they are held, %u pages are\n", held, holds_count());
}
