/* lru: close to the least recently used page of all.
 *
 * Mapped pages stand in generations, by when they were last seen used. A hand sweeps over the frames and samples a few
 * for each page that goes; a page found used moves to the youngest generation. When the hand is round, and the oldest
 * generation is empty, a new one begins. A page of the oldest generation is sampled once more before it goes: unused,
 * it is cold and goes next. Where that is the first sample since a fault brought the page in, it finds the touch that
 * faulted, which tells nothing that its place does not: it is sampled again, and the first reclaim of a full machine
 * need not go through all pages. The last stretch is exact: an eighth of the frames is on standby in order of eviction,
 * and touching a page there costs a soft fault and makes it the youngest. */
#include "usage/policy.h"

#define GENERATIONS 12u
#define COLD 12u         /* the list of pages found unused when their time had come */
#define STANDBY_SHARE 8u /* one frame in so many is kept out */
#define SWEEP 4u         /* frames that the hand samples for each page to go */
#define SWEEP_LOOK 4u    /* records that it looks at for each sample */
#define COLD_STOCK 32u   /* cold pages to have ready, so that neighbours meet and go in one write */

enum {
    LEAVING = 1, /* bit: being sampled because its time has come */
    OFFERED = 2, /* bit: named to go, not used since as far as is known */
    FAULTED = 4, /* bit: a fault brought it here, and its accessed bit has not been cleared since */
};

static uint32_t youngest; /* generation, counted round */
static uint32_t hand;

static void start(uint32_t frames)
{
    (void)frames;
    youngest = hand = 0;
}

/* The oldest generation that holds a page; the youngest where none does. */
static uint32_t oldest(void)
{
    uint32_t list = (youngest + 1) % GENERATIONS;
    while (list != youngest && order_count(list) == 0)
        list = (list + 1) % GENERATIONS;
    return list;
}

static uint32_t lesser(uint32_t a, uint32_t b) { return a < b ? a : b; }

static void make_young(frame_t frame, uint32_t bits)
{
    order_move_young(frame, youngest);
    policy_set_bits(frame, bits);
}

static void soft_touched(frame_t frame) { make_young(frame, FAULTED); }

/* What was read ahead has not been used yet: it starts half-way. */
static void inserted(frame_t frame, enum usage_why why, uint32_t distance)
{
    (void)distance;
    if (why == USAGE_TABLE_LEFT) {
        order_move_old(frame, COLD);
        return;
    }
    if (why != USAGE_READ_AHEAD) {
        make_young(frame, FAULTED);
        return;
    }
    uint32_t from = oldest(), span = (youngest + GENERATIONS - from) % GENERATIONS;
    order_move_young(frame, (from + (span + 1) / 2) % GENERATIONS);
}

static void sampled(frame_t frame, bool referenced, bool dirty)
{
    (void)dirty;
    uint32_t bits = policy_bits(frame);
    if (referenced && (bits & LEAVING) && (bits & FAULTED))
        policy_set_bits(frame, 0);
    else if (referenced)
        make_young(frame, 0);
    else if (bits & LEAVING)
        order_move_young(frame, COLD);
}

static uint32_t standby_goal(uint32_t resident) { return resident / STANDBY_SHARE; }

static uint32_t sample_leaving(uint32_t n, uint32_t want, struct usage_action *actions)
{
    frame_t frame = order_oldest(oldest());
    for (; want > 0 && !frame_same(frame, FRAME_NONE); want--) {
        n = action_add(actions, n, USAGE_SAMPLE, frame);
        policy_set_bits(frame, policy_bits(frame) | LEAVING);
        frame = order_younger(frame);
    }
    return n;
}

static void hand_advance(void)
{
    hand++;
    if (hand < policy_frame_end())
        return;
    hand = 0;
    uint32_t next = (youngest + 1) % GENERATIONS;
    if (order_count(next) == 0)
        youngest = next;
}

static uint32_t sweep(uint32_t n, uint32_t want, struct usage_action *actions)
{
    for (uint32_t looks = want * SWEEP_LOOK; want > 0 && looks > 0; looks--) {
        frame_t frame = {hand};
        uint32_t list;
        hand_advance();
        if (!order_mapped(frame, &list) || list == COLD || policy_bits(frame) & LEAVING)
            continue;
        n = action_add(actions, n, USAGE_SAMPLE, frame);
        want--;
    }
    return n;
}

static uint32_t offer_cold(uint32_t want, struct usage_action *actions)
{
    uint32_t n = 0;
    while (n < want && order_count(COLD) > 0) {
        frame_t frame = order_oldest(COLD);
        n = action_add(actions, n, USAGE_EVICT, frame);
        make_young(frame, OFFERED);
    }
    return n;
}

static uint32_t choose(uint32_t want, struct usage_action *actions, uint32_t room)
{
    uint32_t stock = lesser(COLD_STOCK, order_mapped_count() / 16), cold = order_count(COLD);
    uint32_t n = cold >= stock ? offer_cold(lesser(want, room), actions) : 0;
    uint32_t lack = cold < stock + want ? stock + want - cold : 0;
    n = sample_leaving(n, lesser(lack, (room - n) / 2), actions);
    return sweep(n, lesser(want * SWEEP, room - n), actions);
}

/* Found unused a moment ago; an older look would not do, since accessed bits are not read for this. */
static bool is_cold(frame_t frame)
{
    uint32_t list;
    return order_mapped(frame, &list) && (list == COLD || policy_bits(frame) & OFFERED);
}

static uint32_t order(uint32_t lists[POLICY_LISTS])
{
    lists[0] = COLD;
    for (uint32_t i = 1; i <= GENERATIONS; i++)
        lists[i] = (youngest + i) % GENERATIONS;
    return GENERATIONS + 1;
}

const struct policy policy = {
    .version = POLICY_VERSION,
    .name = "lru",
    .start = start,
    .inserted = inserted,
    .soft_touched = soft_touched,
    .sampled = sampled,
    .standby_goal = standby_goal,
    .choose = choose,
    .is_cold = is_cold,
    .order = order,
};
