/* Reading and writing in pieces: a page at a time, through the cache; what is written is gathered in memory, so that a
 * page goes to the disk once and not with each piece of it. */
#include "servers/file/store.h"
#include "servers/file/view.h"
#include "common/string.h"
#include "common/units.h"
#include <apteryx/file_server.h>
#include <apteryx/memory.h>

static err_t page_copy(struct view *view, uint32_t page, uint32_t from, void *to, uint32_t n)
{
    struct cached cached;
    if (page == view->gathered) {
        memcpy(to, view->gather + from, n);
        return OK;
    }
    TRY(view_show(view, page, CACHE_RUN_MAX, &cached));
    memcpy(to, (const uint8_t *)cached.start + from, n);
    cache_release(&cached);
    return OK;
}

err_t view_read(struct view *view, uint64_t offset, void *to, uint32_t n, uint32_t *got)
{
    uint64_t size = view_size(view);
    *got = 0;
    if (offset >= size)
        return OK;
    if (n > size - offset)
        n = (uint32_t)(size - offset);
    while (*got < n) {
        uint32_t from = (uint32_t)(offset & (PAGE_BYTES - 1)), piece = PAGE_BYTES - from;
        if (piece > n - *got)
            piece = n - *got;
        TRY(page_copy(view, (uint32_t)(offset >> PAGE_SHIFT), from, (uint8_t *)to + *got, piece));
        *got += piece;
        offset += piece;
    }
    return OK;
}

/* A page of the cache with the gathered content, held, its token in the store. */
static err_t gathered_store(struct view *view)
{
    static struct store store;
    uintptr_t page = cache_fresh(1);
    uint32_t token;
    TRY(file_hold(cache_pager(), page, true, &token));
    memcpy((void *)page, view->gather, PAGE_BYTES);
    store.count = 0;
    store_add(&store, view, view->gathered, (const void *)page, token);
    store_write(&store);
    if (store.page[0].result == OK)
        cache_keep(view->version.volume, store.page[0].block, page);
    cache_release(&(struct cached){.start = page, .pages = 1});
    return store.page[0].result;
}

err_t view_flush(struct view *view)
{
    if (view->gathered == VIEW_PAGE_NONE)
        return OK;
    err_t err = gathered_store(view);
    if (err == OK)
        view->gathered = VIEW_PAGE_NONE;
    return err;
}

/* From here on this page's content is the gathered one. */
static err_t page_gather(struct view *view, uint32_t page)
{
    if (view->gathered == page)
        return OK;
    TRY(view_flush(view));
    if (view->gather == NULL)
        view->gather = malloc(PAGE_BYTES);
    if (view->gather == NULL)
        return ERR_MEMORY;
    TRY(files_reserve(view->version.files, page, 1));
    TRY(page_copy(view, page, 0, view->gather, PAGE_BYTES));
    view->gathered = page;
    return OK;
}

err_t view_write(struct view *view, uint64_t offset, const void *from, uint32_t n)
{
    const uint8_t *at = from;
    if (offset + n > (uint64_t)FILES_PAGES_MAX << PAGE_SHIFT)
        return ERR_RANGE;
    while (n > 0) {
        uint32_t in_page = (uint32_t)(offset & (PAGE_BYTES - 1)), piece = PAGE_BYTES - in_page;
        if (piece > n)
            piece = n;
        TRY(page_gather(view, (uint32_t)(offset >> PAGE_SHIFT)));
        memcpy(view->gather + in_page, at, piece);
        offset += piece;
        at += piece;
        n -= piece;
        if (offset > view_size(view))
            TRY(files_set_size(view->version.files, offset));
    }
    return OK;
}

err_t view_trim(struct view *view)
{
    uint64_t size = view_size(view);
    uint32_t used = (uint32_t)(size & (PAGE_BYTES - 1));
    uint8_t rest[64];
    bool zeros = true;
    for (uint32_t at = used, n; used != 0 && zeros && at < PAGE_BYTES; at += n) {
        n = PAGE_BYTES - at < sizeof(rest) ? PAGE_BYTES - at : sizeof(rest);
        TRY(page_copy(view, (uint32_t)(size >> PAGE_SHIFT), at, rest, n));
        for (uint32_t i = 0; i < n; i++)
            zeros &= rest[i] == 0;
    }
    if (zeros)
        return OK;
    TRY(page_gather(view, (uint32_t)(size >> PAGE_SHIFT)));
    memset(view->gather + used, 0, PAGE_BYTES - used);
    return OK;
}

/* What is cut off must not come back when the file grows again, the gathered page included. */
err_t view_set_size(struct view *view, uint64_t bytes)
{
    bool shorter = bytes < view_size(view);
    TRY(view_trim(view));
    TRY(view_flush(view));
    TRY(files_set_size(view->version.files, bytes));
    return shorter ? view_trim(view) : OK;
}
