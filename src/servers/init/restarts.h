/* When to give a service up: it ended by itself RESTARTS_MAX times within one second. Pure. */
#ifndef INIT_RESTARTS_H
#define INIT_RESTARTS_H

#include <stdbool.h>
#include <stdint.h>

#define RESTARTS_MAX 8u
#define RESTARTS_WITHIN_US 1000000u

struct restarts {
    uint64_t ended_us[RESTARTS_MAX]; /* a ring: when the last ones ended */
    uint32_t count;
};

/* Notes an end; true: that was one too many. */
static inline bool restarts_note(struct restarts *restarts, uint64_t now_us)
{
    uint64_t *oldest = &restarts->ended_us[restarts->count % RESTARTS_MAX];
    bool too_many = restarts->count >= RESTARTS_MAX && now_us - *oldest < RESTARTS_WITHIN_US;
    *oldest = now_us;
    restarts->count++;
    return too_many;
}

#endif
