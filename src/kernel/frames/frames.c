/* Handing frames out and taking them back, one at a time, in constant time. */
#include "kernel/frames/pool.h"

struct frame_pool pool;
bool frames_changed;

static bool frame_is_low(frame_t frame) { return frame.n < pool.low_end; }

static void record_blank(struct frame_record *r, enum frame_state state)
{
    struct frame_record blank = {{0}};
    record_set_block(&blank, BLOCK_NONE);
    record_set_state(&blank, state);
    *r = blank;
}

void pool_put(frame_t frame, enum frame_state state)
{
    assert(state_is_free(state));
    bool low = frame_is_low(frame), zeroed = state == FRAME_ZEROED;
    frame_t second = pool.head[low][zeroed];
    struct frame_record *r = frame_record(frame);
    record_blank(r, state);
    record_set_previous(r, FRAME_NONE);
    record_set_next(r, second);
    if (!frame_same(second, FRAME_NONE))
        record_set_previous(frame_record(second), frame);
    pool.head[low][zeroed] = frame;
    pool.listed[low][zeroed]++;
    pool.count[state]++;
    frames_changed = true;
}

void pool_remove(frame_t frame, enum frame_state as)
{
    struct frame_record *r = frame_record(frame);
    enum frame_state was = record_state(r);
    assert(state_is_free(was) && !state_is_free(as) && as != FRAME_NOT_RAM);
    bool low = frame_is_low(frame), zeroed = was == FRAME_ZEROED;
    frame_t before = record_previous(r), after = record_next(r);
    if (frame_same(before, FRAME_NONE))
        pool.head[low][zeroed] = after;
    else
        record_set_next(frame_record(before), after);
    if (!frame_same(after, FRAME_NONE))
        record_set_previous(frame_record(after), before);
    assert(pool.listed[low][zeroed] > 0 && pool.count[was] > 0);
    pool.listed[low][zeroed]--;
    pool.count[was]--;
    pool.count[as]++;
    frames_changed = true;
    record_blank(r, as);
}

/* The next frame of a zone, zeroed ones first; FRAME_NONE: the zone is empty. */
static frame_t zone_first(bool low)
{
    frame_t zeroed = pool.head[low][true];
    return frame_same(zeroed, FRAME_NONE) ? pool.head[low][false] : zeroed;
}

err_t frame_take(enum frame_use use, enum frame_state as, frame_t *frame, bool *zeroed)
{
    frame_t found = use == FRAME_USE_USER ? zone_first(false) : FRAME_NONE;
    if (frame_same(found, FRAME_NONE))
        found = zone_first(true);
    if (frame_same(found, FRAME_NONE))
        return ERR_MEMORY;
    *zeroed = record_state(frame_record(found)) == FRAME_ZEROED;
    *frame = found;
    pool_remove(found, as);
    return OK;
}

void frame_return(frame_t frame)
{
    enum frame_state was = record_state(frame_record(frame));
    assert(!state_is_free(was) && was != FRAME_NOT_RAM);
    assert(pool.count[was] > 0);
    pool.count[was]--;
    pool_put(frame, FRAME_FREE);
}

err_t frame_take_unzeroed(frame_t *frame)
{
    frame_t found = pool.head[false][false];
    if (frame_same(found, FRAME_NONE))
        found = pool.head[true][false];
    if (frame_same(found, FRAME_NONE))
        return ERR_MEMORY;
    pool_remove(found, FRAME_KERNEL);
    *frame = found;
    return OK;
}

void frame_put_zeroed(frame_t frame)
{
    assert(record_state(frame_record(frame)) == FRAME_KERNEL);
    pool.count[FRAME_KERNEL]--;
    pool_put(frame, FRAME_ZEROED);
}

void frame_set_state(frame_t frame, enum frame_state state)
{
    struct frame_record *r = frame_record(frame);
    enum frame_state was = record_state(r);
    assert(!state_is_free(was) && was != FRAME_NOT_RAM);
    assert(!state_is_free(state) && state != FRAME_NOT_RAM);
    pool.count[was]--;
    pool.count[state]++;
    frames_changed = true;
    record_set_state(r, state);
}

bool frame_is_ram(frame_t frame) { return frame.n < pool.end && record_state(frame_record(frame)) != FRAME_NOT_RAM; }
