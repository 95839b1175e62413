#include "apps/mapfile/pattern.h"
#include <apteryx/random.h>

#define WORDS 1024u
#define MAGIC 0x4D415046u
#define HEAD 3u /* magic, stamp, number of the page */

void pattern_fill(uint32_t *page, uint32_t stamp, uint32_t number)
{
    uint32_t state = random_start(stamp, number);
    page[0] = MAGIC;
    page[1] = stamp;
    page[2] = number;
    for (uint32_t i = HEAD; i < WORDS; i++)
        page[i] = random_next(&state);
}

bool pattern_check(const uint32_t *page, uint32_t number, uint32_t *stamp)
{
    uint32_t state = random_start(page[1], number);
    bool whole = page[0] == MAGIC && page[2] == number;
    for (uint32_t i = HEAD; i < WORDS; i++)
        whole &= page[i] == random_next(&state);
    *stamp = page[1];
    return whole;
}
