/* One monotonic clock: microseconds since boot. */
#ifndef APTERYX_TIME_H
#define APTERYX_TIME_H

#include <apteryx/types.h>

uint64_t time_now_us(void);
void time_sleep_us(uint64_t us);
void time_sleep_until_us(uint64_t moment);

#endif
