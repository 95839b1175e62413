/* What the time-stamp counter of this machine counts. */
#ifndef BENCH_UNIT_H
#define BENCH_UNIT_H

#include <stdbool.h>

/* Instructions, one each, as tools/run says of a machine that it started so (--icount, Bochs); elsewhere time. */
bool instructions_are_counted(void);

#endif
