#include "kernel/ipc/inside.h"
#include "kernel/task/pool.h"

static struct pool chunks = POOL_OF(chunks, struct handle_chunk);
static struct pool nodes = POOL_OF(nodes, struct handle_node);
static struct pool indices = POOL_OF(indices, struct handle_index);

/* Where the index keeps chunk n, from 1 up; its node is made when it has none. */
static err_t chunk_slot(struct process *process, uint32_t n, struct handle_chunk ***slot)
{
    void *object;
    if (!process->handle_index) {
        TRY(pool_take(&indices, process_account(process), &object));
        process->handle_index = object;
    }
    struct handle_node **node = &process->handle_index->node[n / NODE_CHUNKS];
    if (!*node) {
        TRY(pool_take(&nodes, process_account(process), &object));
        *node = object;
    }
    *slot = &(*node)->chunk[n % NODE_CHUNKS];
    return OK;
}

static err_t chunk_add(struct process *process)
{
    void *chunk;
    struct handle_chunk **slot = &process->handles;
    TRY(pool_take(&chunks, process_account(process), &chunk));
    err_t error = process->handle_chunks ? chunk_slot(process, process->handle_chunks, &slot) : OK;
    if (error != OK) {
        pool_return(&chunks, process_account(process), chunk);
        return error;
    }
    *slot = chunk;
    process->handle_chunks++;
    return OK;
}

/* Places come into use one by one, lowest first. */
err_t handle_prepare(struct process *process, uint32_t more)
{
    if (more <= process->free_handles)
        return OK;
    uint32_t places = process->handle_places, missing = more - process->free_handles;
    if (missing > HANDLE_MAX - places)
        return ERR_LIMIT;
    while (process->handle_chunks * CHUNK_HANDLES < places + missing)
        TRY(chunk_add(process));
    TRY(account_charge(process_account(process), LIMIT_HANDLES, missing));
    for (uint32_t number = places + missing; number > places; number--) {
        struct handle_entry *place = handle_place(process, number);
        *place = (struct handle_entry){.object = process->free_handle, .type = HANDLE_FREE, .number = (uint16_t)number};
        process->free_handle = place;
    }
    process->handle_places += (uint16_t)missing;
    process->free_handles += missing;
    return OK;
}

static void object_hold(const struct handle_entry *entry)
{
    switch ((enum handle_type)entry->type) {
    case HANDLE_PORT: {
        struct port *port = entry->object;
        port->references++;
        port->receive_references += (entry->rights & RIGHT_RECEIVE) != 0;
        break;
    }
    case HANDLE_PROCESS:
        ((struct process *)entry->object)->references++;
        break;
    case HANDLE_THREAD:
    case HANDLE_REPLY:
        ((struct thread *)entry->object)->references++;
        break;
    case HANDLE_KERNEL_REPLY:
    case HANDLE_RIGHT:
    case HANDLE_FREE:
        break;
    }
}

handle_t handle_add(struct process *process, const struct handle_entry *entry)
{
    struct handle_entry *place = handle_take_place(process);
    uint16_t number = place->number;
    *place = *entry;
    place->number = number;
    object_hold(entry);
    return number;
}

struct handle_entry *handle_place_beyond(const struct process *process, handle_t handle)
{
    uint32_t at = handle - 1, n = at / CHUNK_HANDLES; /* of 0: beyond every chunk */
    if (n >= process->handle_chunks)
        return NULL;
    return &process->handle_index->node[n / NODE_CHUNKS]->chunk[n % NODE_CHUNKS]->entry[at % CHUNK_HANDLES];
}

err_t handle_any(struct process *process, handle_t handle, struct handle_entry **entry)
{
    *entry = handle_place(process, handle);
    return *entry && (*entry)->type != HANDLE_FREE ? OK : ERR_HANDLE;
}

err_t handle_find(struct process *process, handle_t handle, enum handle_type type, struct handle_entry **entry)
{
    TRY(handle_any(process, handle, entry));
    return (*entry)->type == type ? OK : ERR_HANDLE;
}

err_t handle_right(struct process *process, handle_t handle, enum right_type type, struct handle_entry **entry)
{
    TRY(handle_find(process, handle, HANDLE_RIGHT, entry));
    return (*entry)->rights == type ? OK : ERR_RIGHTS;
}

struct handle_entry *handle_right_any(struct process *process, enum right_type type)
{
    for (handle_t handle = 1; handle <= process->handle_places; handle++) {
        struct handle_entry *entry = handle_place(process, handle);
        if (entry->type == HANDLE_RIGHT && entry->rights == type)
            return entry;
    }
    return NULL;
}

bool handle_receives(struct process *process, const struct port *port)
{
    for (handle_t handle = 1; handle <= process->handle_places; handle++) {
        const struct handle_entry *entry = handle_place(process, handle);
        if (entry->type == HANDLE_PORT && entry->object == port && (entry->rights & RIGHT_RECEIVE))
            return true;
    }
    return false;
}

void handle_forget(struct process *process, struct handle_entry *entry)
{
    struct handle_entry was = *entry;
    handle_free_place(process, entry);
    if (was.type == HANDLE_REPLY)
        thread_release(was.object);
}

void handle_close(struct process *process, struct handle_entry *entry, bool by_death)
{
    struct handle_entry was = *entry;
    handle_free_place(process, entry);
    switch ((enum handle_type)was.type) {
    case HANDLE_PORT: {
        struct port *port = was.object;
        if ((was.rights & RIGHT_RECEIVE) && --port->receive_references == 0)
            port_die(port);
        port_release(port);
        break;
    }
    case HANDLE_PROCESS:
        process_release(was.object);
        break;
    case HANDLE_THREAD:
        thread_release(was.object);
        break;
    case HANDLE_REPLY:
        ipc_call_failed(was.object, was.badge, by_death);
        thread_release(was.object);
        break;
    case HANDLE_KERNEL_REPLY: {
        struct kernel_call *call = was.object;
        call->replied(call, ERR_DEAD, NULL, 0);
        break;
    }
    case HANDLE_RIGHT:
    case HANDLE_FREE:
        break;
    }
}

static void chunk_close(struct process *process, struct handle_chunk *chunk)
{
    for (uint32_t i = 0; i < CHUNK_HANDLES; i++)
        if (chunk->entry[i].type != HANDLE_FREE)
            handle_close(process, &chunk->entry[i], true);
    pool_return(&chunks, process_account(process), chunk);
}

#define CLOSE_CHUNKS 4u /* in one step */

bool handles_close_step(struct process *process)
{
    for (uint32_t i = 0; i < CLOSE_CHUNKS && process->handle_chunks > 1; i++) {
        uint32_t n = --process->handle_chunks;
        struct handle_node *node = process->handle_index->node[n / NODE_CHUNKS];
        chunk_close(process, node->chunk[n % NODE_CHUNKS]);
        if (n % NODE_CHUNKS == 0 || n == 1)
            pool_return(&nodes, process_account(process), node);
    }
    if (process->handle_chunks > 1)
        return false;
    if (process->handle_index)
        pool_return(&indices, process_account(process), process->handle_index);
    if (process->handle_chunks)
        chunk_close(process, process->handles);
    account_refund(process_account(process), LIMIT_HANDLES, process->handle_places);
    process->handle_index = NULL;
    process->handles = NULL;
    process->free_handle = NULL;
    process->free_handles = 0;
    process->handle_chunks = process->handle_places = 0;
    return true;
}
