/* DMA buffers and device memory: mapped only where nothing is.
 *
 * A driver's end does not stop its device, which may go on reading and writing what the driver's buffers say. So the
 * frames of a process that has ended stay in quarantine until the next driver of these devices, having reset them, makes
 * its first buffer. So do held pages that it was told of, if their holder ends as well (file_cache.c). */
#include "kernel/pager/inside.h"

#define DEVICE_PAGES 1024u

static err_t device_prepare(struct space *space, struct page_range range)
{
    if (range.end.n - range.first.n > DEVICE_PAGES || range.first.n == 0)
        return ERR_RANGE;
    TRY(pager_tables_make(space, range));
    return space_survey(space, range).kinds == kind_bit(ENTRY_NONE) ? OK : ERR_KIND;
}

void dma_frame_free(const struct space *space, frame_t frame)
{
    if (space->dying) {
        record_raise(frame_record(frame), FRAME_QUARANTINE);
        return;
    }
    frame_return(frame);
    memory_freed();
}

/* Rare: a driver starts. */
static void quarantine_end(uint32_t device)
{
    for (frame_t frame = {0}; frame.n < frame_end(); frame.n++) {
        const struct frame_record *r = frame_record(frame);
        if (record_state(r) != FRAME_LOCKED || !record_has(r, FRAME_QUARANTINE) || record_device(r) != device)
            continue;
        frame_return(frame);
        memory_freed();
    }
}

err_t pager_range_dma(struct space *space, struct page_range range, struct dma_wanted wanted, uint32_t *physical)
{
    frame_t first;
    uint32_t pages = range.end.n - range.first.n;
    TRY(device_prepare(space, range));
    quarantine_end(wanted.device);
    holds_device_reset(wanted.device);
    TRY(pager_charge(space, pages));
    uint32_t limit = wanted.below ? wanted.below / PAGE_BYTES : frame_end();
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
        record_set_device(frame_record(frame), wanted.device);
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
