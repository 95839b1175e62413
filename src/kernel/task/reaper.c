#include "kernel/task/reaper.h"
#include "kernel/pager/pager.h"
#include "kernel/task/task.h"
#include "kernel/task/work.h"

static struct list_node reaping = {&reaping, &reaping};
static uint32_t reaping_count, waiting; /* waiting: how many, one after the other, could not go on */

void reaper_add(struct reaped *reaped)
{
    list_start(&reaped->queue);
    list_push_back(&reaping, &reaped->queue);
    reaping_count++;
    work_raise(WORK_REAP);
}

void reaper_prefer(struct reaped *reaped)
{
    list_remove(&reaped->queue);
    list_push_front(&reaping, &reaped->queue);
}

static void to_the_end(struct reaped *reaped)
{
    list_remove(&reaped->queue);
    list_push_back(&reaping, &reaped->queue);
}

/* When all of them wait for their tables, so does the reaper: each table that arrives raises WORK_REAP. */
static bool wait_for_tables(struct reaped *first)
{
    to_the_end(first);
    if (++waiting < reaping_count)
        return true;
    waiting = 0;
    work_lower(WORK_REAP);
    return false;
}

static void space_freed(struct reaped *reaped)
{
    reaped->swapped_too = true;
    reaped->next = reaped->space->master ? reaped->space->process_end : (page_t){0};
    to_the_end(reaped); /* whoever waits for another comes before the disk */
    if (reaped->freed)
        reaped->freed(reaped);
}

static void gone(struct reaped *reaped)
{
    list_remove(&reaped->queue);
    reaping_count--;
    reaped->gone(reaped);
}

/* A master goes after the own spaces of its threads. */
static bool may_go(const struct reaped *reaped) { return reaped->space->master || list_empty(&reaped->space->family); }

static bool reap(struct reaped *reaped)
{
    if (reaped->begin && !reaped->begin(reaped))
        return true;
    err_t error = pager_space_free_step(reaped->space, &reaped->next, reaped->swapped_too);
    if (error == ERR_BUSY || (error == OK && reaped->swapped_too && !may_go(reaped)))
        return wait_for_tables(reaped);
    waiting = 0;
    if (error == OK && reaped->swapped_too)
        gone(reaped);
    else if (error == OK)
        space_freed(reaped);
    return true;
}

bool reaper_step(void)
{
    if (!(work_pending & WORK_REAP))
        return false;
    if (process_doomed_step())
        return true;
    struct list_node *first = list_first(&reaping);
    if (!first)
        work_lower(WORK_REAP);
    return first && reap(list_member(first, struct reaped, queue));
}
