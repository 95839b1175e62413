#include "kernel/arch/x86/paging.h"
#include "kernel/ipc/ipc.h"
#include "kernel/task/pool.h"

#define CHUNK_HANDLES 16u
#define HANDLES_MAX 4096u /* of one process */

struct handle_chunk {
    struct handle_chunk *next;
    uint32_t used;
    struct handle_entry entry[CHUNK_HANDLES];
};
static struct pool chunks = POOL_OF(chunks, struct handle_chunk);

err_t handle_prepare(struct process *process, uint32_t more)
{
    uint32_t room = 0, all = 0;
    struct handle_chunk **end = &process->handles;
    for (; *end; end = &(*end)->next) {
        room += CHUNK_HANDLES - (*end)->used;
        all += CHUNK_HANDLES;
    }
    while (room < more) {
        if (all + CHUNK_HANDLES > HANDLES_MAX)
            return ERR_LIMIT;
        *end = pool_take(&chunks);
        if (!*end)
            return ERR_MEMORY;
        end = &(*end)->next;
        room += CHUNK_HANDLES;
        all += CHUNK_HANDLES;
    }
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
    uint32_t base = 1;
    struct handle_chunk *chunk = process->handles;
    for (; chunk->used == CHUNK_HANDLES; chunk = chunk->next)
        base += CHUNK_HANDLES;
    uint32_t i = 0;
    while (chunk->entry[i].type != HANDLE_FREE)
        i++;
    chunk->entry[i] = *entry;
    chunk->used++;
    info_page()->handles++;
    object_hold(entry);
    return base + i;
}

static struct handle_chunk *chunk_of(struct process *process, handle_t handle)
{
    struct handle_chunk *chunk = process->handles;
    for (uint32_t skip = (handle - 1) / CHUNK_HANDLES; chunk && skip; skip--)
        chunk = chunk->next;
    return chunk;
}

err_t handle_any(struct process *process, handle_t handle, struct handle_entry **entry)
{
    if (handle == 0 || handle > HANDLE_MAX)
        return ERR_HANDLE;
    struct handle_chunk *chunk = chunk_of(process, handle);
    if (!chunk || chunk->entry[(handle - 1) % CHUNK_HANDLES].type == HANDLE_FREE)
        return ERR_HANDLE;
    *entry = &chunk->entry[(handle - 1) % CHUNK_HANDLES];
    return OK;
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

/* The chunk that an entry stands in is found through its process; entries know their place by address. */
static void slot_free(struct process *process, struct handle_entry *entry)
{
    struct handle_chunk *chunk = process->handles;
    while (entry < chunk->entry || entry >= chunk->entry + CHUNK_HANDLES)
        chunk = chunk->next;
    entry->type = HANDLE_FREE;
    chunk->used--;
    info_page()->handles--;
}

void handle_forget(struct process *process, struct handle_entry *entry)
{
    struct handle_entry was = *entry;
    slot_free(process, entry);
    if (was.type == HANDLE_REPLY)
        thread_release(was.object);
}

void handle_close(struct process *process, struct handle_entry *entry, bool by_death)
{
    struct handle_entry was = *entry;
    slot_free(process, entry);
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
}
