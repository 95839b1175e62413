/* What kernel_next needs of the scheduler; nobody else. */
#ifndef KERNEL_TASK_SCHEDULER_H
#define KERNEL_TASK_SCHEDULER_H

#include "kernel/task/task.h"

struct thread *scheduler_pick(void);                    /* the first of the highest priority; NULL: nobody is ready */
void scheduler_timer_update(const struct thread *next); /* arm the timer for the next deadline or end of slice */
void scheduler_timer_expired(void);                     /* wake whose deadline has come; end the slice */

#endif
