#include "apps/bench/samples.h"
#include <apteryx/print.h>

static uint32_t sample[SAMPLES], count;

void samples_clear(void) { count = 0; }
uint32_t samples_count(void) { return count; }

/* Two readings with nothing between them. */
static uint32_t own_cost(void)
{
    static uint32_t cost = UINT32_MAX;
    for (uint32_t i = 0; cost == UINT32_MAX || i < 8; i++) {
        uint64_t begin = time_stamp();
        uint32_t passed = (uint32_t)(time_stamp() - begin);
        if (passed < cost)
            cost = passed;
    }
    return cost;
}

/* Kept in order: each goes before the larger ones. */
void sample_add(uint64_t begin)
{
    uint32_t value = (uint32_t)(time_stamp() - begin), cost = own_cost(), at = count;
    value = value > cost ? value - cost : 0;
    if (count == SAMPLES)
        return;
    for (; at > 0 && sample[at - 1] > value; at--)
        sample[at] = sample[at - 1];
    sample[at] = value;
    count++;
}

void samples_print(const char *row, const char *unit)
{
    if (count == 0)
        print("bench: %s: nothing could be measured\n", row);
    else
        result("bench", "name=%s unit=%s min=%u median=%u count=%u", row, unit, sample[0], sample[count / 2], count);
}
