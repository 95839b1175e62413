/* The pages of files that are in RAM, each block once, whoever shows it and in whatever versions it is.
 *
 * The cache is a stretch of the server's own addresses, all FILE: the kernel evicts its pages as it evicts others, and
 * shows them to clients. The server may look at a page only while it holds it. A page is known by its volume, its block
 * and how many bytes of it count (struct page_source); a page of zeros that no block is behind is one as well.
 * There are more pages in the stretch than frames in the machine, so that a page that is used again for another block was
 * mostly evicted long ago; if not, it is taken from who shows it, who then asks again. */
#ifndef FILE_CACHE_H
#define FILE_CACHE_H

#include "servers/file/volume.h"
#include <apteryx/types.h>

#define CACHE_RUN_MAX 32u /* pages held at a time */

/* Pages side by side in the cache, held. */
struct cached {
    uintptr_t start;
    uint32_t pages;
};

/* pager: the pager right. Before anything else. => ERR_MEMORY, ERR_RANGE … */
MUST_USE err_t cache_start(handle_t pager, uint32_t slots);

/* n pages of a version from `page` on, whose sources are given (n <= CACHE_RUN_MAX): the first for sure, of the others
 * those that are cached side by side, or that can be read with the first in one go. What was read sums up.
 * => ERR_IO  => ERR_MEMORY, ERR_LIMIT: no page can be held */
MUST_USE err_t cache_show(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                          struct cached *cached);
void cache_release(struct cached *cached);

/* The right with which pages are held. */
handle_t cache_pager(void);

/* n <= CACHE_RUN_MAX pages for new contents, side by side: not there, and not held. */
uintptr_t cache_fresh(uint32_t n);
/* The held page holds what the block of a volume of ours holds from now on. */
void cache_keep(struct volume *volume, uint32_t block, uintptr_t page);
/* A page of which nothing is to be kept: it is not there any more. => not held */
void cache_drop(uintptr_t page);
/* The block is about to hold something else: nobody sees the old content through the cache any more. */
void cache_forget(struct volume *volume, uint32_t block);

/* A page that is always held, for metadata, and its token. */
void *cache_bounce(uint32_t *token);

#endif
