/* Inside frames: the pool's lists and counts, shared by frames.c and the files beside it. Nobody else includes this.
 *
 * Free frames hang on four lists (low or high, zeroed or not), linked through their own records: no memory besides. */
#ifndef KERNEL_FRAMES_POOL_H
#define KERNEL_FRAMES_POOL_H

#include "common/assert.h"
#include "kernel/frames/frames.h"

struct frame_pool {
    struct frame_record *records; /* of frame 0 … end - 1 */
    uint32_t end, low_end, ram;
    uint32_t count[FRAME_STATE_COUNT]; /* frames by state */
    frame_t head[2][2];                /* [low][zeroed] */
    uint32_t listed[2][2];
};
extern struct frame_pool pool;

void pool_put(frame_t frame, enum frame_state state); /* => FREE or ZEROED; the frame is in no count and on no list */
void pool_remove(frame_t frame, enum frame_state as); /* FREE or ZEROED -> as, a blank record */

static inline bool state_is_free(enum frame_state s) { return s == FRAME_FREE || s == FRAME_ZEROED; }

#endif
