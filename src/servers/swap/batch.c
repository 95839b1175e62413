#include "servers/swap/batch.h"

/* The request word orders as we want: operation in the upper bits (reads are 1, writes 2), then the block. */
void batch_sort(struct batch *batch, const uint32_t *words, uint32_t requests)
{
    batch->requests = requests;
    batch->count = 0;
    for (uint32_t i = 0; i < requests; i++) {
        enum swap_operation operation = swap_request_operation(words[2 * i]);
        if (operation != SWAP_READ && operation != SWAP_WRITE)
            continue;
        uint32_t at = batch->count++;
        for (; at > 0 && words[2 * batch->order[at - 1]] > words[2 * i]; at--)
            batch->order[at] = batch->order[at - 1];
        batch->order[at] = i;
    }
}

uint32_t batch_run(const struct batch *batch, const uint32_t *words, uint32_t from, uint32_t limit)
{
    uint32_t first = words[2 * batch->order[from]], length = 1;
    while (length < limit && from + length < batch->count && words[2 * batch->order[from + length]] == first + length)
        length++;
    return length;
}
