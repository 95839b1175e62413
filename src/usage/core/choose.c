/* Answers to the kernel's questions: which frames to take, which pages to evict, clean, or part from their block. */
#include "usage/core/core.h"

#define GOAL_DEFAULT 64u /* frames kept out where the policy names no goal */
#define WRITES_AHEAD 64u /* no more is evicted ahead while so many are being written */
#define OUT_LOOK 256u    /* records looked at for frames to take, in one answer */
#define LOW_LOOK 2048u   /* the same, where only low frames will do */
#define CLEAN_LOOK 1024u /* old records looked at for pages to clean ahead */

static uint32_t low_hand, spare_hand; /* where the sweeps over the record array go on */
static uint32_t fruitless;            /* answers since a frame last changed its place */

void choose_start(void) { low_hand = spare_hand = fruitless = 0; }
void choose_was_fruitful(void) { fruitless = 0; }

static uint32_t lesser(uint32_t a, uint32_t b) { return a < b ? a : b; }

bool core_is_cold(frame_t frame)
{
    return list_of(frame) < POLICY_LISTS && policy.is_cold != NULL && policy.is_cold(frame);
}

/* Frames on standby, oldest first; those being written are passed by. A frame that is offered leaves its place. */
static uint32_t take_standby(uint32_t want, struct usage_action *actions)
{
    uint32_t n = 0, looks = lesser(order_count(LIST_OUT), OUT_LOOK);
    frame_t frame = order_oldest(LIST_OUT);
    while (n < want && looks-- > 0) {
        frame_t after = order_younger(frame);
        if (!frame_marked(frame)) {
            n = action_add(actions, n, USAGE_TAKE, frame);
            order_move_young(frame, LIST_OUT);
        }
        frame = after;
    }
    return n;
}

/* How many more pages to evict: what `missing` frames need beyond all that is out already, and what is missing on
 * standby as long as the disk keeps up. What is out is frames to come; to count less of it would evict one page more for
 * each frame taken, until hardly a page were mapped. */
static uint32_t evict_need(uint32_t missing, uint32_t taken)
{
    uint32_t out = order_count(LIST_OUT) - taken, resident = order_mapped_count() + out;
    uint32_t goal = policy.standby_goal != NULL ? policy.standby_goal(resident) : GOAL_DEFAULT;
    uint32_t must = missing > out ? missing - out : 0;
    uint32_t ahead = goal > out ? goal - out : 0;
    uint32_t room = core_writing < WRITES_AHEAD ? WRITES_AHEAD - core_writing : 0;
    ahead = lesser(ahead, room);
    return must > ahead ? must : ahead;
}

static uint32_t choose_oldest(uint32_t want, struct usage_action *actions)
{
    uint32_t n = 0;
    for (want = lesser(want, order_count(0)); n < want;) {
        frame_t frame = order_oldest(0);
        n = action_add(actions, n, USAGE_EVICT, frame);
        order_move_young(frame, 0);
    }
    return n;
}

static uint32_t choose_any(uint32_t want, struct usage_action *actions, uint32_t room)
{
    uint32_t share = room / 8 > 0 ? room / 8 : 1;
    uint32_t n = take_standby(lesser(want, share), actions);
    uint32_t need = lesser(lesser(evict_need(want - n, n), 2 * share), room - n);
    if (need == 0)
        return n;
    if (policy.choose == NULL)
        return n + choose_oldest(need, actions + n);
    return n + policy.choose(need, actions + n, room - n);
}

/* Sweeps some low records, each at most once: frames on standby, and pages to evict. */
static uint32_t sweep_low(uint32_t want, bool cold_only, uint32_t looks, struct usage_action *actions)
{
    uint32_t n = 0;
    for (looks = lesser(looks, core_setup.low_end); looks > 0 && n < want; looks--) {
        low_hand = low_hand + 1 < core_setup.low_end ? low_hand + 1 : 0;
        frame_t frame = {low_hand};
        uint32_t list = list_of(frame);
        if (list == LIST_OUT && !frame_marked(frame))
            n = action_add(actions, n, USAGE_TAKE, frame);
        else if (list < POLICY_LISTS && (!cold_only || core_is_cold(frame)))
            n = action_add(actions, n, USAGE_EVICT, frame);
    }
    return n;
}

/* Only low frames will do, and most are high: what is cold there first, anything else where nothing is. Tables lie side
 * by side, thousands of them: all low records are looked at before it says that there is none. */
static uint32_t choose_low(uint32_t want, struct usage_action *actions)
{
    uint32_t n = sweep_low(want, true, LOW_LOOK, actions);
    if (n == 0)
        n = sweep_low(want, false, LOW_LOOK, actions);
    return n > 0 ? n : sweep_low(1, false, core_setup.low_end, actions);
}

/* Sampling alone brings no frame. When every page has been looked at about twice and none could go (no blocks, all
 * pinned), an empty answer says so, and the next one starts afresh. */
static bool is_hopeless(void)
{
    if (fruitless++ <= order_mapped_count() / 8 + USAGE_ROOM)
        return false;
    fruitless = 0;
    return true;
}

uint32_t core_choose(enum usage_zone zone, uint32_t want, struct usage_action *actions, uint32_t room)
{
    if (zone == USAGE_ZONE_LOW && core_setup.low_end < core_setup.frame_end)
        return choose_low(lesser(want, room), actions);
    if (is_hopeless())
        return 0;
    return choose_any(want, actions, room);
}

/* Perhaps dirty pages of the oldest quarter, oldest first. The mark goes when a page is offered: one that the kernel passes
 * over is not offered again before it is found dirty. */
uint32_t core_clean_ahead(struct usage_action *actions, uint32_t room)
{
    uint32_t order[POLICY_LISTS], count = core_order(order);
    uint32_t n = 0, looks = lesser(order_mapped_count() / 4, CLEAN_LOOK);
    for (uint32_t i = 0; i < count; i++) {
        frame_t frame = order_oldest(order[i]);
        for (; !frame_same(frame, FRAME_NONE) && n < room && looks > 0; looks--) {
            if (frame_marked(frame)) {
                n = action_add(actions, n, USAGE_CLEAN, frame);
                frame_mark(frame, false);
            }
            frame = order_younger(frame);
        }
    }
    return n;
}

/* Mapped frames with a copy in swap, warm ones first: their copy is the last to be of use. Walks all records once
 * before it says that there is none; swap that runs short is rare. */
uint32_t core_spare_blocks(uint32_t want, struct usage_action *actions, uint32_t room)
{
    uint32_t n = 0;
    want = lesser(want, room);
    for (uint32_t cold = 0; cold < 2 && n == 0; cold++) {
        for (uint32_t looks = 0; looks < core_setup.frame_end && n < want; looks++) {
            spare_hand = spare_hand + 1 < core_setup.frame_end ? spare_hand + 1 : 0;
            frame_t frame = {spare_hand};
            const struct frame_record *r = core_record(frame);
            if (record_state(r) == FRAME_MAPPED && record_has_block(r) && core_is_cold(frame) == (cold != 0))
                n = action_add(actions, n, USAGE_DROP_BLOCK, frame);
        }
    }
    return n;
}
