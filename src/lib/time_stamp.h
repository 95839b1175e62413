/* The processor's time-stamp counter, its low half: under tools/run --icount it counts instructions. */
#ifndef LIB_TIME_STAMP_H
#define LIB_TIME_STAMP_H

#include <stdint.h>

static inline uint32_t time_stamp(void)
{
    uint32_t low;
    asm volatile("rdtsc" : "=a"(low) : : "edx", "memory");
    return low;
}

#endif
