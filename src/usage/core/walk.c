/* A walk along the order in which mapped frames would go, oldest first, which moves none of them. */
#include "usage/core/core.h"

static frame_t next; /* where it goes on; FRAME_NONE: at the oldest */

void walk_start(void) { next = FRAME_NONE; }

uint32_t core_order(uint32_t lists[POLICY_LISTS])
{
    lists[0] = 0;
    return policy.order != NULL ? policy.order(lists) : 1;
}

/* Which of the lists the walk has come to. What has left its list since is looked for no more: the walk begins anew. */
static uint32_t resume(const uint32_t *lists, uint32_t count)
{
    if (!frame_same(next, FRAME_NONE))
        for (uint32_t i = 0; i < count; i++)
            if (list_of(next) == lists[i])
                return i;
    next = order_oldest(lists[0]);
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
            next = order_oldest(lists[i]);
        } else {
            return n;
        }
    }
    return n;
}
