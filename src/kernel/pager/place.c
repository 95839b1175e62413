/* Where a frame belongs while it is in transit: its record says whose it is and what it becomes. */
#include "kernel/pager/inside.h"

void place_show(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    struct space *space = record_owner(r);
    page_t page = record_page(r);
    frame_set_state(frame, FRAME_MAPPED);
    page_exchange(space, page, pte_make(ENTRY_NORMAL, frame, space_protection(space, page)));
}

void place_swap(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    struct space *space = record_owner(r);
    pte_t entry = space_entry(space, record_page(r), NULL);
    page_exchange(space, record_page(r), pte_transit_to_swap(entry, record_block(r)));
    space->resident--;
    space->swapped++;
}
