/* A batch of swap requests in flight: shared by swap.c, discard.c and token.c only. */
#ifndef KERNEL_PAGER_SWAP_INSIDE_H
#define KERNEL_PAGER_SWAP_INSIDE_H

#include "abi/swap.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/inside.h"

struct request {
    enum swap_operation operation;
    frame_t frame; /* FRAME_NONE: of a discard */
    block_t block;
    struct space *mapped_in; /* where token_map shows it; NULL: nowhere */
    page_t mapped_at;
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
void window_close(struct request *request); /* token_map's page is no longer shown */
uint32_t token_make(const struct batch *batch, uint32_t place);

#endif
