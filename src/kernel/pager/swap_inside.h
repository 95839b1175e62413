/* A batch of swap requests in flight: shared by swap.c and discard.c only. */
#ifndef KERNEL_PAGER_SWAP_INSIDE_H
#define KERNEL_PAGER_SWAP_INSIDE_H

#include "abi/swap.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/inside.h"

struct request {
    enum swap_operation operation;
    frame_t frame; /* FRAME_NONE: of a discard */
    block_t block;
    struct showing showing;
};

struct batch {
    struct kernel_call call;
    bool in_flight;
    uint32_t generation, count;
    struct request request[SWAP_BATCH_MAX];
    uint32_t word[2 * SWAP_BATCH_MAX];
};

extern struct batch swap_batches[SWAP_BATCHES];
void batch_submit(struct batch *batch); /* => filled, and not in flight; there is a server */
void discard_done(block_t block);

#endif
