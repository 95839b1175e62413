/* frames: the physical memory manager. Knows which frames exist, hands them out and takes them back.
 *
 * Low frames (below low_end, direct-mapped) serve tables, directories, records and kernel objects; user pages come
 * from high frames first. Knows nothing of entries, spaces, policies or threads. Units: frames. */
#ifndef KERNEL_FRAMES_FRAMES_H
#define KERNEL_FRAMES_FRAMES_H

#include "abi/errors.h"
#include "common/assert.h"
#include "common/frame_record.h"

struct frame_range {
    uint32_t first, end;
}; /* end exclusive */

/* What boot found: RAM (type 1 only, page-aligned inwards) and what in it is taken (kernel, modules, Multiboot). */
#define FRAME_RANGES_MAX 64u
struct frame_map {
    struct frame_range ram[FRAME_RANGES_MAX];
    uint32_t ram_count;
    struct frame_range taken[FRAME_RANGES_MAX];
    uint32_t taken_count;
    uint32_t limit; /* frames from here on are not used (3 GiB) */
};

/* Where the record array goes: the lowest free range that holds it, below low_end. ERR_MEMORY: none. */
MUST_USE err_t frames_place_records(const struct frame_map *map, uint32_t low_end, struct frame_range *where);

/* => records: memory of that range, mapped, any content => all RAM that is not taken becomes FREE. */
void frames_start(const struct frame_map *map, uint32_t low_end, struct frame_record *records,
                  struct frame_range where);

enum frame_use { FRAME_USE_USER, FRAME_USE_LOW }; /* USER: high first; LOW: direct-mapped only */

/* Take one frame. => its record's state is `as`, block none, flags 0, space and page 0 => *zeroed says whether it is
 * all zeros => ERR_MEMORY: none free in that zone (ask the pager to reclaim; nothing changed). */
MUST_USE err_t frame_take(enum frame_use use, enum frame_state as, frame_t *frame, bool *zeroed);

/* Take `count` consecutive frames that end at or below frame `limit`, aligned to `align` frames (a power of two). */
MUST_USE err_t frame_take_run(uint32_t count, uint32_t align, uint32_t limit, enum frame_state as, frame_t *first);

void frame_return(frame_t frame);              /* => not FREE, ZEROED or NOT_RAM */
void frame_return_range(struct frame_range r); /* boot memory that is no longer needed */

/* Zeroing ahead: take a FREE frame out, zero it, give it back with frame_put_zeroed. ERR_MEMORY: none to zero. */
MUST_USE err_t frame_take_unzeroed(frame_t *frame);
void frame_put_zeroed(frame_t frame);

void frame_set_state(frame_t frame, enum frame_state state); /* keeps counts; not to or from FREE, ZEROED, NOT_RAM */

extern bool frames_changed;       /* some count has changed since whoever shows them cleared this */
bool frame_is_ram(frame_t frame); /* false above frame_end too */

/* What there is and how much of it: changed by frames only, read by the functions below. */
struct frame_pool {
    struct frame_record *records; /* of frame 0 … end - 1 */
    uint32_t end, low_end, ram;
    uint32_t count[FRAME_STATE_COUNT]; /* frames by state */
    frame_t head[2][2];                /* free ones: [low][zeroed] */
    uint32_t listed[2][2];
};
extern struct frame_pool pool;

static inline struct frame_record *frame_record(frame_t frame)
{
    assert(frame.n < pool.end);
    return &pool.records[frame.n];
}

static inline uint32_t frame_end(void) { return pool.end; }
static inline uint32_t frame_low_end(void) { return pool.low_end; }
static inline uint32_t frame_count(enum frame_state state) { return pool.count[state]; } /* in that state now */
static inline uint32_t frame_count_ram(void) { return pool.ram; } /* all RAM below the limit, taken or not */

/* FREE + ZEROED that `use` could take. */
static inline uint32_t frame_count_free(enum frame_use use)
{
    uint32_t low = pool.listed[true][false] + pool.listed[true][true];
    return use == FRAME_USE_LOW ? low : low + pool.listed[false][false] + pool.listed[false][true];
}

#endif
