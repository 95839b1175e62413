/* The small changes that keep entry and record in agreement. */
#include "common/string.h"
#include "kernel/pager/lent.h"

void record_name(frame_t frame, const struct space *space, page_t page)
{
    record_set_space(frame_record(frame), space->id);
    record_set_page(frame_record(frame), page);
    record_set_becomes(frame_record(frame), BECOMES_NORMAL); /* whatever was told of another place */
}

bool record_pin(struct frame_record *r, bool pin)
{
    bool was = record_has(r, FRAME_PINNED);
    if (pin)
        record_raise(r, FRAME_PINNED);
    else
        record_lower(r, FRAME_PINNED);
    return was;
}

void page_insert(struct space *space, page_t page, frame_t frame, enum usage_why why)
{
    assert(record_state(frame_record(frame)) == FRAME_MAPPED);
    record_name(frame, space, page);
    page_exchange(space, page, pte_make(ENTRY_NORMAL, frame, space_protection(space, page)));
    space->resident++;
    usage->inserted(frame, why, USAGE_DISTANCE_UNKNOWN);
}

void frame_remap(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_state(r) == FRAME_WRITING && !file_out_unqueue(frame))
        record_raise(r, FRAME_IN_FLIGHT);
    place_show(frame);
    usage->soft_touched(frame);
}

void entry_free(struct space *space, page_t page, pte_t was)
{
    node_t node = lent_node(space, page, was);
    if (!node_is_none(node)) {
        lent_leave(space, node, was);
        return;
    }
    switch (pte_kind(was)) {
    case ENTRY_FILE:
        if (viewer_leaves(pte_frame(was), space, page, was))
            break;
        viewer_end(pte_frame(was));
        /* fall through */
    case ENTRY_NORMAL:
    case ENTRY_WATCHED:
    case ENTRY_TRANSIT:
        space->resident--;
        pager_frame_free(pte_frame(was));
        break;
    case ENTRY_DMA:
        pager_lock_refund(space, 1);
        dma_frame_free(space, pte_frame(was));
        break;
    case ENTRY_LOCKED:
        pager_lock_refund(space, 1);
        frame_return(pte_frame(was));
        memory_freed();
        break;
    case ENTRY_SWAP:
    case ENTRY_SWAP_WATCHED:
        space->swapped--;
        block_return(pte_block(was));
        break;
    case ENTRY_NONE:
    case ENTRY_ON_DEMAND:
    case ENTRY_GUARD:
    case ENTRY_SPECIAL:
    case ENTRY_SHARED: /* a page in flight, shown to the swap server */
    case ENTRY_COW:    /* of the zero page, which nobody frees */
    case ENTRY_FILE_OUT:
    case ENTRY_WATCHED_OUT:
    case ENTRY_LENT:
        break;
    case ENTRY_TABLE:
    case ENTRY_UNLAWFUL:
    case ENTRY_KIND_COUNT:
        assert(!"a stored entry is lawful");
    }
}

bool frame_is_zero(frame_t frame)
{
    const uint32_t *word = window_open(WINDOW_SCAN, frame);
    return word[0] == 0 && entries_same(word, PAGE_BYTES / sizeof *word) == PAGE_BYTES / sizeof *word;
}

void pager_frames_show(void)
{
    struct info *i = counters();
    frames_changed = false;
    i->ram_frames = frame_count_ram();
    i->frames_zeroed = frame_count(FRAME_ZEROED);
    i->frames_free = frame_count(FRAME_FREE) + i->frames_zeroed;
    i->frames_standby = frame_count(FRAME_STANDBY);
    i->frames_resident =
        frame_count(FRAME_MAPPED) + frame_count(FRAME_WRITING) + frame_count(FRAME_READING) + frame_count(FRAME_ORPHAN);
    i->frames_locked = frame_count(FRAME_LOCKED);
    i->frames_kernel = frame_count(FRAME_KERNEL);
    i->frames_tables = frame_count(FRAME_TABLE) + frame_count(FRAME_TABLE_IDLE) + frame_count(FRAME_DIRECTORY) +
                       frame_count(FRAME_DIRECTORY_IDLE);
    i->frames_records = frame_count(FRAME_RECORDS);
    i->commit_limit = commit_limit();
}

void frame_clear(frame_t frame) { memset(window_open(WINDOW_FILL, frame), 0, PAGE_BYTES); }
