/* Inside frames: how the pool changes, shared by frames.c and the files beside it. Nobody else includes this.
 *
 * Free frames hang on four lists (low or high, zeroed or not), linked through their own records: no memory besides. */
#ifndef KERNEL_FRAMES_POOL_H
#define KERNEL_FRAMES_POOL_H

#include "kernel/frames/frames.h"

void pool_put(frame_t frame, enum frame_state state); /* => FREE or ZEROED; the frame is in no count and on no list */
void pool_remove(frame_t frame, enum frame_state as); /* FREE or ZEROED -> as, a blank record */

static inline bool state_is_free(enum frame_state s) { return s == FRAME_FREE || s == FRAME_ZEROED; }

#endif
