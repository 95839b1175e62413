/* A walk along the order in which mapped frames would go, oldest first, which moves none of them. */
#include "usage/core/core.h"

static frame_t next;  /* where it goes on; FRAME_NONE: behind its list */
static uint32_t list; /* the list that it has come to; POLICY_LISTS: before the first */

void walk_start(void)
{
    next = FRAME_NONE;
    list = POLICY_LISTS;
}

uint32_t core_order(uint32_t lists[POLICY_LISTS])
{
    lists[0] = 0;
    return policy.order != NULL ? policy.order(lists) : 1;
}

static void begin_list(uint32_t which)
{
    list = which;
    next = order_oldest(which);
}

/* Which of the lists it goes on in. What has left its list since is looked for no more: the walk begins anew. */
static uint32_t resume(const uint32_t *lists, uint32_t count)
{
    if (frame_same(next, FRAME_NONE) || list_of(next) == list)
        for (uint32_t i = 0; i < count; i++)
            if (lists[i] == list)
                return i;
    begin_list(lists[0]);
    return 0;
}

uint32_t core_oldest(frame_t *frames, uint32_t room)
{
    uint32_t lists[POLICY_LISTS], count = core_order(lists), n = 0;
    for (uint32_t i = resume(lists, count); n < room;) {
        if (!frame_same(next, FRAME_NONE)) {
            frames[n++] = next;
            next = order_younger(next);
        } else if (++i < count) {
            begin_list(lists[i]);
        } else {
            walk_start();
            return n;
        }
    }
    return n;
}
