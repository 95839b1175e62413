/* Reclaim: asks the page-usage module what is to go, checks each action, and carries it out. */
#include "common/string.h"
#include "kernel/pager/inside.h"
#include "kernel/task/work.h"

const struct usage_module *usage;
uint32_t readahead_pages;

#define RESERVE 32u      /* frames that only locked servers and the kernel's objects may take */
#define ZEROED_AHEAD 64u /* frames kept zeroed */
static uint32_t watermark_low, watermark_high;
static struct list_node memory_waiters = {&memory_waiters, &memory_waiters};

void pager_start(const struct usage_module *module, uint32_t readahead)
{
    uint32_t ram = frame_count_ram();
    usage = module;
    readahead_pages = readahead;
    watermark_low = RESERVE + 32 + ram / 256;
    watermark_high = watermark_low + 32 + ram / 128;
    const struct usage_setup setup = {frame_record((frame_t){0}), frame_end(), frame_low_end(),
                                      frame_count_free(FRAME_USE_USER)};
    usage->start(&setup);
    fault_start();
}

void memory_freed(void) { thread_wake_all(&memory_waiters); }
err_t memory_await(void) { return thread_park_again(current, WAIT_MEMORY, &memory_waiters); }
bool memory_is_plenty(void) { return frame_count_free(FRAME_USE_USER) > RESERVE + CLUSTER_PAGES; }

void blocks_changed(void) { counters()->swap_used = swap_blocks_used(); }

void block_return(block_t block)
{
    if (!usage->block_free(block))
        log_print("swap: block %u was freed twice\n", block.n);
    blocks_changed();
}

void record_block_drop(struct frame_record *r)
{
    if (record_has_block(r))
        block_return(record_block(r));
    record_set_block(r, BLOCK_NONE);
}

void pager_frame_free(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (frame_is_file(frame))
        file_frame_goes(frame);
    enum frame_state state = record_state(r);
    if (state != FRAME_READING)
        usage->removed(frame);
    if (state == FRAME_READING || state == FRAME_WRITING || record_has(r, FRAME_IN_FLIGHT | FRAME_HELD)) {
        frame_set_state(frame, FRAME_ORPHAN); /* neither it nor its block is used again before the completion */
        return;
    }
    record_block_drop(r);
    record_set_flags(r, 0);
    frame_return(frame);
    memory_freed();
}

bool standby_take(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_state(r) != FRAME_STANDBY || record_has(r, FRAME_AWAITED | FRAME_PINNED))
        return false;
    place_swap(frame);
    usage->removed(frame);
    record_set_block(r, BLOCK_NONE);
    record_set_flags(r, 0);
    frame_return(frame);
    memory_freed();
    return true;
}

static bool sample(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_state(r) == FRAME_TABLE_IDLE || record_state(r) == FRAME_DIRECTORY_IDLE) {
        usage->sampled(frame, false, false);
        return true;
    }
    if (record_state(r) != FRAME_MAPPED)
        return false;
    bool referenced = place_age(frame);
    usage->sampled(frame, referenced, place_is_dirty(frame));
    return true;
}

/* A swap copy given back while the page is in RAM. */
static bool block_drop(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_state(r) != FRAME_MAPPED || !record_has_block(r) || record_has(r, FRAME_IN_FLIGHT))
        return false;
    record_raise(r, FRAME_DIRTY);
    record_block_drop(r);
    return true;
}

static bool carry_out(const struct usage_action *action)
{
    if (action->frame.n >= frame_end())
        return false;
    switch (action->kind) {
    case USAGE_SAMPLE:
        return sample(action->frame);
    case USAGE_EVICT:
        return page_out(action->frame);
    case USAGE_TAKE:
        return standby_take(action->frame);
    case USAGE_CLEAN:
        return page_clean(action->frame);
    case USAGE_DROP_BLOCK:
        return block_drop(action->frame);
    }
    return false;
}

static bool carry_out_all(const struct usage_action *actions, uint32_t count)
{
    bool progress = false;
    for (uint32_t i = 0; i < count; i++)
        progress |= carry_out(&actions[i]);
    return progress;
}

/* One answer of the module, carried out. False: nothing came of it. */
static bool reclaim_step(enum usage_zone zone, uint32_t want)
{
    struct usage_action actions[USAGE_ROOM];
    if (swap_block_count && usage->blocks_used() + CLUSTER_PAGES > swap_block_count)
        carry_out_all(actions, usage->spare_blocks(CLUSTER_PAGES, actions, USAGE_ROOM));
    return carry_out_all(actions, usage->choose(zone, want, actions, USAGE_ROOM));
}

#define RECLAIM_STEPS 16u /* answers asked for in one kernel entry */

static enum usage_zone zone_of(enum frame_use use) { return use == FRAME_USE_LOW ? USAGE_ZONE_LOW : USAGE_ZONE_ANY; }

static bool may_use_reserve(void) { return !current || (current->process->flags & SPAWN_LOCKED); }

bool frame_at_hand(enum frame_use use, enum frame_state as, frame_t *frame, bool want_zeroed)
{
    bool zeroed;
    if (frame_count_free(FRAME_USE_USER) < watermark_low)
        work_raise(WORK_RECLAIM);
    if (frame_count_free(use) <= (may_use_reserve() ? 0 : RESERVE) || frame_take(use, as, frame, &zeroed) != OK)
        return false;
    if (want_zeroed && !zeroed)
        frame_clear(*frame);
    return true;
}

err_t pager_frame_get(enum frame_use use, enum frame_state as, frame_t *frame, bool want_zeroed)
{
    if (frame_at_hand(use, as, frame, want_zeroed))
        return OK;
    bool progress = true;
    for (uint32_t i = 0; i < RECLAIM_STEPS && progress; i++) {
        progress = reclaim_step(zone_of(use), CLUSTER_PAGES);
        if (frame_at_hand(use, as, frame, want_zeroed))
            return OK;
    }
    bool is_busy = swap_is_busy() || file_out_helps();
    if (!current || (!progress && !is_busy))
        return ERR_MEMORY; /* nothing can go and nothing is on its way: nobody would wake a waiter */
    if (!is_busy) {
        thread_yield(current);
        return thread_again(current);
    }
    return memory_await();
}

/* Servers on the way to swap take what there is: nobody else could bring more. */
err_t pager_object_frame(enum frame_state as, frame_t *frame)
{
    if (!may_use_reserve() && !pager_may_hold(1))
        return ERR_MEMORY;
    if (!may_use_reserve() && commit_used() >= commit_limit())
        return ERR_COMMIT;
    return pager_frame_get(FRAME_USE_LOW, as, frame, false);
}

void pager_balance(void)
{
    (void)lent_room_return();
    uint32_t is_free = frame_count_free(FRAME_USE_USER);
    if (is_free >= watermark_high)
        work_lower(WORK_RECLAIM);
    else
        reclaim_step(USAGE_ZONE_ANY, watermark_high - is_free);
}

bool pager_idle_step(void)
{
    frame_t frame;
    struct usage_action actions[USAGE_ROOM];
    if (frame_count(FRAME_ZEROED) < ZEROED_AHEAD && frame_take_unzeroed(&frame) == OK) {
        frame_clear(frame);
        frame_put_zeroed(frame);
        counters()->zeroed_ahead++;
        return true;
    }
    if (lent_room_return())
        return true;
    if (!swap_block_count || swap_is_busy())
        return false;
    return carry_out_all(actions, usage->clean_ahead(actions, USAGE_ROOM)) || discard_step();
}
