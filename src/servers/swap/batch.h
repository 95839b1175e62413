/* Putting a batch of swap requests in order for a disk. Pure.
 *
 * The reads, then the writes, each by rising block; a run is a stretch of that order with one operation and consecutive
 * blocks, so that one disk transfer serves it. Discards are in no run: a disk has nothing to do for them. */
#ifndef SWAP_BATCH_H
#define SWAP_BATCH_H

#include "abi/swap.h"
#include <stdint.h>

struct batch {
    uint32_t requests;              /* of the batch as it came */
    uint32_t count;                 /* of `order` */
    uint32_t order[SWAP_BATCH_MAX]; /* which requests, in the disk's order */
};

/* `words`: 2 × requests words as abi/swap.h has them; requests at most SWAP_BATCH_MAX. */
void batch_sort(struct batch *batch, const uint32_t *words, uint32_t requests);

/* How many of batch->order, from `from` on, make one run: at least 1, at most `limit`. => from < batch->count */
uint32_t batch_run(const struct batch *batch, const uint32_t *words, uint32_t from, uint32_t limit);

#endif
