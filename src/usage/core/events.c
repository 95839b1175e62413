/* Events from the kernel: the core keeps lists and marks, the policy hears about what concerns its order. */
#include "usage/core/core.h"

uint32_t core_writing;

static void start(const struct usage_setup *setup)
{
    core_setup = *setup;
    core_writing = 0;
    lists_start();
    choose_start();
    walk_start();
    if (policy.start != NULL)
        policy.start(setup->frames_usable);
}

/* A mapped frame is always on a list, whatever the policy did or forgot. */
static void settle(frame_t frame)
{
    if (list_of(frame) >= POLICY_LISTS)
        order_move_young(frame, 0);
}

static void inserted(frame_t frame, enum usage_why why, uint32_t distance)
{
    choose_was_fruitful();
    frame_begin(frame, !record_has_block(core_record(frame)));
    if (policy.inserted != NULL)
        policy.inserted(frame, why, distance);
    settle(frame);
}

static void sampled(frame_t frame, bool referenced, bool dirty)
{
    uint32_t list;
    if (!order_mapped(frame, &list))
        return;
    if (dirty)
        frame_mark(frame, true);
    if (policy.sampled != NULL)
        policy.sampled(frame, referenced, dirty);
    else if (referenced)
        order_move_young(frame, 0);
}

/* The mark of a frame that is out says that it is being written. */
static void stop_writing(frame_t frame)
{
    if (list_of(frame) != LIST_OUT || !frame_marked(frame))
        return;
    assert(core_writing > 0);
    core_writing--;
    frame_mark(frame, false);
}

static void soft_touched(frame_t frame)
{
    assert(list_of(frame) == LIST_OUT);
    stop_writing(frame);
    if (policy.soft_touched != NULL)
        policy.soft_touched(frame);
    settle(frame);
}

static void evicted(frame_t frame)
{
    assert(list_of(frame) < POLICY_LISTS);
    if (policy.evicted != NULL)
        policy.evicted(frame);
    choose_was_fruitful();
    order_move_young(frame, LIST_OUT);
    bool writing = record_state(core_record(frame)) == FRAME_WRITING;
    frame_mark(frame, writing);
    core_writing += writing;
}

static void cleaned(frame_t frame)
{
    if (list_of(frame) < POLICY_LISTS)
        frame_mark(frame, false);
}

static void removed(frame_t frame)
{
    if (list_of(frame) == LIST_NONE)
        return;
    choose_was_fruitful();
    stop_writing(frame);
    if (policy.removed != NULL)
        policy.removed(frame);
    list_remove_frame(frame);
    frame_begin(frame, false);
}

/* The module's entry point: all that the kernel knows of it. */
extern const struct usage_module usage_module;
const struct usage_module usage_module = {
    .magic = USAGE_MAGIC,
    .version = &policy.version,
    .name = policy.name,
    .start = start,
    .inserted = inserted,
    .sampled = sampled,
    .soft_touched = soft_touched,
    .evicted = evicted,
    .standby = stop_writing,
    .cleaned = cleaned,
    .removed = removed,
    .choose = core_choose,
    .clean_ahead = core_clean_ahead,
    .spare_blocks = core_spare_blocks,
    .oldest = core_oldest,
    .is_cold = core_is_cold,
    .map_bytes = blocks_map_bytes,
    .map_start = blocks_start,
    .block_take = blocks_take,
    .block_free = blocks_free,
    .block_taken = blocks_taken,
    .discard_begin = blocks_discard_begin,
    .discard_end = blocks_discard_end,
    .blocks_used = blocks_used,
};
