/* The library's generator for tests: each file that includes this has a state of its own. => set, and not to 0 */
#ifndef RANDOM_H
#define RANDOM_H

#include <apteryx/random.h>

static uint32_t random_state;

static inline uint32_t below(uint32_t n) { return random_below(&random_state, n); }

#endif
