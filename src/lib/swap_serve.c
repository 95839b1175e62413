/* The swap server's loop (apteryx/swap.h): map the pages of a batch into a window, carry it out, answer it. */
#include "common/units.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/swap.h>
#include <apteryx/vm.h>

#define SWAP_WINDOW 0x80000000u /* one page at a time is shown here, 4 MiB-aligned: its own page table */

static struct message batch; /* not on the stack: a server's stack stays small */

static err_t request_serve(handle_t swap, const struct swap_ops *ops, uint32_t request, uint32_t token)
{
    uint32_t block = swap_request_block(request);
    if (swap_request_operation(request) == SWAP_DISCARD) {
        if (ops->discard != NULL)
            ops->discard(block);
        return OK;
    }
    TRY(token_map(swap, token, SWAP_WINDOW));
    if (swap_request_operation(request) == SWAP_READ)
        return ops->read(block, (void *)SWAP_WINDOW);
    return ops->write(block, (const void *)SWAP_WINDOW);
}

/* The batch becomes its own answer. */
static void batch_serve(handle_t swap, const struct swap_ops *ops)
{
    uint32_t n = batch.words / 2u;
    for (uint32_t i = 0; i < n; i++)
        batch.word[i] = request_serve(swap, ops, batch.word[2u * i], batch.word[2u * i + 1u]) == OK ? OK : ERR_IO;
    batch.label = OK;
    batch.words = n;
    batch.handles = 0;
    batch.page.how = PAGE_NOTHING;
}

err_t swap_serve(uint32_t blocks, const struct swap_ops *ops)
{
    handle_t port = start_handle(1), swap = start_handle(2), reply = 0;
    TRY(swap_register(swap, port, blocks));
    for (;;) {
        TRY(ipc_reply_receive(reply, port, &batch, &reply, NULL));
        if (batch.label == SWAP_BATCH && reply != 0) {
            batch_serve(swap, ops);
        } else {
            batch = (struct message){.label = ERR_KIND};
        }
    }
}
