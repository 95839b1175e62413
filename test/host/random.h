/* Random numbers that are the same on every machine: xorshift, 32 bits. Each file that includes this has a generator of
 * its own. => random_state has been set, and not to 0 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

static uint32_t random_state;

static inline uint32_t below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return (uint32_t)((uint64_t)random_state * n >> 32);
}

#endif
