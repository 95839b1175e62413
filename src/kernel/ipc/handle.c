#include "kernel/ipc/inside.h"
#include "kernel/task/pool.h"

#define HANDLES_MAX 4096u /* of one process */
_Static_assert(SPAWN_HANDLES <= CHUNK_HANDLES, "the first chunk holds a child's handles, in their order");

static struct pool chunks = POOL_OF(chunks, struct handle_chunk);

/* One more chunk at the end; its places are the next to be used, lowest first. */
static err_t chunk_add(struct process *process)
{
    uint32_t all = 0;
    struct handle_chunk **end = &process->handles;
    for (; *end; end = &(*end)->next)
        all += CHUNK_HANDLES;
    if (all == HANDLES_MAX)
        return ERR_LIMIT;
    struct handle_chunk *chunk = pool_take(&chunks);
    if (!chunk)
        return ERR_MEMORY;
    *end = chunk;
    for (uint32_t i = CHUNK_HANDLES; i > 0; i--) {
        chunk->entry[i - 1] =
            (struct handle_entry){.object = process->free_handle, .type = HANDLE_FREE, .number = (uint16_t)(all + i)};
        process->free_handle = &chunk->entry[i - 1];
    }
    process->free_handles += CHUNK_HANDLES;
    return OK;
}

err_t handle_prepare(struct process *process, uint32_t more)
{
    while (process->free_handles < more)
        TRY(chunk_add(process));
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
    struct handle_chunk *chunk = process->handles;
    uint32_t skip = handle - 1; /* of 0: beyond every chunk */
    for (; chunk && skip >= CHUNK_HANDLES; skip -= CHUNK_HANDLES)
        chunk = chunk->next;
    return chunk ? &chunk->entry[skip] : NULL;
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

bool handle_has_right(struct process *process, enum right_type type)
{
    for (struct handle_chunk *chunk = process->handles; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < CHUNK_HANDLES; i++)
            if (chunk->entry[i].type == HANDLE_RIGHT && chunk->entry[i].rights == type)
                return true;
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

void handles_close_all(struct process *process)
{
    while (process->handles) {
        struct handle_chunk *chunk = process->handles;
        for (uint32_t i = 0; i < CHUNK_HANDLES; i++)
            if (chunk->entry[i].type != HANDLE_FREE)
                handle_close(process, &chunk->entry[i], true);
        process->handles = chunk->next;
        pool_return(&chunks, chunk);
    }
    process->free_handle = NULL;
    process->free_handles = 0;
}
