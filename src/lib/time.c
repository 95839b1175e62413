/* The clock. */
#include "lib/system_call.h"
#include <apteryx/time.h>

uint64_t time_now_us(void)
{
    struct gate g = {0, 0, 0, 0};
    (void)system_call(SYSCALL_time_now, &g);
    return ((uint64_t)g.d << 32) | g.b;
}

void time_sleep_until_us(uint64_t moment)
{
    (void)system_call_plain(SYSCALL_time_sleep_until, (uint32_t)moment, (uint32_t)(moment >> 32), 0, 0);
}

void time_sleep_us(uint64_t us) { time_sleep_until_us(time_now_us() + us); }
