/* WATCHED pages: the next write is reported to the fault handler first. The watch goes with the page to swap and back,
 * and it ends where the page is granted, discarded or set to NORMAL. A page that others show too is not watched: they
 * would write it unseen. */
#include "kernel/pager/lent.h"

bool entry_is_watched(pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    return kind == ENTRY_WATCHED || kind == ENTRY_SWAP_WATCHED ||
           (kind == ENTRY_TRANSIT && record_becomes(frame_record(pte_frame(entry))) == BECOMES_WATCHED);
}

/* What its kind alone does not say. NORMAL may be set where the owner of a lent page has locked it. */
static bool may_be(pte_t entry, enum entry_kind kind)
{
    if (kind == ENTRY_WATCHED)
        return !pte_present(entry) || !frame_is_lent(pte_frame(entry));
    return pte_kind(entry) != ENTRY_LENT || entry_is_charged(entry);
}

err_t watch_check(const struct space *space, struct page_range range, uint32_t kinds, enum entry_kind kind)
{
    uint32_t pageable = kind_bit(ENTRY_NORMAL) | kind_bit(ENTRY_WATCHED) | kind_bit(ENTRY_COW) |
                        kind_bit(ENTRY_ON_DEMAND) | kind_bit(ENTRY_WATCHED_OUT) | kind_bit(ENTRY_SWAP) |
                        kind_bit(ENTRY_SWAP_WATCHED) | kind_bit(ENTRY_TRANSIT);
    uint32_t besides = kind == ENTRY_WATCHED ? kind_bit(ENTRY_NONE) : kind_bit(ENTRY_LOCKED) | kind_bit(ENTRY_LENT);
    if (kinds & ~(pageable | besides))
        return ERR_KIND;
    for (page_t page = range.first; page.n < range.end.n;) {
        struct stretch s = space_stretch(space, (struct page_range){page, range.end});
        if (!may_be(s.entry, kind))
            return ERR_KIND;
        page = s.end;
    }
    return OK;
}

void page_watch(struct space *space, page_t page, bool on)
{
    pte_t entry = space_entry(space, page, NULL);
    enum entry_kind kind = pte_kind(entry);
    if (kind == ENTRY_COW && on)
        page_exchange(space, page, pte_watched_out()); /* the zero page: as good as ON_DEMAND */
    else if (kind == ENTRY_TRANSIT)
        record_set_becomes(frame_record(pte_frame(entry)), on ? BECOMES_WATCHED : BECOMES_NORMAL);
    else if (kind_is_swapped(kind))
        page_exchange(space, page, on ? pte_swap_watched(pte_block(entry)) : pte_swap(pte_block(entry)));
    else if (kind == ENTRY_NORMAL && on)
        page_exchange(space, page, pte_watched(entry));
    else if (kind == ENTRY_WATCHED && !on)
        page_exchange(space, page, pte_unwatched(entry, space_protection(space, page).write));
}

err_t pager_unwatch(struct space *space, page_t page)
{
    if (pte_kind(space_entry(space, page, NULL)) != ENTRY_WATCHED)
        return pager_range_mark(space, (struct page_range){page, {page.n + 1}}, ENTRY_NORMAL);
    page_watch(space, page, false);
    return OK;
}
