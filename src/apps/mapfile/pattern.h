/* What mapfile writes into a page of a file, so that a page tells who wrote it: a head with the writer's seed and the
 * page's number, then random words of both. Pure. */
#ifndef MAPFILE_PATTERN_H
#define MAPFILE_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

void pattern_fill(uint32_t *page, uint32_t seed, uint32_t number);
/* The writer of a page; false: it is no page of the pattern, or another page's, or not whole. */
bool pattern_check(const uint32_t *page, uint32_t number, uint32_t *seed);

#endif
