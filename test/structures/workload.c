#include "workload.h"
#include <apteryx/random.h>

static uint32_t state;

void workload_start(uint32_t seed) { state = random_start(seed, 0); }
uint32_t workload_below(uint32_t n) { return random_below(&state, n); }

/* Text, constants, data and a guard; behind one group in sixteen something of 1 to 5 MiB; then a gap. */
static void make_libraries(struct region *regions, uint32_t count)
{
    static const uint32_t most[] = {16, 8, 4, 1};
    uint32_t at = LAYOUT_FIRST;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t part = i % 4, pages = 1 + workload_below(most[part]);
        if (part == 2 && workload_below(16) == 0)
            pages = 256 + workload_below(1024);
        regions[i] = (struct region){{at}, {at + pages}, part == 3 ? ENTRY_GUARD : ENTRY_ON_DEMAND};
        at += pages + (part == 3 ? 1 + workload_below(32) : 0);
    }
}

static void make_alternating(struct region *regions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = LAYOUT_FIRST + 2 * i;
        regions[i] = (struct region){{at}, {at + 1}, i % 2 ? ENTRY_GUARD : ENTRY_ON_DEMAND};
    }
}

static void make_scattered(struct region *regions, uint32_t count)
{
    uint32_t share = (LAYOUT_END - LAYOUT_FIRST) / count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t pages = 1 + workload_below(16);
        uint32_t at = LAYOUT_FIRST + share * i + workload_below(share - pages);
        regions[i] = (struct region){{at}, {at + pages}, ENTRY_ON_DEMAND};
    }
}

const struct layout layouts[] = {
    {"libraries", 4, make_libraries},
    {"alternating", 1, make_alternating},
    {"scattered", 1, make_scattered},
};
const uint32_t layout_count = sizeof layouts / sizeof *layouts;

void workload_order(const struct layout *layout, uint32_t *order, uint32_t count)
{
    uint32_t groups = (count + layout->group - 1) / layout->group, filled = 0;
    uint32_t turn[groups];
    for (uint32_t i = 0; i < groups; i++) {
        uint32_t other = workload_below(i + 1);
        turn[i] = turn[other];
        turn[other] = i;
    }
    for (uint32_t i = 0; i < groups; i++)
        for (uint32_t j = 0; j < layout->group; j++)
            if (turn[i] * layout->group + j < count)
                order[filled++] = turn[i] * layout->group + j;
}
