/* DMA buffers and device memory: mapped only where nothing is. */
#include "kernel/pager/inside.h"

#define DEVICE_PAGES 1024u

static err_t device_prepare(struct space *space, struct page_range range)
{
    if (range.end.n - range.first.n > DEVICE_PAGES || range.first.n == 0)
        return ERR_RANGE;
    TRY(pager_tables_make(space, range));
    return space_survey(space, range).kinds == kind_bit(ENTRY_NONE) ? OK : ERR_KIND;
}

err_t pager_range_dma(struct space *space, struct page_range range, uint32_t below, uint32_t *physical)
{
    frame_t first;
    uint32_t pages = range.end.n - range.first.n;
    TRY(device_prepare(space, range));
    TRY(pager_charge(space, pages));
    uint32_t limit = below ? below / PAGE_BYTES : frame_end();
    err_t error = pager_lock_charge(space, pages);
    if (error == OK && (error = frame_take_run(pages, 1, limit, FRAME_LOCKED, &first)) != OK)
        pager_lock_refund(space, pages);
    if (error != OK) {
        pager_refund(space, pages);
        return error;
    }
    for (uint32_t i = 0; i < pages; i++) {
        frame_t frame = {first.n + i};
        page_t page = {range.first.n + i};
        frame_clear(frame);
        record_name(frame, space, page);
        page_exchange(space, page, pte_make(ENTRY_DMA, frame, space_protection(space, page)));
    }
    *physical = frame_address(first);
    return OK;
}

err_t pager_range_special(struct space *space, struct page_range range, frame_t first)
{
    TRY(device_prepare(space, range));
    for (uint32_t i = 0; range.first.n + i < range.end.n; i++) {
        page_t page = {range.first.n + i};
        struct protection p = space_protection(space, page);
        p.uncached = true;
        page_exchange(space, page, pte_make(ENTRY_SPECIAL, (frame_t){first.n + i}, p));
    }
    return OK;
}
