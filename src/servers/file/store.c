#include "servers/file/store.h"
#include "common/assert.h"

void store_add(struct store *store, struct view *view, uint32_t page, const void *content, uint32_t token)
{
    assert(store->count < CACHE_RUN_MAX);
    struct stored *one = &store->page[store->count++];
    *one = (struct stored){.view = view, .block = 0, .token = token, .result = OK};
    if (view->spoiled)
        one->result = ERR_IO;
    else
        one->result = files_place(view->version.files, page, files_checksum(content), &one->block);
    if (one->result == OK)
        cache_forget(view->version.volume, one->block);
    else
        view->spoiled = true;
}

/* How many from `from` on lie in consecutive blocks. */
static uint32_t run_length(const struct store *store, uint32_t from)
{
    const struct stored *first = &store->page[from];
    uint32_t n = 1;
    while (from + n < store->count && store->page[from + n].result == OK &&
           store->page[from + n].view->version.volume == first->view->version.volume &&
           first[n].block == first->block + n)
        n++;
    return n;
}

static void run_write(struct store *store, uint32_t from, uint32_t n)
{
    uint32_t tokens[CACHE_RUN_MAX];
    struct stored *first = &store->page[from];
    for (uint32_t i = 0; i < n; i++)
        tokens[i] = first[i].token;
    err_t err = volume_transfer(first->view->version.volume, DISK_WRITE, first->block * VOLUME_PAGE_SECTORS, tokens, n);
    for (uint32_t i = 0; err != OK && i < n; i++) {
        first[i].result = err;
        first[i].view->spoiled = true;
    }
}

void store_write(struct store *store)
{
    uint32_t n;
    for (uint32_t i = 0; i < store->count; i += n) {
        n = 1;
        if (store->page[i].result != OK)
            continue;
        n = run_length(store, i);
        run_write(store, i, n);
    }
}
