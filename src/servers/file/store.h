/* New contents of pages, on their way to the disk: each gets its block and its checksum, blocks that follow each other
 * are written as one, and what became of each page is told. */
#ifndef FILE_STORE_H
#define FILE_STORE_H

#include "servers/file/cache.h"
#include "servers/file/view.h"

struct store {
    uint32_t count;
    struct stored {
        struct view *view;
        uint32_t block, token;
        err_t result;
    } page[CACHE_RUN_MAX];
};

/* One more. content: the page, which token names; both are good until store_write. Where it finds no place on the disk,
 * result says so at once, and the view is spoiled. => fewer than CACHE_RUN_MAX are in the store */
void store_add(struct store *store, struct view *view, uint32_t page, const void *content, uint32_t token);

/* Writes what was added. store->page[i].result is what became of the i-th; a view of which one could not be written is
 * spoiled. The store is to be emptied by the caller (count = 0). */
void store_write(struct store *store);

#endif
