#include "apps/bench/samples.h"
#include <apteryx/print.h>

static uint32_t sample[SAMPLES], count;

void samples_clear(void) { count = 0; }
uint32_t samples_count(void) { return count; }

/* Kept in order: each goes before the larger ones. */
void sample_add(uint32_t value)
{
    if (count == SAMPLES)
        return;
    uint32_t at = count++;
    for (; at > 0 && sample[at - 1] > value; at--)
        sample[at] = sample[at - 1];
    sample[at] = value;
}

void samples_print(const char *row, const char *unit)
{
    if (count == 0)
        print("bench: %s: nothing could be measured\n", row);
    else
        result("bench", "name=%s unit=%s min=%u median=%u count=%u", row, unit, sample[0], sample[count / 2], count);
}
