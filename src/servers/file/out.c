/* Pages that come back: sent by the kernel because it needs their frames, or taken because they are unmapped. */
#include "servers/file/pages.h"
#include "servers/file/store.h"
#include "abi/file.h"
#include "common/units.h"
#include <apteryx/file_server.h>
#include <apteryx/hardware.h>
#include <apteryx/vm.h>

#define WINDOW 0xB0000000u /* where pages in flight are looked at: no place of the heap or the cache */

static struct store store;

/* ---- sent by the kernel ---- */

/* Whose page it is; NULL: nobody's any more. A page that is leaving comes before what is mapped there now. */
static struct view *out_view(const struct file_out *out, uint32_t *page, struct leaving **leaving)
{
    const struct client *client = client_find(out->process, false);
    *leaving = NULL;
    if (client == NULL)
        return NULL;
    *leaving = leaving_find(client, out->page, out->page + PAGE_BYTES);
    if (*leaving != NULL) {
        *page = (*leaving)->page;
        return (*leaving)->view;
    }
    const struct mapping *mapping = mappings_find(&client->mapped, out->page);
    if (mapping == NULL || mapping->how != FILE_HOW_WRITE)
        return NULL;
    *page = mapping->first + (uint32_t)(out->page - mapping->start) / PAGE_BYTES;
    return mapping->view;
}

/* The i-th page of the message goes to the store. What nobody wants, and what a spoiled version cannot keep, is let go:
 * the pages must not come again and again. */
static void out_add(const struct file_out *out, uint32_t i, struct leaving **leaving)
{
    uint32_t page;
    struct view *view = out_view(out, &page, leaving);
    if (view == NULL || view->spoiled)
        return;
    uintptr_t at = WINDOW + i * PAGE_BYTES;
    if (token_map(cache_pager(), out->token, at) == OK)
        store_add(&store, view, page, (const void *)at, out->token);
    else
        view->spoiled = true;
}

void pages_out(struct message *m)
{
    static const err_t done[FILE_OUT_MAX];
    static struct leaving *leaving[FILE_OUT_MAX];
    static uint32_t process[FILE_OUT_MAX];
    struct file_out out;
    uint32_t n = 0;
    store.count = 0;
    for (; n < FILE_OUT_MAX && file_out_read(m, n, &out); n++) {
        process[n] = out.process;
        out_add(&out, n, &leaving[n]);
    }
    store_write(&store);
    for (uint32_t i = 0; i < n; i++)
        if (leaving[i] != NULL)
            leaving_done(client_find(process[i], false), leaving[i]);
    file_out_done(m, done, n);
}

/* ---- taken because they are unmapped ---- */

/* A page of the cache for each page that is taken; those of dirty ones become what the cache has of their blocks. */
struct taking {
    struct client *client;
    uintptr_t place[CACHE_RUN_MAX]; /* of what stands in the store */
    uintptr_t fresh;                /* where the next one goes; 0: nowhere yet */
};

/* What was taken so far is written; the cache keeps it. */
static err_t taken_write(struct taking *taking)
{
    err_t err = OK;
    store_write(&store);
    for (uint32_t i = 0; i < store.count; i++) {
        const struct stored *one = &store.page[i];
        cache_release(&(struct cached){.start = taking->place[i], .pages = 1});
        if (one->result == OK)
            cache_keep(one->view->version.volume, one->block, taking->place[i]);
        else
            cache_drop(taking->place[i]);
        if (one->result != OK)
            err = one->result;
    }
    store.count = 0;
    return err;
}

static err_t page_take(struct taking *taking, struct view *view, uint32_t page, uintptr_t address)
{
    enum file_taken taken;
    uint32_t token;
    if (taking->fresh == 0)
        taking->fresh = cache_fresh(1);
    TRY(file_take(cache_pager(), taking->client->pid, address, taking->fresh, &taken, &token));
    if (taken == FILE_TAKEN_NONE)
        return OK;
    if (taken == FILE_TAKEN_FLYING)
        return leaving_note(taking->client, address, view, page);
    if (taken == FILE_TAKEN_CLEAN) {
        cache_release(&(struct cached){.start = taking->fresh, .pages = 1});
        cache_drop(taking->fresh);
        return OK;
    }
    taking->place[store.count] = taking->fresh;
    store_add(&store, view, page, (const void *)taking->fresh, token);
    taking->fresh = 0;
    return store.count == CACHE_RUN_MAX ? taken_write(taking) : OK;
}

/* All written pages of a mapping, from start to end. */
static err_t piece_take(struct taking *taking, const struct mapping *mapping, uintptr_t start, uintptr_t end)
{
    if (start < mapping->start)
        start = mapping->start;
    if (end > mapping_end(mapping))
        end = mapping_end(mapping);
    err_t worst = OK;
    for (uintptr_t at = start; at < end; at += PAGE_BYTES) {
        err_t err = page_take(taking, mapping->view, mapping->first + (uint32_t)(at - mapping->start) / PAGE_BYTES, at);
        if (err == ERR_NO_ENTRY)
            return err;
        if (err != OK) {
            mapping->view->spoiled = true;
            worst = err;
        }
    }
    return worst;
}

static err_t range_take(struct client *client, uintptr_t start, uintptr_t end)
{
    struct taking taking = {.client = client, .fresh = 0};
    err_t worst = OK;
    store.count = 0;
    for (const struct mapping *m = mappings_from(&client->mapped, start); m != NULL && m->start < end;
         m = mappings_from(&client->mapped, mapping_end(m))) {
        err_t err = m->how == FILE_HOW_WRITE ? piece_take(&taking, m, start, end) : OK;
        if (err != OK)
            worst = err;
        if (err == ERR_NO_ENTRY)
            break;
    }
    err_t err = taken_write(&taking);
    return worst != OK ? worst : err;
}

