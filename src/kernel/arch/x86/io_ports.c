#include "kernel/arch/x86/io_ports.h"
#include "common/assert.h"
#include "common/string.h"
#include "kernel/arch/x86/descriptors.h"
#include <stdbool.h>

static struct io_ranges applied; /* what the bitmap says now; it is in force while task_state.bitmap is inside */

static void bitmap_set(const struct io_ranges *ranges, bool allowed)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        for (uint32_t n = 0; n < ranges->range[i].count; n++) {
            uint32_t port = (uint32_t)ranges->range[i].first + n;
            uint8_t bit = (uint8_t)(1u << port % 8u), *byte = &task_state.io[port / 8u % IO_BITMAP_BYTES];
            *byte = (uint8_t)(allowed ? *byte & ~bit : *byte | bit);
        }
}

static bool same(const struct io_ranges *a, const struct io_ranges *b)
{
    return a->count == b->count && memcmp(a->range, b->range, a->count * sizeof a->range[0]) == 0;
}

void io_ports_allow(const struct io_ranges *ranges)
{
    assert(ranges->count > 0);
    if (!same(ranges, &applied)) {
        bitmap_set(&applied, false);
        bitmap_set(ranges, true);
        applied = *ranges;
    }
    task_state.bitmap = offsetof(struct task_state, io);
}
