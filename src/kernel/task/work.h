/* What there is to do before a program goes on. Whoever makes the work raises its bit, kernel_next does it and lowers
 * the bit when nothing of it is left. While no bit is set, the thread that entered the kernel goes on at once. */
#ifndef KERNEL_TASK_WORK_H
#define KERNEL_TASK_WORK_H

#include <stdint.h>

enum work {
    WORK_SCHEDULE = 1u << 0, /* who runs next, until when, or with which ports, has to be found out */
    WORK_REAP = 1u << 1,     /* ended processes are still to be freed */
    WORK_RECLAIM = 1u << 2,  /* free frames are below the watermark, or on their way up again */
    WORK_SUBMIT = 1u << 3,   /* swap requests wait, or a batch for them has become free */
};
extern uint32_t work_pending;

static inline void work_raise(enum work bit) { work_pending |= bit; }
static inline void work_lower(enum work bit) { work_pending &= ~(uint32_t)bit; }

#endif
