/* The places of handles, and the halves of a call, for ipc's own files. */
#ifndef KERNEL_IPC_INSIDE_H
#define KERNEL_IPC_INSIDE_H

#include "kernel/arch/x86/paging.h"
#include "kernel/ipc/ipc.h"

enum ipc_window { WINDOW_SENDER = 4, WINDOW_RECEIVER }; /* the pager uses those below */

/* Places lie in chunks; few processes have more than one. Those behind the first are reached through an index of nodes,
 *     handle - 1 =   node 5 | chunk in it 6 | place in it 4 */
#define CHUNK_HANDLES 16u
struct handle_chunk {
    struct handle_entry entry[CHUNK_HANDLES];
};
#define NODE_CHUNKS 64u
struct handle_node {
    struct handle_chunk *chunk[NODE_CHUNKS];
};
#define INDEX_NODES ((HANDLE_MAX + 1) / (CHUNK_HANDLES * NODE_CHUNKS))
struct handle_index {
    struct handle_node *node[INDEX_NODES];
};

/* The place of a handle, which may be FREE; NULL: there is no such place. */
struct handle_entry *handle_place_beyond(const struct process *process, handle_t handle);
static inline struct handle_entry *handle_place(const struct process *process, handle_t handle)
{
    if (process->handles && handle - 1 < CHUNK_HANDLES)
        return &process->handles->entry[handle - 1];
    return handle_place_beyond(process, handle);
}

/* => process->free_handle is not NULL */
static inline struct handle_entry *handle_take_place(struct process *process)
{
    struct handle_entry *place = process->free_handle;
    assert(place->type == HANDLE_FREE);
    process->free_handle = place->object;
    process->free_handles--;
    info_page()->handles++;
    return place;
}

static inline void handle_free_place(struct process *process, struct handle_entry *place)
{
    place->type = HANDLE_FREE;
    place->object = process->free_handle;
    process->free_handle = place;
    process->free_handles++;
    info_page()->handles--;
}

/* port.c, call.c */
void receiver_wake(struct port *port); /* its receive runs again */
/* A thread in WAIT_SEND, WAIT_REPLY or WAIT_HANDLER goes on, with this result. */
void ipc_call_end(struct thread *caller, err_t error);

/* message.c */
#define ERR_UNREACHED ((err_t)253) /* for ipc alone: who waits for a reply cannot be written to; the fault is its own */
/* The kernel's words instead of the sender's; it is owed a reply. Errors are the receiver's. */
MUST_USE err_t message_carry_words(struct thread *sender, struct thread *receiver, uint32_t label, const uint32_t *word,
                                   uint32_t words);
MUST_USE err_t message_item_read(struct thread *sender, struct page_item *item); /* ERR_KIND: none, or handles too */
struct page_pass;
MUST_USE err_t message_item(struct thread *sender, struct thread *receiver, struct page_pass *pass);

/* fault.c */
MUST_USE err_t fault_carry(struct thread *thread, struct thread *receiver);
MUST_USE err_t fault_reply(struct thread *handler, struct thread *thread, bool is_long); /* errors are the handler's */
void fault_answered(struct thread *thread, err_t error);                                 /* it is about to wake */

/* file.c */
MUST_USE err_t file_carry(struct thread *thread, struct thread *receiver);
bool file_needs_answer(const struct thread *thread);                                   /* it would ask the same now */
MUST_USE err_t file_reply(struct thread *server, struct thread *thread, bool is_long); /* errors are the server's */
void file_answered(struct thread *thread, err_t error);                                /* it is about to wake */
void file_ask_gone(struct thread *thread);                                             /* the thread ends */

#endif
