/* A view: one version of a file that a process has open. The process's id for it is one reference, each page of
 * it that is mapped is one more; with the last one the view goes, and its version is closed.
 *
 * A view that is open for writing knows which of its pages are mapped to be written, and where, and gathers what is
 * written in pieces in one page of memory until another page's turn comes. Once a page of it could not be written to the
 * disk it is spoiled: it answers errors, and is not published. */
#ifndef FILE_VIEW_H
#define FILE_VIEW_H

#include "servers/file/cache.h"
#include "servers/file/mapping.h"

#define VIEW_PAGE_NONE 0xFFFFFFFFu

struct view {
    struct version version;
    bool writes, spoiled;
    uint32_t references;
    uint32_t flying;         /* pages that a FILE_OUT which has not arrived yet carries */
    uint32_t expected;       /* the page behind the last that was read: reading in order reads ahead more */
    uint32_t ahead;          /* how many pages are read for one that is asked for */
    struct mappings written; /* pages mapped for writing, by page of the file: view_written */
    uint32_t gathered;       /* page of the file that `gather` is of; VIEW_PAGE_NONE: none */
    uint8_t *gather;         /* its content, newer than the disk's; NULL: nothing was written in pieces yet */
};

/* number 0: the newest. The reference is the caller's.
 * => the errors of files_open and files_begin; ERR_RIGHTS: to be written on what can only be read; ERR_MEMORY */
MUST_USE err_t view_open(struct volume *volume, const char *path, uint32_t number, bool writes, struct view **view);
/* So many references fewer. */
void view_release(struct view *view, uint32_t references);

/* The pages of the cache that hold its page `page`, and as many behind it as are there, or are worth reading ahead, up to
 * `most`: more, the longer it has been read in order. => most > 0; the errors of files_find and cache_show */
MUST_USE err_t view_show(struct view *view, uint32_t page, uint32_t most, struct cached *cached);

/* Publishes it: whole, and on the disk when this answers. The version is closed then.
 * => nothing of it is mapped or flying  => ERR_IO: spoiled; the errors of files_publish and files_commit */
MUST_USE err_t view_publish(struct view *view, uint32_t *number);

static inline uint64_t view_size(const struct view *view) { return view->version.volume->kind->size(&view->version); }
static inline uint32_t view_number(const struct view *view)
{
    return view->version.volume->kind->number(&view->version);
}

/* The view's page `page` shown at `address`, as a mapping of view->written: in that map file pages are the addresses.
 * Only the first 4 GiB of a file can be mapped for writing. */
static inline struct mapping view_written(struct view *view, uint32_t page, uint32_t pages, uintptr_t address)
{
    return (struct mapping){
        .start = (uintptr_t)page << 12, .pages = pages, .first = (uint32_t)(address >> 12), .how = 0, .view = view};
}

/* ---- reading and writing in pieces: stream.c ---- */

/* n bytes at an offset, as many as there are. => nothing of the view is mapped for writing */
MUST_USE err_t view_read(struct view *view, uint64_t offset, void *to, uint32_t n, uint32_t *got);
MUST_USE err_t view_write(struct view *view, uint64_t offset, const void *from, uint32_t n);
MUST_USE err_t view_set_size(struct view *view, uint64_t bytes);
/* What is gathered goes to the disk. */
MUST_USE err_t view_flush(struct view *view);
/* What stands behind the end of the file in its last page becomes zeros. */
MUST_USE err_t view_trim(struct view *view);

#endif
