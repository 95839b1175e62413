#include "servers/file/client.h"
#include "common/assert.h"
#include <apteryx/memory.h>
#include <apteryx/time.h>

#define HASHES 64u
#define ID_INDEX 0xFFFu /* the lower bits of a number; above them when this server started, in milliseconds */
#define ID_LIFE_SHIFT 12u

_Static_assert(FILE_OPEN_MAX <= ID_INDEX, "an index, and one for no number at all");

static struct client *clients[HASHES];
static uint32_t life;

static struct client *client_make(uint32_t pid)
{
    struct client *client = calloc(1, sizeof(*client));
    if (client == NULL)
        return NULL;
    client->pid = pid;
    mappings_start(&client->mapped, pid * 2654435761u);
    client->next = clients[pid % HASHES];
    clients[pid % HASHES] = client;
    return client;
}

struct client *client_find(uint32_t pid, bool make)
{
    struct client *client = clients[pid % HASHES];
    while (client != NULL && client->pid != pid)
        client = client->next;
    return client == NULL && make ? client_make(pid) : client;
}

static void mapping_gone(void *context, const struct mapping *piece)
{
    (void)context;
    view_release(piece->view, piece->pages);
}

static void leaving_free(struct leaving *leaving)
{
    leaving->view->flying--;
    view_release(leaving->view, 1);
    free(leaving);
}

void client_gone(uint32_t pid)
{
    struct client **at = &clients[pid % HASHES];
    while (*at != NULL && (*at)->pid != pid)
        at = &(*at)->next;
    struct client *client = *at;
    if (client == NULL)
        return;
    *at = client->next;
    err_t err = mappings_remove(&client->mapped, 0, (uintptr_t)-4096, mapping_gone, NULL);
    assert(err == OK); /* nothing is cut there */
    for (struct leaving *next, *leaving = client->leaving; leaving != NULL; leaving = next) {
        next = leaving->next;
        leaving_free(leaving);
    }
    for (uint32_t i = 0; i < FILE_OPEN_MAX; i++)
        if (client->view[i] != NULL)
            view_release(client->view[i], 1);
    free(client);
}

/* 0 is never a number. */
static uint32_t id_of(uint32_t index)
{
    if (life == 0)
        life = (uint32_t)(time_now_us() / 1000) | 1;
    return life << ID_LIFE_SHIFT | (index + 1);
}

err_t client_open(struct client *client, struct view *view, uint32_t *id)
{
    for (uint32_t i = 0; i < FILE_OPEN_MAX; i++)
        if (client->view[i] == NULL) {
            client->view[i] = view;
            *id = id_of(i);
            return OK;
        }
    return ERR_LIMIT;
}

err_t client_view(const struct client *client, uint32_t id, struct view **view)
{
    uint32_t index = (id & ID_INDEX) - 1;
    if (index >= FILE_OPEN_MAX || client->view[index] == NULL || id_of(index) != id)
        return ERR_HANDLE;
    *view = client->view[index];
    return OK;
}

struct view *client_close(struct client *client, uint32_t id)
{
    struct view **place = &client->view[(id & ID_INDEX) - 1], *view = *place;
    assert(view != NULL);
    *place = NULL;
    return view;
}

err_t leaving_note(struct client *client, uintptr_t address, struct view *view, uint32_t page)
{
    struct leaving *leaving = malloc(sizeof(*leaving));
    if (leaving == NULL)
        return ERR_MEMORY;
    *leaving = (struct leaving){.next = client->leaving, .address = address, .view = view, .page = page};
    client->leaving = leaving;
    view->references++;
    view->flying++;
    return OK;
}

struct leaving *leaving_find(const struct client *client, uintptr_t start, uintptr_t end)
{
    struct leaving *leaving = client->leaving;
    while (leaving != NULL && (leaving->address < start || leaving->address >= end))
        leaving = leaving->next;
    return leaving;
}

void leaving_done(struct client *client, struct leaving *leaving)
{
    struct leaving **at = &client->leaving;
    while (*at != leaving)
        at = &(*at)->next;
    *at = leaving->next;
    leaving_free(leaving);
}
