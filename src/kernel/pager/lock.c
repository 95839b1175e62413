/* LOCKED, and back: every page of the range is brought in first, then it is taken out of the eviction order. A locked
 * page cannot be watched: its three bits say one thing. */
#include "kernel/pager/lent.h"

static bool can_lock(pte_t entry)
{
    enum entry_kind kind = entry_page_kind(entry);
    if (kind == ENTRY_LENT)
        return entry_is_charged(entry); /* its owner may */
    return kind == ENTRY_ON_DEMAND || kind == ENTRY_NORMAL || kind == ENTRY_SWAP || kind == ENTRY_TRANSIT ||
           kind == ENTRY_LOCKED || kind == ENTRY_COW;
}

static err_t lockable_check(const struct space *space, struct page_range range, uint32_t *locked)
{
    *locked = 0;
    for (page_t page = range.first; page.n < range.end.n;) {
        bool at_directory;
        pte_t entry = space_entry(space, page, &at_directory);
        if (!can_lock(entry) || entry_is_watched(entry))
            return ERR_KIND;
        *locked += pte_kind(entry) == ENTRY_LOCKED;
        page.n = at_directory ? (page.n / TABLE_ENTRIES + 1) * TABLE_ENTRIES : page.n + 1;
    }
    return OK;
}

/* A lent page is locked for all. */
static void root_follows(frame_t frame, enum entry_kind kind)
{
    if (frame_is_lent(frame))
        lend_set_word(lent_root(frame), root_make(kind, frame));
}

void page_unlock(struct space *space, page_t page)
{
    pte_t entry = space_entry(space, page, NULL);
    if (pte_kind(entry) != ENTRY_LOCKED)
        return;
    frame_t frame = pte_frame(entry);
    page_exchange(space, page, pte_unlocked(entry));
    root_follows(frame, ENTRY_NORMAL);
    pager_lock_refund(space, 1);
    frame_set_state(frame, FRAME_MAPPED);
    record_raise(frame_record(frame), FRAME_DIRTY);
    space->resident++;
    usage->inserted(frame, USAGE_UNLOCKED, USAGE_DISTANCE_UNKNOWN);
}

static void page_lock(struct space *space, page_t page)
{
    pte_t entry = space_entry(space, page, NULL);
    if (pte_kind(entry) == ENTRY_LOCKED)
        return;
    frame_t frame = pte_frame(entry);
    struct frame_record *r = frame_record(frame);
    usage->removed(frame);
    if (record_has_block(r))
        block_return(record_block(r));
    record_set_block(r, BLOCK_NONE);
    record_set_flags(r, record_flags(r) & FRAME_LENT);
    frame_set_state(frame, FRAME_LOCKED);
    root_follows(frame, ENTRY_LOCKED);
    space->resident--;
    page_exchange(space, page, pte_locked(entry));
}

static err_t page_lock_resolve(struct space *space, page_t page)
{
    if (pte_kind(space_entry(space, page, NULL)) == ENTRY_LOCKED)
        return OK;
    /* A read-only page is brought in by reading; a promised one by writing, or it would be the zero page. */
    bool writable = space_protection(space, page).write;
    TRY(pager_resolve(space, page, writable ? ACCESS_WRITE : ACCESS_READ));
    pte_t entry = space_entry(space, page, NULL);
    if (pte_kind(entry) != ENTRY_NORMAL)
        return ERR_KIND;
    if (record_has(frame_record(pte_frame(entry)), FRAME_IN_FLIGHT))
        return page_await(pte_frame(entry)); /* it is being written */
    TRY(pager_lock_charge(space, 1));
    page_lock(space, page);
    return OK;
}

err_t pager_range_lock(struct space *space, struct page_range range)
{
    uint32_t locked;
    TRY(lockable_check(space, range, &locked));
    uint32_t more = range.end.n - range.first.n - locked;
    if (!pager_may_hold(more))
        return ERR_MEMORY;
    TRY(pager_lock_charge(space, more)); /* as a question: each is charged when it is locked */
    pager_lock_refund(space, more);
    for (page_t page = range.first; page.n < range.end.n; page.n++) {
        err_t error = page_lock_resolve(space, page);
        if (error == OK)
            continue;
        for (page_t back = range.first; error != (err_t)ERR_PARKED && back.n < page.n; back.n++)
            page_unlock(space, back);
        return error;
    }
    return OK;
}
