/* The reference strings. */
#include "apps/refstring/string.h"
#include <apteryx/random.h>

#define SEED 0x2545F491u
#define LOOP_PAGES 12800u
#define BLOCK 14336u /* c: HOT_REFERENCES of the hot pages, then a stretch of the scan */
#define HOT_REFERENCES 8192u
#define HOT_PAGES 6144u
#define COLD_PAGES (STRING_PAGES - HOT_PAGES)
#define PHASE 32768u
#define PHASE_STEP 4096u
#define PHASE_PAGES 8192u

/* Floor of the square root, bit by bit. */
static uint64_t square_root(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = 1ull << 31; bit != 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= n)
            root += bit;
    return root;
}

/* Rank r weighs r^(1/8) / r. */
static void weights_make(uint32_t *weights)
{
    uint32_t sum = 0;
    for (uint32_t r = 1; r <= STRING_PAGES; r++) {
        uint32_t eighth = (uint32_t)square_root(square_root(square_root((uint64_t)r << 48)));
        sum += (eighth << 12) / r;
        weights[r - 1] = sum;
    }
}

bool string_start(struct string *s, char name, uint32_t *weights)
{
    static const struct string strings[] = {
        {.name = 'a', .count = 200000, .check = 0x15f1bc2a},
        {.name = 'b', .count = 128000, .check = 0xe22d29c5},
        {.name = 'c', .count = 344064, .check = 0xcb472e44},
        {.name = 'd', .count = 393216, .check = 0xbd861578},
    };
    if (name < 'a' || name > 'd')
        return false;
    *s = strings[name - 'a'];
    s->random = SEED;
    s->weight = weights;
    if (name == 'a')
        weights_make(weights);
    return true;
}

/* The smallest rank whose running sum is above a random part of the whole. */
static uint32_t next_a(struct string *s)
{
    uint32_t t = random_below(&s->random, s->weight[STRING_PAGES - 1]), low = 0, high = STRING_PAGES - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->weight[middle] > t)
            high = middle;
        else
            low = middle + 1;
    }
    return (low * 7919u + 13u) % STRING_PAGES;
}

static uint32_t next_c(struct string *s, uint32_t i)
{
    uint32_t block = i / BLOCK, k = i % BLOCK;
    if (k < HOT_REFERENCES)
        return random_below(&s->random, HOT_PAGES);
    return HOT_PAGES + (block * HOT_PAGES + k - HOT_REFERENCES) % COLD_PAGES;
}

static uint32_t next_d(struct string *s, uint32_t i)
{
    return (i / PHASE * PHASE_STEP + random_below(&s->random, PHASE_PAGES)) % STRING_PAGES;
}

uint32_t string_next(struct string *s)
{
    uint32_t i = s->at++;
    switch (s->name) {
    case 'a':
        return next_a(s);
    case 'b':
        return i % LOOP_PAGES;
    case 'c':
        return next_c(s, i);
    default:
        return next_d(s, i);
    }
}
