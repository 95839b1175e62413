/* FILE pages (abi/file.h says what passes between kernel and file server).
 *
 * The rule: a page of a mapped file is FILE, in its own entry or in that of its 4 MiB, and nothing else is known of it
 * here. In RAM it is one of two:
 *
 *     a page of the server's cache   FILE in the server's space, and read-only FILE wherever the server has shown it: in
 *                                    one place, its viewer, which the frame's record names; in several, a lent page
 *                                    (lent.c) whose root is FILE and whose owner is the server
 *     a private page                 FILE in one client's space, and nobody else's
 *
 * Its frame is MAPPED, and its record says which of the two (BECOMES_FILE, BECOMES_FILE_PRIVATE). Evicted, a clean one is
 * dropped: all entries that show it are FILE again, not there. A dirty one goes as pages go to swap: its owner's entry is
 * TRANSIT and its frame WRITING until the server has answered, then it is dropped; touched meanwhile it is mapped again and
 * stays. No entry of a FILE page is ever SWAP or LENT: a table that names none in RAM may go to swap with all its FILE
 * entries, and back.
 *
 * FILE pages are nobody's promise, and charged to nobody. A page that is on its way in has no frame: the parked thread is
 * the request (ipc/file.c), and an answer changes only what is FILE still.
 *
 *     file_mark.c    FILE entries come and go           file_page.c   frames of FILE pages; how many are private
 *     file_cache.c   hold, release, take                file_supply.c a server's answer is carried out
 *     file_out.c     eviction, FILE_OUT                 file_viewer.c a page that one place shows
 *     check_file.c   what must agree
 */
#ifndef KERNEL_PAGER_FILE_H
#define KERNEL_PAGER_FILE_H

#include "abi/file.h"
#include "kernel/pager/pager.h"

/* Somebody shows files to others from here on: what private pages may take is not promised any more. Once is enough. */
void pager_file_start(void);

/* FILE_OUT or NONE: as file_mark. ERR_PARKED: call again with the same progress */
MUST_USE err_t pager_file_mark(struct space *space, struct page_range range, enum entry_kind kind,
                               struct range_progress *progress);

/* The server's pages; the errors of file_hold, file_release, file_take. */
MUST_USE err_t pager_file_hold(struct space *space, page_t page, bool fill, uint32_t *token);
MUST_USE err_t pager_file_release(struct space *space, page_t page, bool dirty);
struct file_take {
    struct space *client, *server;
    page_t page, to;
    enum file_taken taken; /* the answer, */
    uint32_t token;        /* and this one */
};
MUST_USE err_t pager_file_take(struct file_take *take);
/* An ended server: what it held when it was freed goes now, since nobody owes its threads an answer any more; but what the
 * devices of a driver that has ended too may still use, only when its successor has reset them. */
void pager_file_holder_gone(const struct space *space);
/* A process ends that may have been a driver. => before anybody hears of it */
void pager_driver_ends(const struct space *space);

/* A server's answer. First pass: `pages` of `from` for those of `to` from `at` up. */
struct file_supply {
    struct space *from, *to;
    struct page_range pages;
    page_t at;
    bool write; /* was asked for */
    uint32_t how;
    enum file_copy copy;
    frame_t frame; /* the answer: where the first page is; FRAME_NONE: it was passed over, */
    bool crowded;  /* because there are too many private pages */
};
/* ERR_KIND: `pages` are not pages of the cache, held; ERR_PARKED. Of the client: ERR_COMMIT, ERR_LIMIT, ERR_MEMORY,
 * ERR_IO */
MUST_USE err_t pager_file_supply(struct file_supply *supply);

#endif
