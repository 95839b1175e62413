/* Small generators: the same seed gives the same numbers everywhere. */
#ifndef APTERYX_RANDOM_H
#define APTERYX_RANDOM_H

#include <stdint.h>

/* xorshift32 (Marsaglia 2003). => the state is not 0 */
static inline uint32_t random_next(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

/* 0 … n - 1, by the high half of a product. */
static inline uint32_t random_below(uint32_t *state, uint32_t n)
{
    return (uint32_t)(((uint64_t)random_next(state) * n) >> 32);
}

/* A state for (seed, stream) that is never 0: the finalizer of MurmurHash3. */
static inline uint32_t random_start(uint32_t seed, uint32_t stream)
{
    uint32_t h = seed ^ (stream * 0x9E3779B9u);
    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    h ^= h >> 16;
    return h != 0 ? h : 0x2545F491u;
}

#endif
