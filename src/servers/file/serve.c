#include "servers/file/serve.h"
#include "common/string.h"
#include "servers/file/names.h"
#include "servers/file/pages.h"
#include "servers/file/request.h"
#include <apteryx/file_server.h>

static uint64_t two_words(const uint32_t *word) { return word[0] | (uint64_t)word[1] << 32; }

static void put_two(uint32_t *word, uint64_t value)
{
    word[0] = (uint32_t)value;
    word[1] = (uint32_t)(value >> 32);
}

static err_t open(struct client *client, struct message *m)
{
    struct path path;
    struct volume *volume;
    struct view *view;
    uint32_t at = 2, mode = m->word[0], number = m->word[1], id;
    TRY(request_path(m, &at, &path));
    if (mode > FILE_MODE_WRITE || (mode == FILE_MODE_WRITE && number != 0))
        return ERR_RANGE;
    TRY(names_volume(&path, &volume));
    TRY(view_open(volume, path.rest, number, mode == FILE_MODE_WRITE, &view));
    err_t err = client_open(client, view, &id);
    if (err != OK) {
        view_release(view, 1);
        return err;
    }
    m->words = 4;
    m->word[0] = id;
    put_two(&m->word[1], view_size(view));
    m->word[3] = view_number(view);
    return OK;
}

/* => ERR_RETRY: a page of it is not back yet */
static err_t written_close(struct client *client, struct view *view, bool publish, uint32_t *number)
{
    err_t err = pages_unmap_written(client, view);
    if (err == OK && view->flying > 0)
        return ERR_RETRY;
    if (!publish)
        return OK;
    return err == OK ? view_publish(view, number) : err;
}

static err_t close(struct client *client, struct message *m)
{
    struct view *view;
    uint32_t id = m->word[0], number = 0;
    TRY(client_view(client, id, &view));
    err_t err = OK;
    if (view->writes)
        err = written_close(client, view, m->word[1] != 0, &number);
    else
        number = view_number(view);
    if (err == ERR_RETRY)
        return err;
    view_release(client_close(client, id), 1);
    m->words = 1;
    m->word[0] = number;
    return err;
}

/* Who holds the handle of another process may map into that, too. */
static err_t map_target(const struct message *m, struct client **client)
{
    uint32_t pid;
    if (m->handles == 0)
        return OK;
    TRY(file_client(cache_pager(), m->handle[0], &pid));
    *client = client_find(pid, true);
    return *client != NULL ? OK : ERR_MEMORY;
}

static err_t map(struct client *client, struct message *m)
{
    struct view *view;
    struct client *target = client;
    TRY(client_view(client, m->word[0], &view));
    TRY(map_target(m, &target));
    if (target != client && view->writes)
        return ERR_KIND;
    m->words = 0;
    return pages_map(target, view, m->word[1], m->word[2], m->word[3], m->word[4]);
}

static err_t unmap(struct client *client, struct message *m)
{
    m->words = 0;
    return pages_unmap(client, m->word[0], m->word[1]);
}

/* What can be read and written in pieces: not what is mapped to be written. */
static err_t stream_view(const struct client *client, uint32_t id, struct view **view)
{
    TRY(client_view(client, id, view));
    if ((*view)->spoiled)
        return ERR_IO;
    return (*view)->written.count != 0 || (*view)->flying != 0 ? ERR_BUSY : OK;
}

static err_t read(struct client *client, struct message *m)
{
    struct view *view;
    uint32_t got;
    if (m->word[3] > FILE_BYTES_MAX)
        return ERR_RANGE;
    TRY(stream_view(client, m->word[0], &view));
    TRY(view_read(view, two_words(&m->word[1]), &m->word[1], m->word[3], &got));
    m->words = 1 + (got + 3) / 4;
    m->word[0] = got;
    return OK;
}

static err_t writing_view(const struct client *client, uint32_t id, struct view **view)
{
    TRY(stream_view(client, id, view));
    return (*view)->writes ? OK : ERR_KIND;
}

static err_t write(struct client *client, struct message *m)
{
    struct view *view;
    uint32_t n = m->word[3];
    if (n > FILE_BYTES_MAX || m->words < 4 + (n + 3) / 4)
        return ERR_RANGE;
    TRY(writing_view(client, m->word[0], &view));
    m->words = 0;
    return view_write(view, two_words(&m->word[1]), &m->word[4], n);
}

static err_t set_size(struct client *client, struct message *m)
{
    struct view *view;
    TRY(writing_view(client, m->word[0], &view));
    m->words = 0;
    return view_set_size(view, two_words(&m->word[1]));
}

/* ---- which is which ---- */

static const struct request {
    uint32_t label, words; /* that it has at least */
    err_t (*serve)(struct client *client, struct message *m);
} requests[] = {
    {FILE_OPEN, 3, open}, {FILE_CLOSE, 2, close}, {FILE_MAP, 5, map},           {FILE_UNMAP, 2, unmap},
    {FILE_READ, 4, read}, {FILE_WRITE, 4, write}, {FILE_SET_SIZE, 3, set_size},
};

static err_t request_serve(struct message *m, uint32_t pid)
{
    for (uint32_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
        if (requests[i].label == m->label) {
            struct client *client = m->words >= requests[i].words ? client_find(pid, true) : NULL;
            if (m->words < requests[i].words)
                return ERR_RANGE;
            return client != NULL ? requests[i].serve(client, m) : ERR_MEMORY;
        }
    return names_serve(m);
}

void serve(struct message *m, uint32_t pid)
{
    m->label = request_serve(m, pid);
    if (m->label != OK)
        m->words = 0;
}
