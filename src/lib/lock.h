/* A lock between the threads of one process, for short sections. A thread that finds it taken sleeps a moment, so that
 * one of a lower priority can finish. */
#ifndef LIB_LOCK_H
#define LIB_LOCK_H

#include <apteryx/time.h>

struct lock {
    uint32_t taken;
};

static inline void lock_take(struct lock *lock)
{
    while (__atomic_exchange_n(&lock->taken, 1u, __ATOMIC_ACQUIRE) != 0)
        time_sleep_us(200);
}
static inline void lock_release(struct lock *lock) { __atomic_store_n(&lock->taken, 0u, __ATOMIC_RELEASE); }

#endif
