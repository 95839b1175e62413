#include "apps/stress/walk.h"
#include <apteryx/random.h>

#define PERMUTATION_ROUNDS 4u
#define LOOP_PARTS 8u
#define HOT_PART 4u
#define SCATTER 1021u /* a prime: neighbours in rank are not neighbours in memory */

static uint32_t bits_for(uint32_t n)
{
    uint32_t bits = 0;
    while (bits < 32 && (1ull << bits) < n)
        bits++;
    return bits;
}

/* A Feistel network is a permutation of 2^(2 * half_bits) numbers; walking its cycle on to the next one below `pages`
 * makes it one of exactly these. */
static uint32_t permuted(const struct walk *walk, uint32_t i)
{
    uint32_t mask = (1u << walk->half_bits) - 1;
    do {
        uint32_t left = i >> walk->half_bits, right = i & mask;
        for (uint32_t round = 0; round < PERMUTATION_ROUNDS; round++) {
            uint32_t next = left ^ (random_start(walk->key + round, right) & mask);
            left = right;
            right = next;
        }
        i = left << walk->half_bits | right;
    } while (i >= walk->pages);
    return i;
}

/* Each octave of ranks weighs the same: an octave, then a rank in it. */
static uint32_t zipf(struct walk *walk)
{
    uint32_t rank, octaves = bits_for(walk->pages + 1);
    do {
        uint32_t first = 1u << random_below(&walk->random, octaves);
        rank = first - 1 + random_below(&walk->random, first);
    } while (rank >= walk->pages);
    return rank * SCATTER % walk->pages;
}

/* Part p is walked in visits 2p * part … 2(p + 1) * part; the last part may be shorter. */
static uint32_t loop(const struct walk *walk)
{
    uint32_t part = (walk->pages + LOOP_PARTS - 1) / LOOP_PARTS;
    uint32_t first = walk->visit / (2 * part) * part;
    uint32_t here = walk->pages - first < part ? walk->pages - first : part;
    return first + (walk->visit - 2 * first) % here;
}

static uint32_t scan_hot(struct walk *walk)
{
    uint32_t hot = (walk->pages + HOT_PART - 1) / HOT_PART;
    return walk->visit % 2 == 0 ? walk->visit / 2 : random_below(&walk->random, hot);
}

void walk_start(struct walk *walk, enum pattern pattern, uint32_t pages, uint32_t seed)
{
    bool twice = pattern == PATTERN_LOOP || pattern == PATTERN_SCAN_HOT;
    *walk = (struct walk){.pattern = pattern,
                          .pages = pages,
                          .visits = twice ? 2 * pages : pages,
                          .random = random_start(seed, 0),
                          .key = random_start(seed, 1),
                          .half_bits = (bits_for(pages) + 1) / 2};
}

static uint32_t visit_page(struct walk *walk)
{
    switch (walk->pattern) {
    case PATTERN_SEQ:
    case PATTERN_SPARSE:
        return walk->visit;
    case PATTERN_RANDOM:
        return permuted(walk, walk->visit);
    case PATTERN_ZIPF:
        return zipf(walk);
    case PATTERN_LOOP:
        return loop(walk);
    case PATTERN_SCAN_HOT:
        return scan_hot(walk);
    }
    return 0;
}

bool walk_next(struct walk *walk, uint32_t *page)
{
    if (walk->visit == walk->visits)
        return false;
    *page = visit_page(walk);
    walk->visit++;
    return true;
}
