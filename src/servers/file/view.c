#include "servers/file/view.h"
#include "common/assert.h"
#include <apteryx/memory.h>

#define AHEAD_FIRST 16u /* pages: 64 KiB */
#define AHEAD_LEAST 1u

static err_t version_open(struct volume *volume, const char *path, uint32_t number, bool writes,
                          struct version *version)
{
    version->volume = volume;
    version->mounting = volume->number;
    if (!writes)
        return volume->kind->open(volume, path, number, version);
    return volume->files != NULL ? files_begin(volume->files, path, &version->files) : ERR_RIGHTS;
}

err_t view_open(struct volume *volume, const char *path, uint32_t number, bool writes, struct view **view)
{
    struct view *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return ERR_MEMORY;
    err_t err = version_open(volume, path, number, writes, &made->version);
    if (err != OK) {
        free(made);
        return err;
    }
    made->writes = writes;
    made->references = 1;
    made->ahead = AHEAD_FIRST;
    made->gathered = VIEW_PAGE_NONE;
    mappings_start(&made->written, (uint32_t)(uintptr_t)made);
    *view = made;
    return OK;
}

static void forgotten(void *context, const struct mapping *piece)
{
    (void)context;
    (void)piece;
}

void view_release(struct view *view, uint32_t references)
{
    assert(view->references >= references);
    view->references -= references;
    if (view->references > 0)
        return;
    err_t err = mappings_remove(&view->written, 0, (uintptr_t)-4096, forgotten, NULL);
    assert(err == OK); /* nothing is cut there */
    view->version.volume->kind->close(&view->version);
    free(view->gather);
    free(view);
}

/* Twice as many each time that the last ones were followed by the next, half as many when they were not. */
static uint32_t ahead_choose(struct view *view, uint32_t page)
{
    if (page == view->expected)
        view->ahead = view->ahead < CACHE_RUN_MAX ? view->ahead * 2 : CACHE_RUN_MAX;
    else
        view->ahead = view->ahead > AHEAD_LEAST ? view->ahead / 2 : AHEAD_LEAST;
    return view->ahead;
}

err_t view_show(struct view *view, uint32_t page, uint32_t most, struct cached *cached)
{
    struct page_source sources[CACHE_RUN_MAX];
    uint32_t n = ahead_choose(view, page);
    if (n > most)
        n = most;
    if (n > FILES_PAGES_MAX - page)
        n = FILES_PAGES_MAX - page;
    TRY(view->version.volume->kind->find(&view->version, page, &n, sources));
    TRY(cache_show(&view->version, page, sources, n, cached));
    view->expected = page + cached->pages;
    return OK;
}

err_t view_publish(struct view *view, uint32_t *number)
{
    assert(view->writes && view->flying == 0 && view->written.count == 0);
    if (view->spoiled)
        return ERR_IO;
    TRY(view_trim(view));
    TRY(view_flush(view));
    TRY(files_publish(view->version.files, 0, number));
    view->version.files = NULL;
    return files_commit(view->version.volume->files);
}