static void written_gone(void *context, const struct mapping *piece)
{
    (void)context;
    (void)piece;
}

struct unmapping {
    struct client *client;
    err_t worst;
};

/* A piece of the client's map is gone; of what is written it is no place any more. */
static void piece_gone(void *context, const struct mapping *piece)
{
    struct unmapping *unmapping = context;
    if (piece->how == FILE_HOW_WRITE) {
        unmapping->client->written -= piece->pages;
        uintptr_t from = (uintptr_t)piece->first << PAGE_SHIFT;
        err_t err =
            mappings_remove(&piece->view->written, from, from + (piece->pages << PAGE_SHIFT), written_gone, NULL);
        if (err != OK) {
            piece->view->spoiled = true;
            unmapping->worst = err;
        }
    }
    view_release(piece->view, piece->pages);
}

/* Out of the middle of a mapping: there is one more then. */
static bool is_hole(const struct client *client, uintptr_t start, uintptr_t end)
{
    const struct mapping *mapping = mappings_find(&client->mapped, start);
    return mapping != NULL && mapping->start < start && mapping_end(mapping) > end;
}

/* Is it a page of the client's process space? The kernel knows, asked for a change where there is nothing to be changed. */
static err_t place_check(const struct client *client, uintptr_t page)
{
    return mappings_find(&client->mapped, page) != NULL
               ? OK
               : file_mark(cache_pager(), client->pid, page, PAGE_BYTES, VM_NONE);
}

err_t pages_unmap(struct client *client, uintptr_t start, uint32_t bytes)
{
    struct unmapping unmapping = {.client = client, .worst = OK};
    if (start % PAGE_BYTES != 0 || bytes % PAGE_BYTES != 0 || bytes == 0 || start + bytes < start)
        return ERR_RANGE;
    TRY(place_check(client, start));
    TRY(place_check(client, start + bytes - PAGE_BYTES));
    if (client->mapped.count >= FILE_MAPPINGS_MAX && is_hole(client, start, start + bytes))
        return ERR_LIMIT;
    err_t err = range_take(client, start, start + bytes);
    TRY(mappings_remove(&client->mapped, start, start + bytes, piece_gone, &unmapping));
    if (err == OK)
        err = unmapping.worst;
    err_t marked = file_mark(cache_pager(), client->pid, start, bytes, VM_NONE);
    return err != OK ? err : marked;
}

err_t pages_unmap_written(struct client *client, struct view *view)
{
    const struct mapping *written;
    while ((written = mappings_from(&view->written, 0)) != NULL)
        TRY(pages_unmap(client, (uintptr_t)written->first << PAGE_SHIFT, written->pages << PAGE_SHIFT));
    return OK;
}

/* ---- mapped ---- */

static err_t map_check(const struct client *client, const struct view *view, uint32_t page, uintptr_t start,
                       uint32_t bytes, uint32_t how)
{
    if (start % PAGE_BYTES != 0 || bytes % PAGE_BYTES != 0 || bytes == 0 || start + bytes < start ||
        page > FILES_PAGES_MAX - bytes / PAGE_BYTES || how > FILE_HOW_COPY)
        return ERR_RANGE;
    if ((how == FILE_HOW_WRITE) != view->writes)
        return ERR_KIND;
    if (how == FILE_HOW_WRITE && page + bytes / PAGE_BYTES >= 1u << 20)
        return ERR_RANGE;
    if (client->mapped.count >= FILE_MAPPINGS_MAX)
        return ERR_LIMIT;
    if (how == FILE_HOW_WRITE &&
        (bytes / PAGE_BYTES > FILE_WRITTEN_MAX || client->written > FILE_WRITTEN_MAX - bytes / PAGE_BYTES))
        return ERR_LIMIT;
    return leaving_find(client, start, start + bytes) != NULL ? ERR_RETRY : OK;
}

/* The view's own note of where it is written, and the space on the disk. */
static err_t write_prepare(struct view *view, uint32_t page, uint32_t pages, uintptr_t start)
{
    const struct mapping written = view_written(view, page, pages, start);
    TRY(view_flush(view));
    TRY(files_reserve(view->version.files, page, pages));
    return mappings_insert(&view->written, &written);
}

static err_t map_insert(struct client *client, const struct mapping *mapping)
{
    TRY(mappings_insert(&client->mapped, mapping));
    err_t err = file_mark(cache_pager(), client->pid, mapping->start, mapping->pages << PAGE_SHIFT, VM_FILE);
    if (err == OK)
        return OK;
    err_t undone = mappings_remove(&client->mapped, mapping->start, mapping_end(mapping), written_gone, NULL);
    return undone != OK ? undone : err; /* it is the mapping that was just inserted: nothing is cut */
}

err_t pages_map(struct client *client, struct view *view, uint32_t page, uintptr_t start, uint32_t bytes, uint32_t how)
{
    const struct mapping mapping = {
        .start = start, .pages = bytes >> PAGE_SHIFT, .first = page, .how = how, .view = view};
    TRY(map_check(client, view, page, start, bytes, how));
    if (how == FILE_HOW_WRITE)
        TRY(write_prepare(view, page, mapping.pages, start));
    err_t err = map_insert(client, &mapping);
    if (err == OK) {
        view->references += mapping.pages;
        client->written += how == FILE_HOW_WRITE ? mapping.pages : 0;
        return OK;
    }
    if (how == FILE_HOW_WRITE) {
        uintptr_t from = (uintptr_t)page << PAGE_SHIFT;
        err_t undone = mappings_remove(&view->written, from, from + bytes, written_gone, NULL);
        if (undone != OK)
            view->spoiled = true;
    }
    return err;
}
