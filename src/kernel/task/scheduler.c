#include "kernel/task/scheduler.h"
#include "kernel/arch/x86/clock.h"
#include "kernel/task/hand_over.h"
#include "kernel/task/work.h"

struct thread *current;
uint32_t work_pending;

struct ready ready;
static struct list_node deadlines = {&deadlines, &deadlines};

static struct thread *slice_owner; /* who shares its priority and runs until slice_end */
static uint64_t slice_end;
static uint64_t armed_until; /* 0: the timer is off */

static struct list_node *ready_queue(uint8_t priority)
{
    struct list_node *queue = &ready.queue[priority];
    if (!queue->next)
        list_start(queue);
    return queue;
}

static struct thread *thread_of_queue(struct list_node *node) { return list_member(node, struct thread, queue); }

static void ready_add(struct thread *thread)
{
    list_push_back(ready_queue(thread->priority), &thread->queue);
    ready.priorities |= 1u << thread->priority;
    work_raise(WORK_SCHEDULE);
}

static void queue_remove(struct thread *thread)
{
    list_remove(&thread->queue);
    if (thread->wait == WAIT_NONE && list_empty(ready_queue(thread->priority)))
        ready.priorities &= ~(1u << thread->priority);
    work_raise(WORK_SCHEDULE);
}

void thread_make_ready(struct thread *thread)
{
    assert(list_empty(&thread->queue));
    thread->wait = WAIT_NONE;
    ready_add(thread);
}

void thread_park(struct thread *thread, enum wait_reason why, struct list_node *queue)
{
    assert(why != WAIT_NONE);
    queue_remove(thread);
    thread->wait = why;
    if (queue)
        list_push_back(queue, &thread->queue);
}

err_t thread_park_again(struct thread *thread, enum wait_reason why, struct list_node *queue)
{
    thread->run_again = true;
    thread_park(thread, why, queue);
    return (err_t)ERR_PARKED;
}

void thread_wake(struct thread *thread)
{
    assert(thread->wait != WAIT_NONE && thread->wait != WAIT_ENDED);
    list_remove(&thread->queue);
    list_remove(&thread->timer);
    thread_make_ready(thread);
}

void thread_wake_all(struct list_node *queue)
{
    for (struct list_node *node; (node = list_first(queue)) != NULL;)
        thread_wake(thread_of_queue(node));
}

static bool is_due_by(const struct list_node *timer, uint64_t us)
{
    return list_member(timer, const struct thread, timer)->deadline <= us;
}

/* Behind all that are due no later. Looked for from both ends: of many threads most sleep equally long, or for ever. */
static struct list_node *deadline_place(uint64_t until_us)
{
    struct list_node *front = deadlines.next, *back = deadlines.previous;
    while (front != &deadlines && is_due_by(front, until_us) && back != &deadlines && !is_due_by(back, until_us)) {
        front = front->next;
        back = back->previous;
    }
    return front == &deadlines || !is_due_by(front, until_us) ? front : back->next;
}

void thread_set_deadline(struct thread *thread, uint64_t until_us)
{
    list_remove(&thread->timer);
    thread->deadline = until_us;
    work_raise(WORK_SCHEDULE);
    list_insert_before(deadline_place(until_us), &thread->timer);
}

void thread_set_priority(struct thread *thread, uint8_t effective)
{
    if (thread->priority == effective)
        return;
    bool is_ready = thread->wait == WAIT_NONE;
    if (is_ready)
        queue_remove(thread);
    thread->priority = effective;
    if (is_ready)
        ready_add(thread);
}

void thread_yield(struct thread *thread)
{
    queue_remove(thread);
    ready_add(thread);
}

err_t thread_again(struct thread *thread)
{
    thread->run_again = true;
    work_raise(WORK_SCHEDULE);
    return (err_t)ERR_PARKED;
}

struct thread *scheduler_pick(void)
{
    if (!ready.priorities)
        return NULL;
    uint8_t highest = (uint8_t)(31 - __builtin_clz(ready.priorities));
    return thread_of_queue(list_first(ready_queue(highest)));
}

static uint64_t first_deadline(void)
{
    struct list_node *first = list_first(&deadlines);
    return first ? list_member(first, struct thread, timer)->deadline : 0;
}

void scheduler_timer_update(const struct thread *next)
{
    bool shared = next && next->queue.next != next->queue.previous;
    if (!shared) {
        slice_owner = NULL;
    } else if (slice_owner != next) {
        slice_owner = (struct thread *)(uintptr_t)next;
        slice_end = clock_now_us() + SLICE_US;
    }
    uint64_t until = first_deadline();
    if (slice_owner && (!until || slice_end < until))
        until = slice_end;
    if (until == armed_until)
        return;
    armed_until = until;
    if (until)
        timer_arm(until);
    else
        timer_disarm();
}

void scheduler_timer_expired(void)
{
    uint64_t now = clock_now_us();
    armed_until = 0;
    work_raise(WORK_SCHEDULE);
    for (uint64_t due; (due = first_deadline()) != 0 && due <= now;)
        thread_wake(list_member(list_first(&deadlines), struct thread, timer));
    if (slice_owner && slice_end <= now) {
        if (slice_owner->wait == WAIT_NONE)
            thread_yield(slice_owner);
        slice_owner = NULL;
    }
}
