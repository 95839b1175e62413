/* fifo: pages go out in the order in which they came in, used or not. Samples nothing, so it costs no TLB flush.
 *
 * A page that is touched on its way out (a soft fault) keeps its place: it is the first to go again. */
#include "usage/policy.h"

#define QUEUE 0u
#define AHEAD 64u /* frames out at a time, so that writes go in clusters and are done before the frame is needed */

/* Age: each frame carries the number of the part of the queue that it came in with. Numbers go round at eight, and
 * the queue is no longer than seven parts, so that the oldest never looks young. */
#define PARTS 7u
#define PART_NUMBERS 8u

static uint32_t part, part_length, inserted_in_it;

static void start(uint32_t frames)
{
    part = inserted_in_it = 0;
    part_length = frames / PARTS + 1;
}

static void inserted(frame_t frame, enum usage_why why, uint32_t distance)
{
    (void)distance;
    if (why == USAGE_TABLE_LEFT) {
        uint32_t bits = order_count(QUEUE) > 0 ? policy_bits(order_oldest(QUEUE)) : part;
        order_move_old(frame, QUEUE);
        policy_set_bits(frame, bits);
        return;
    }
    order_move_young(frame, QUEUE);
    if (++inserted_in_it > part_length) {
        inserted_in_it = 0;
        part = (part + 1) % PART_NUMBERS;
    }
    policy_set_bits(frame, part);
}

static void soft_touched(frame_t frame) { order_move_old(frame, QUEUE); }

static void sampled(frame_t frame, bool referenced, bool dirty)
{
    (void)frame;
    (void)referenced;
    (void)dirty;
}

static uint32_t standby_goal(uint32_t resident) { return resident / 16 < AHEAD ? resident / 16 : AHEAD; }

static uint32_t choose(uint32_t want, struct usage_action *actions, uint32_t room)
{
    uint32_t n = 0, most = order_count(QUEUE) < room ? order_count(QUEUE) : room;
    while (n < want && n < most) {
        frame_t frame = order_oldest(QUEUE);
        n = action_add(actions, n, USAGE_EVICT, frame);
        order_move_young(frame, QUEUE);
    }
    return n;
}

static uint32_t age(frame_t frame) { return (part - policy_bits(frame)) % PART_NUMBERS; }

/* As old as the first to go, or nearly. */
static bool is_cold(frame_t frame) { return age(frame) + 1 >= age(order_oldest(QUEUE)); }

const struct policy policy = {
    .version = POLICY_VERSION,
    .name = "fifo",
    .start = start,
    .inserted = inserted,
    .soft_touched = soft_touched,
    .sampled = sampled,
    .standby_goal = standby_goal,
    .choose = choose,
    .is_cold = is_cold,
};
