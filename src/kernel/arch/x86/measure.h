/* How many ticks of a counter a wait takes that a device measures out. Pure.
 *
 * The machine may stand still between any two instructions, and for long: a host has other work. So each look at the
 * device lies between two looks at the counter; a round tells the bounds between which the wait must be, and of several
 * rounds the narrowest counts. Standing still in the middle of the wait does no harm: counter and device both go on. */
#ifndef KERNEL_ARCH_X86_MEASURE_H
#define KERNEL_ARCH_X86_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#define MEASURE_ROUNDS 16 /* at most; the first whose doubt is below one part in MEASURE_FINE ends it */
#define MEASURE_FINE 1024u

struct stopwatch {
    uint64_t (*now)(void); /* the counter; never goes back */
    void (*start)(void);   /* the wait begins within this call */
    bool (*over)(void);    /* false until the wait is over, then true */
};

struct measured {
    uint64_t ticks, doubt; /* the wait took ticks - doubt … ticks + doubt */
};

struct measured measure(const struct stopwatch *watch);

#endif
