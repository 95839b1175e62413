/* From one thread straight to another, without the scheduler's choice: for ipc's plain call and plain reply.
 *
 * hand_over_would_pick says whether the scheduler would choose `to` once `from`, which runs now, is parked: nobody
 * else is ready at `from`'s priority, nobody at `to`'s or above, and nothing of `to` has to be undone before it runs.
 * hand_over then does what parking, waking and choosing would have done. => no work is pending */
#ifndef KERNEL_TASK_HAND_OVER_H
#define KERNEL_TASK_HAND_OVER_H

#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/switch.h"
#include "kernel/task/task.h"

/* A running thread stays at the head of its queue. Changed by scheduler.c and hand_over only. */
struct ready {
    struct list_node queue[PRIORITIES];
    uint32_t priorities; /* bit n: queue[n] is not empty */
};
extern struct ready ready;

static inline bool hand_over_would_pick(const struct thread *from, const struct thread *to, uint32_t priority)
{
    return from->queue.next == from->queue.previous && (ready.priorities ^ 1u << from->priority) >> priority == 0 &&
           space_is_here(&to->process->space) && (!to->own || thread_space_is_here(to)) && list_empty(&to->timer) &&
           frame_same(to->page_frame, FRAME_NONE);
}

/* => from->wait and the queue where it waits (or none) are the caller's to set, behind this => to is in no queue */
static inline void hand_over(struct thread *from, struct thread *to, uint32_t priority)
{
    list_start(&ready.queue[from->priority]);
    ready.queue[priority].next = ready.queue[priority].previous = &to->queue;
    to->queue.next = to->queue.previous = &ready.queue[priority];
    ready.priorities = (ready.priorities ^ 1u << from->priority) | 1u << priority;
    to->priority = (uint8_t)priority;
    to->wait = WAIT_NONE;
    current = to;
    if (to->own)
        thread_space_load(to);
    else
        directory_load(space_directory(&to->process->space));
    arch_switch(&to->context, to->fpu, &to->process->io);
}

#endif
