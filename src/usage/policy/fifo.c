/* fifo: pages go out in the order in which they came in, used or not. Samples nothing, so it costs no TLB flush.
 *
 * A page that is touched on its way out (a soft fault) keeps its place: it is the first to go again. */
#include "usage/policy.h"

#define QUEUE 0u
#define AHEAD 64u /* frames out at a time, so that writes go in clusters and are done before the frame is needed */

/* Age in eighths: frames carry the number of the eighth of the queue that they came in with. */
#define EIGHTHS 8u
#define COLD_AGE 6u

static uint32_t eighth, inserted_in_it;

static void start(uint32_t frames)
{
    (void)frames;
    eighth = inserted_in_it = 0;
}

static void inserted(frame_t frame, enum usage_why why, uint32_t distance)
{
    (void)why;
    (void)distance;
    order_move_young(frame, QUEUE);
    if (++inserted_in_it > order_count(QUEUE) / EIGHTHS) {
        inserted_in_it = 0;
        eighth = (eighth + 1) % EIGHTHS;
    }
    policy_set_bits(frame, eighth);
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

static bool is_cold(frame_t frame) { return (eighth - policy_bits(frame)) % EIGHTHS >= COLD_AGE; }

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
