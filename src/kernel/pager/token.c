/* Tokens: what swap servers and disk drivers call a page in flight. */
#include "kernel/pager/swap_inside.h"

/* A token: generation, batch and place in it; never 0. */
#define TOKEN_PLACES (SWAP_BATCHES * SWAP_BATCH_MAX)
uint32_t token_make(const struct batch *batch, uint32_t i)
{
    return batch->generation * TOKEN_PLACES + (uint32_t)(batch - swap_batches) * SWAP_BATCH_MAX + i;
}

static struct request *token_find(uint32_t token)
{
    struct batch *batch = &swap_batches[token % TOKEN_PLACES / SWAP_BATCH_MAX];
    uint32_t i = token % SWAP_BATCH_MAX;
    bool valid = batch->in_flight && i < batch->count && token == token_make(batch, i) &&
                 batch->request[i].operation != SWAP_DISCARD;
    return valid ? &batch->request[i] : NULL;
}

err_t pager_token_frame(uint32_t token, frame_t *frame)
{
    const struct request *request = token_find(token);
    if (!request)
        return ERR_HANDLE;
    *frame = request->frame;
    return OK;
}

void window_close(struct request *request)
{
    if (request->mapped_in)
        page_exchange(request->mapped_in, request->mapped_at, pte_none());
    request->mapped_in = NULL;
}

/* A server shows one page after the other in the same place. */
static void window_close_at(const struct space *space, page_t at)
{
    for (uint32_t i = 0; i < SWAP_BATCHES; i++)
        for (uint32_t k = 0; k < SWAP_BATCH_MAX; k++) {
            struct request *request = &swap_batches[i].request[k];
            if (request->mapped_in == space && page_same(request->mapped_at, at))
                window_close(request);
        }
}

err_t pager_token_map(struct space *space, uint32_t token, page_t at)
{
    struct request *request = token_find(token);
    if (!request)
        return ERR_HANDLE;
    if (at.n == 0 || at.n >= USER_PAGES)
        return ERR_RANGE;
    TRY(pager_table_make(space, at));
    window_close_at(space, at);
    if (pte_kind(space_entry(space, at, NULL)) != ENTRY_NONE)
        return ERR_BUSY;
    window_close(request); /* it is shown in one place at a time */
    struct protection p = space_protection(space, at);
    p.write = p.write && request->operation == SWAP_READ;
    page_exchange(space, at, pte_make(ENTRY_SHARED, request->frame, p));
    request->mapped_in = space;
    request->mapped_at = at;
    return OK;
}

bool swap_windows_lie_in(const struct space *space, struct page_range range)
{
    bool found = false;
    for (uint32_t i = 0; i < SWAP_BATCHES; i++)
        for (uint32_t k = 0; k < SWAP_BATCH_MAX; k++) {
            const struct request *request = &swap_batches[i].request[k];
            found |= request->mapped_in == space && request->mapped_at.n >= range.first.n &&
                     request->mapped_at.n < range.end.n;
        }
    return found;
}

void swap_windows_forget(const struct space *space)
{
    for (uint32_t i = 0; i < SWAP_BATCHES; i++)
        for (uint32_t k = 0; k < SWAP_BATCH_MAX; k++)
            if (swap_batches[i].request[k].mapped_in == space)
                swap_batches[i].request[k].mapped_in = NULL;
}
