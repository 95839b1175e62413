/* Going out: a page and its cold neighbours leave their entries; without a write where that can be, else to swap. */
#include "kernel/pager/inside.h"

static bool is_evictable(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    return record_state(r) == FRAME_MAPPED &&
           !record_has(r, FRAME_PINNED | FRAME_AWAITED | FRAME_IN_FLIGHT | FRAME_HELD);
}

/* Off the entry and out of the way without a write, if that can be. False: it has to be written (TRANSIT, dirty). */
static bool evict_without_write(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    place_hide(frame);
    if (!record_has(r, FRAME_DIRTY) && record_has_block(r)) {
        frame_set_state(frame, FRAME_STANDBY);
        usage->evicted(frame);
        counters()->evicted_clean++;
        return true;
    }
    if (record_becomes(r) == BECOMES_NORMAL && frame_is_zero(frame)) { /* a promise has no room for a watch */
        place_promise(frame);
        counters()->evicted_zero++;
        pager_frame_free(frame);
        return true;
    }
    record_raise(r, FRAME_DIRTY);
    return false;
}

/* It keeps the one it has, so that neighbours stay neighbours. */
bool block_give(struct frame_record *r, struct block_run *run, uint32_t want)
{
    if (record_has_block(r))
        return true;
    if (!run->left) {
        run->left = usage->block_take(want, &run->next);
        blocks_changed();
    }
    if (!run->left)
        return false;
    record_set_block(r, run->next);
    run->next.n++;
    run->left--;
    return true;
}

void block_run_return(struct block_run *run)
{
    for (; run->left; run->left--, run->next.n++)
        block_return(run->next);
}

void write_begin(frame_t frame)
{
    record_lower(frame_record(frame), FRAME_DIRTY);
    frame_set_state(frame, FRAME_WRITING);
    usage->evicted(frame);
    bool queued = swap_write_queue(frame);
    assert(queued);
}

/* Pages of files go each by itself, to somebody else. */
static bool shows_cold(pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    return kind_may_go(kind) && kind != ENTRY_FILE && is_evictable(pte_frame(entry)) &&
           usage->is_cold(pte_frame(entry));
}

/* The victim and those of its linear neighbours that are cold too, in ascending order. */
static uint32_t cluster_collect(frame_t victim, frame_t *cluster)
{
    page_t page;
    const struct space *space = place_first(victim, &page);
    cluster[0] = victim;
    if (!space) /* lent, and nobody has touched it since it came back */
        return 1;
    const pte_t *table = space_table(space, page);
    uint32_t at = page_table_index(page), first = at, count = 0;
    uint32_t lowest = at - at % CLUSTER_PAGES;
    while (first > lowest && shows_cold(table[first - 1]))
        first--;
    for (uint32_t i = first; i < lowest + CLUSTER_PAGES; i++) {
        if (i > at && !shows_cold(table[i]))
            break;
        if (i == at || shows_cold(table[i]))
            cluster[count++] = pte_frame(table[i]);
    }
    return count;
}

bool page_out(frame_t victim)
{
    frame_t cluster[CLUSTER_PAGES];
    struct block_run run = {BLOCK_NONE, 0};
    bool progress = false;
    if (record_state(frame_record(victim)) == FRAME_TABLE_IDLE)
        return table_out(victim);
    if (record_state(frame_record(victim)) == FRAME_DIRECTORY_IDLE)
        return directory_out(victim);
    if (frame_is_file(victim))
        return is_evictable(victim) && file_page_out(victim);
    if (!is_evictable(victim) || swap_write_room() < CLUSTER_PAGES)
        return false;
    uint32_t count = cluster_collect(victim, cluster);
    for (uint32_t i = 0; i < count; i++) {
        if (!is_evictable(cluster[i])) /* lent, and shown by a neighbour that has gone out */
            continue;
        if (evict_without_write(cluster[i])) {
            progress = true;
        } else if (block_give(frame_record(cluster[i]), &run, count - i)) {
            write_begin(cluster[i]);
            progress = true;
        } else {
            place_show(cluster[i]); /* it stays: no block for it */
        }
    }
    block_run_return(&run);
    return progress;
}

bool page_clean(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    struct block_run run = {BLOCK_NONE, 0};
    if (!is_evictable(frame) || frame_is_file(frame) || !swap_write_room())
        return false;
    bool dirty = place_is_dirty(frame) || !record_has_block(r);
    if (!dirty || frame_is_zero(frame) || !block_give(r, &run, 1))
        return false;
    place_clean(frame);
    record_raise(r, FRAME_IN_FLIGHT);
    bool queued = swap_write_queue(frame);
    assert(queued);
    counters()->cleaned_ahead++;
    return true;
}
