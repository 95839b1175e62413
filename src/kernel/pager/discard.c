/* Discards: the swap server hears which blocks were freed. Advice, and so it is sent when nobody runs and no request is
 * in flight, one batch at a time. A block that is taken again before that is just written again.
 *
 * While the server is being told of a block, the block is taken: no request can name it before the answer, in whatever
 * order the server works; and a block is freed only when no request names it any more. */
#include "kernel/pager/swap_inside.h"

uint32_t discard_count;
static struct batch *const batch = &swap_batches[0]; /* the only one that carries discards */

block_t discard_block(uint32_t i)
{
    assert(i < discard_count);
    return batch->request[i].block;
}

/* Blocks that are being discarded can't be written to: not where swap runs short. */
static bool blocks_can_be_spared(void)
{
    return usage->blocks_used() + SWAP_BATCH_MAX + CLUSTER_PAGES <= swap_block_count;
}

bool discard_step(void)
{
    block_t run;
    if (!swap_write_room() || swap_is_busy() || !blocks_can_be_spared())
        return false;
    batch->count = 0;
    for (uint32_t n; (n = usage->discard_begin(SWAP_BATCH_MAX - batch->count, &run)) > 0;)
        for (; n; n--, run.n++)
            batch->request[batch->count++] = (struct request){SWAP_DISCARD, FRAME_NONE, run, {.in = NULL}};
    if (!batch->count)
        return false;
    discard_count += batch->count;
    batch_submit(batch);
    return true;
}

void discard_done(block_t block)
{
    discard_count--;
    usage->discard_end(block);
}
