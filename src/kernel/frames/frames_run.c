/* Consecutive frames, for DMA and boot memory. Rare, so it may walk the records; each is looked at once. */
#include "kernel/frames/pool.h"

/* The highest frame of [first, first + count) that is not free; false: all are. */
static bool highest_used(uint32_t first, uint32_t count, uint32_t *used)
{
    for (uint32_t n = first + count; n > first; n--) {
        if (!state_is_free(record_state(frame_record((frame_t){n - 1})))) {
            *used = n - 1;
            return true;
        }
    }
    return false;
}

/* From the top down: what lies low is scarce (ISA devices reach 16 MiB only). A frame in use rules out every run that
 * holds it, so the next candidate ends below it. */
err_t frame_take_run(uint32_t count, uint32_t align, uint32_t limit, enum frame_state as, frame_t *first)
{
    assert(align != 0 && (align & (align - 1)) == 0);
    if (count == 0)
        return ERR_RANGE;
    uint32_t end = limit < pool.end ? limit : pool.end;
    while (end >= count) {
        uint32_t start = (end - count) & ~(align - 1);
        if (!highest_used(start, count, &end)) {
            for (uint32_t n = start; n < start + count; n++)
                pool_remove((frame_t){n}, as);
            *first = (frame_t){start};
            return OK;
        }
    }
    return ERR_MEMORY;
}

void frame_return_range(struct frame_range r)
{
    for (uint32_t n = r.first; n < r.end && n < pool.end; n++) {
        if (record_state(frame_record((frame_t){n})) == FRAME_KERNEL)
            frame_return((frame_t){n});
    }
}
