/* Going out: a page and its cold neighbours leave their entries; without a write where that can be, else to swap. */
#include "kernel/pager/inside.h"

static bool is_evictable(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    return record_state(r) == FRAME_MAPPED && !record_has(r, FRAME_PINNED | FRAME_AWAITED | FRAME_IN_FLIGHT);
}

/* Off the entry and out of the way without a write, if that can be. False: it has to be written (TRANSIT, dirty). */
static bool evict_without_write(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    struct space *space = record_owner(r);
    page_t page = record_page(r);
    pte_t was = page_exchange(space, page, pte_transit(frame));
    bool dirty = pte_dirty(was) || record_has(r, FRAME_DIRTY);
    if (!dirty && record_has_block(r)) {
        frame_set_state(frame, FRAME_STANDBY);
        usage->evicted(frame);
        counters()->evicted_clean++;
        return true;
    }
    if (frame_is_zero(frame)) {
        page_exchange(space, page, pte_on_demand());
        space->resident--;
        counters()->evicted_zero++;
        pager_frame_free(frame);
        return true;
    }
    record_raise(r, FRAME_DIRTY);
    return false;
}

/* A block for a dirty page; it keeps the one it had, so that neighbours stay neighbours. */
static bool block_give(struct frame_record *r, block_t *run, uint32_t *run_left, uint32_t want)
{
    if (record_has_block(r))
        return true;
    if (!*run_left) {
        *run_left = usage->block_take(want, run);
        blocks_changed();
    }
    if (!*run_left)
        return false;
    record_set_block(r, *run);
    *run = (block_t){run->n + 1};
    --*run_left;
    return true;
}

static void write_begin(frame_t frame)
{
    record_lower(frame_record(frame), FRAME_DIRTY);
    frame_set_state(frame, FRAME_WRITING);
    usage->evicted(frame);
    bool queued = swap_write_queue(frame);
    assert(queued);
}

/* The page stays: no block for it. */
static void evict_undo(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    struct space *space = record_owner(r);
    page_exchange(space, record_page(r), pte_make(ENTRY_NORMAL, frame, space_protection(space, record_page(r))));
}

/* The victim and those of its linear neighbours that are cold too, in ascending order. */
static uint32_t cluster_collect(frame_t victim, frame_t *cluster)
{
    const struct frame_record *r = frame_record(victim);
    const struct space *space = record_owner(r);
    const pte_t *table = space_table(space, record_page(r));
    uint32_t at = page_table_index(record_page(r)), first = at, count = 0;
    uint32_t lowest = at - at % CLUSTER_PAGES;
    while (first > lowest && pte_kind(table[first - 1]) == ENTRY_NORMAL && is_evictable(pte_frame(table[first - 1])) &&
           usage->is_cold(pte_frame(table[first - 1])))
        first--;
    for (uint32_t i = first; i < lowest + CLUSTER_PAGES; i++) {
        bool goes = pte_kind(table[i]) == ENTRY_NORMAL && is_evictable(pte_frame(table[i])) &&
                    (i == at || usage->is_cold(pte_frame(table[i])));
        if (!goes && i > at)
            break;
        if (goes)
            cluster[count++] = pte_frame(table[i]);
    }
    return count;
}

bool page_out(frame_t victim)
{
    frame_t cluster[CLUSTER_PAGES];
    if (!is_evictable(victim) || swap_write_room() < CLUSTER_PAGES)
        return false;
    uint32_t count = cluster_collect(victim, cluster), run_left = 0;
    block_t run = BLOCK_NONE;
    bool progress = false;
    for (uint32_t i = 0; i < count; i++) {
        if (evict_without_write(cluster[i])) {
            progress = true;
        } else if (block_give(frame_record(cluster[i]), &run, &run_left, count - i)) {
            write_begin(cluster[i]);
            progress = true;
        } else {
            evict_undo(cluster[i]);
        }
    }
    for (; run_left; run_left--, run.n++)
        block_return(run);
    return progress;
}

bool page_clean(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    block_t run = BLOCK_NONE;
    uint32_t run_left = 0;
    if (!is_evictable(frame) || !swap_write_room())
        return false;
    struct space *space = record_owner(r);
    page_t page = record_page(r);
    pte_t entry = space_entry(space, page, NULL);
    bool dirty = pte_dirty(entry) || record_has(r, FRAME_DIRTY) || !record_has_block(r);
    if (!dirty || frame_is_zero(frame) || !block_give(r, &run, &run_left, 1))
        return false;
    page_exchange(space, page, pte_cleaned(entry));
    record_lower(r, FRAME_DIRTY);
    record_raise(r, FRAME_IN_FLIGHT);
    bool queued = swap_write_queue(frame);
    assert(queued);
    counters()->cleaned_ahead++;
    return true;
}
