#include "reference_strings.h"
#include "random.h"
#include <stdbool.h>
#include <stdlib.h>

static uint64_t isqrt(uint64_t v)
{
    uint64_t root = 0;
    for (uint64_t bit = 1ull << 31; bit > 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= v)
            root += bit;
    }
    return root;
}

static uint32_t cumulated[REFERENCE_PAGES];

static void weigh(void)
{
    uint64_t sum = 0;
    for (uint64_t r = 1; r <= REFERENCE_PAGES; r++) {
        uint64_t e = isqrt(isqrt(isqrt(r << 48)));
        sum += (e << 12) / r;
        cumulated[r - 1] = (uint32_t)sum;
    }
}

static uint32_t page_a(void)
{
    uint32_t t = below(cumulated[REFERENCE_PAGES - 1]), low = 0, high = REFERENCE_PAGES - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (cumulated[middle] > t)
            high = middle;
        else
            low = middle + 1;
    }
    return (low * 7919 + 13) % REFERENCE_PAGES;
}

static uint32_t page_c(uint32_t i)
{
    uint32_t block = i / 14336, k = i % 14336;
    return k < 8192 ? below(6144) : 6144 + (block * 6144 + k - 8192) % 18432;
}

static uint32_t page_of(char name, uint32_t i)
{
    if (name == 'a')
        return page_a();
    if (name == 'b')
        return i % 12800;
    if (name == 'c')
        return page_c(i);
    return (i / 32768 * 4096 + below(8192)) % REFERENCE_PAGES;
}

struct reference_string reference_string(char name)
{
    static const struct reference_string all[] = {
        {'a', 200000, 0x15f1bc2a, NULL},
        {'b', 128000, 0xe22d29c5, NULL},
        {'c', 344064, 0xcb472e44, NULL},
        {'d', 393216, 0xbd861578, NULL},
    };
    struct reference_string s = all[name - 'a'];
    s.page = malloc(s.count * sizeof *s.page);
    random_state = 0x2545F491;
    weigh();
    for (uint32_t i = 0; i < s.count; i++)
        s.page[i] = page_of(name, i);
    return s;
}

uint32_t reference_check(const struct reference_string *s)
{
    uint32_t h = 2166136261u;
    for (uint32_t i = 0; i < s->count; i++)
        h = (h ^ s->page[i]) * 16777619u;
    return h;
}

/* A ring of pages through their numbers, REFERENCE_PAGES being its head: next is older, previous younger. */
#define HEAD REFERENCE_PAGES
static uint32_t next[REFERENCE_PAGES + 1], previous[REFERENCE_PAGES + 1], held;
static bool resident[REFERENCE_PAGES];

static void unlink(uint32_t page)
{
    next[previous[page]] = next[page];
    previous[next[page]] = previous[page];
}

static void link_first(uint32_t page)
{
    next[page] = next[HEAD];
    previous[page] = HEAD;
    previous[next[HEAD]] = page;
    next[HEAD] = page;
}

/* One reference; true: a miss. */
static bool reference(uint32_t page, uint32_t frames, bool lru)
{
    bool hit = resident[page];
    if (hit && !lru)
        return false;
    if (hit)
        unlink(page);
    else if (held == frames) {
        resident[previous[HEAD]] = false;
        unlink(previous[HEAD]);
    } else {
        held++;
    }
    resident[page] = true;
    link_first(page);
    return !hit;
}

static uint32_t misses(const struct reference_string *s, uint32_t frames, bool lru)
{
    uint32_t count = 0;
    held = 0;
    next[HEAD] = previous[HEAD] = HEAD;
    for (uint32_t page = 0; page < REFERENCE_PAGES; page++)
        resident[page] = false;
    for (uint32_t page = 0; page < REFERENCE_PAGES; page++)
        reference(page, frames, lru);
    for (uint32_t i = 0; i < s->count; i++)
        count += reference(s->page[i], frames, lru);
    return count;
}

uint32_t exact_lru(const struct reference_string *s, uint32_t frames) { return misses(s, frames, true); }
uint32_t exact_fifo(const struct reference_string *s, uint32_t frames) { return misses(s, frames, false); }
