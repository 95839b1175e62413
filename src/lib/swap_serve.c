/* The swap server's loop (apteryx/swap.h): map the pages of a batch into a window, carry it out, answer it. */
#include "common/units.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/swap.h>
#include <apteryx/vm.h>

/* A page for each request of a batch, because the kernel takes them away only with the answer; a page table of its own. */
#define SWAP_WINDOW 0x80000000u
#define SERVICE_PORT 1
#define SWAP_RIGHT 2

static struct message batch; /* not on the stack: a server's stack stays small */

static err_t request_serve(const struct swap_ops *ops, uint32_t request, uint32_t token, uintptr_t page)
{
    uint32_t block = swap_request_block(request);
    if (swap_request_operation(request) == SWAP_DISCARD) {
        if (ops->discard != NULL)
            ops->discard(block);
        return OK;
    }
    TRY(token_map(start_handle(SWAP_RIGHT), token, page));
    if (swap_request_operation(request) == SWAP_READ)
        return ops->read(block, (void *)page);
    return ops->write(block, (const void *)page);
}

/* The batch becomes its own answer. */
static void batch_serve(const struct swap_ops *ops)
{
    uint32_t n = batch.words / 2u;
    for (uint32_t i = 0; i < n; i++) {
        uintptr_t page = SWAP_WINDOW + i * PAGE_BYTES;
        batch.word[i] = request_serve(ops, batch.word[2u * i], batch.word[2u * i + 1u], page) == OK ? OK : ERR_IO;
    }
    batch.label = OK;
    batch.words = n;
    batch.handles = 0;
    batch.page.how = PAGE_NOTHING;
}

/* The window's page table, before there is anything to serve: when the first page comes, commit may be used up. A page
 * promised and taken back leaves its table. */
static err_t window_prepare(void)
{
    TRY(vm_set(SWAP_WINDOW, PAGE_BYTES, VM_ON_DEMAND));
    return vm_set(SWAP_WINDOW, PAGE_BYTES, VM_NONE);
}

err_t swap_serve(uint32_t blocks, const struct swap_ops *ops)
{
    handle_t port = start_handle(SERVICE_PORT), reply = 0;
    TRY(window_prepare());
    TRY(swap_register(start_handle(SWAP_RIGHT), port, blocks));
    for (;;) {
        TRY(ipc_reply_receive(reply, port, &batch, &reply, NULL));
        message_drop(&batch);
        if (batch.label == SWAP_BATCH && reply != 0) {
            batch_serve(ops);
        } else {
            batch = (struct message){.label = ERR_KIND};
        }
    }
}
