/* What mapfile writes into a page of a file, so that a page tells who wrote it, and in which round: a head with this stamp
 * and the page's number, then random words of both. Pure. */
#ifndef MAPFILE_PATTERN_H
#define MAPFILE_PATTERN_H

#include <apteryx/random.h>
#include <stdbool.h>
#include <stdint.h>

#define PATTERN_WORDS 1024u
#define PATTERN_MAGIC 0x4D415046u
#define PATTERN_HEAD 3u /* words: magic, stamp, number of the page */

/* => seed and round below 65,536 */
static inline uint32_t pattern_stamp(uint32_t seed, uint32_t round) { return seed << 16 | round; }
static inline uint32_t pattern_seed(uint32_t stamp) { return stamp >> 16; }

static inline void pattern_fill(uint32_t *page, uint32_t stamp, uint32_t number)
{
    uint32_t state = random_start(stamp, number);
    page[0] = PATTERN_MAGIC;
    page[1] = stamp;
    page[2] = number;
    for (uint32_t i = PATTERN_HEAD; i < PATTERN_WORDS; i++)
        page[i] = random_next(&state);
}

/* The stamp of a page; false: it is no page of the pattern, or another page's, or not whole. */
static inline bool pattern_check(const uint32_t *page, uint32_t number, uint32_t *stamp)
{
    uint32_t state = random_start(page[1], number);
    bool whole = page[0] == PATTERN_MAGIC && page[2] == number;
    for (uint32_t i = PATTERN_HEAD; i < PATTERN_WORDS; i++)
        whole &= page[i] == random_next(&state);
    *stamp = page[1];
    return whole;
}

#endif
