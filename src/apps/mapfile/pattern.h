/* What mapfile writes into a page of a file, so that a page tells who wrote it, and in which round: a head with this stamp
 * and the page's number, then random words of both. Pure. */
#ifndef MAPFILE_PATTERN_H
#define MAPFILE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

/* => seed and round below 65,536 */
static inline uint32_t pattern_stamp(uint32_t seed, uint32_t round) { return seed << 16 | round; }
static inline uint32_t pattern_seed(uint32_t stamp) { return stamp >> 16; }

void pattern_fill(uint32_t *page, uint32_t stamp, uint32_t number);
/* The stamp of a page; false: it is no page of the pattern, or another page's, or not whole. */
bool pattern_check(const uint32_t *page, uint32_t number, uint32_t *stamp);

#endif
