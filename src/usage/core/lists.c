/* Lists of frames, doubly linked through the link bits of their records; which list, in the policy bits. */
#include "usage/core/core.h"

struct frame_list {
    frame_t oldest, youngest;
    uint32_t count;
};
static struct frame_list lists[LIST_COUNT];

struct usage_setup core_setup;

void lists_start(void)
{
    for (uint32_t i = 0; i < LIST_COUNT; i++)
        lists[i] = (struct frame_list){FRAME_NONE, FRAME_NONE, 0};
}

uint32_t policy_bits(frame_t frame) { return bits_get(frame, 0, POLICY_BITS_MASK); }
void policy_set_bits(frame_t frame, uint32_t bits) { bits_put(frame, 0, POLICY_BITS_MASK, bits); }
uint32_t policy_frame_end(void) { return core_setup.frame_end; }

/* Puts a frame that is on no list between two neighbours of `list` (FRAME_NONE: its end). */
static inline void link_between(frame_t frame, uint32_t list, frame_t older, frame_t younger)
{
    struct frame_record *r = core_record(frame);
    record_set_previous(r, older);
    record_set_next(r, younger);
    if (frame_same(older, FRAME_NONE))
        lists[list].oldest = frame;
    else
        record_set_next(core_record(older), frame);
    if (frame_same(younger, FRAME_NONE))
        lists[list].youngest = frame;
    else
        record_set_previous(core_record(younger), frame);
    lists[list].count++;
    set_list(frame, list);
}

static void unlink(frame_t frame, uint32_t list)
{
    struct frame_record *r = core_record(frame);
    frame_t older = record_previous(r), younger = record_next(r);
    if (frame_same(older, FRAME_NONE))
        lists[list].oldest = younger;
    else
        record_set_next(core_record(older), younger);
    if (frame_same(younger, FRAME_NONE))
        lists[list].youngest = older;
    else
        record_set_previous(core_record(younger), older);
    assert(lists[list].count > 0);
    lists[list].count--;
    set_list(frame, LIST_NONE);
}

void list_remove_frame(frame_t frame)
{
    if (list_of(frame) != LIST_NONE)
        unlink(frame, list_of(frame));
}

void order_move_young(frame_t frame, uint32_t list)
{
    assert(list < LIST_COUNT);
    list_remove_frame(frame);
    link_between(frame, list, lists[list].youngest, FRAME_NONE);
}

void order_move_old(frame_t frame, uint32_t list)
{
    assert(list < LIST_COUNT);
    list_remove_frame(frame);
    link_between(frame, list, FRAME_NONE, lists[list].oldest);
}

frame_t order_oldest(uint32_t list)
{
    assert(list < LIST_COUNT);
    return lists[list].oldest;
}

frame_t order_younger(frame_t frame)
{
    assert(list_of(frame) != LIST_NONE);
    return record_next(core_record(frame));
}

uint32_t order_count(uint32_t list)
{
    assert(list < LIST_COUNT);
    return lists[list].count;
}

bool order_mapped(frame_t frame, uint32_t *list)
{
    *list = list_of(frame);
    return *list < POLICY_LISTS;
}

uint32_t order_mapped_count(void)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < POLICY_LISTS; i++)
        sum += lists[i].count;
    return sum;
}

uint32_t action_add(struct usage_action *actions, uint32_t n, enum usage_action_kind kind, frame_t frame)
{
    actions[n] = (struct usage_action){kind, frame};
    return n + 1;
}
