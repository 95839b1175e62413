/* The reaper: frees the spaces of what has ended, in bounded steps, when programs leave off (WORK_REAP).
 *
 * First it frees what is in RAM; then, `freed` being told, it reads back the page tables that are in swap, to free the
 * blocks that they own; then what is left is `gone`. */
#ifndef KERNEL_TASK_REAPER_H
#define KERNEL_TASK_REAPER_H

#include "kernel/linear/linear.h"

struct reaped {
    struct list_node queue;
    struct space *space;
    page_t next;
    bool swapped_too;                     /* its tables in swap are being read back */
    bool (*begin)(struct reaped *reaped); /* a step of what comes before the space; true: that is done. NULL: nothing */
    void (*freed)(struct reaped *reaped); /* NULL: nobody has to know */
    void (*gone)(struct reaped *reaped);  /* => its space can be closed */
};

void reaper_add(struct reaped *reaped);    /* => space, next and functions are set */
void reaper_prefer(struct reaped *reaped); /* before the others */
bool reaper_step(void);                    /* one bounded step. False: nothing to do now */

#endif
