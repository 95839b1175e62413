/* ipc: ports, handles, names and messages.
 *
 * A port has a queue of senders and a queue of receivers, of which one is empty. A message goes from one thread to
 * another in one step, when both are there: the thread that came last carries it over (its prepare phase makes both
 * message buffers resident). Handles name ports, processes, threads, rights to hardware and replies owed; a reply
 * handle is used up by the reply. */
#ifndef KERNEL_IPC_IPC_H
#define KERNEL_IPC_IPC_H

#include "kernel/task/task.h"

/* ---- handles (handle.c) ---- */
enum handle_type {
    HANDLE_FREE,
    HANDLE_PORT,
    HANDLE_PROCESS,
    HANDLE_THREAD,
    HANDLE_REPLY,        /* object: the calling thread; badge: which of its calls */
    HANDLE_KERNEL_REPLY, /* object: a struct kernel_call */
    HANDLE_RIGHT,        /* rights: enum right_type; badge: first; object: count */
};

struct handle_entry {
    void *object; /* FREE: the next free entry */
    uint32_t badge;
    uint8_t type, rights;
    uint16_t number; /* the handle that names it; its place says so, for ever */
};

/* Makes room for `more` handles, so that as many handle_add behind it cannot fail. ERR_LIMIT, ERR_MEMORY, ERR_COMMIT,
 * ERR_PARKED: as an object of the process. */
MUST_USE err_t handle_prepare(struct process *process, uint32_t more);
/* => handle_prepare said OK in this kernel entry. Takes a reference on the object. A fresh process gets 1, 2, 3 … */
handle_t handle_add(struct process *process, const struct handle_entry *entry);
/* ERR_HANDLE: none, or of another type. The entry stays the process's. */
MUST_USE err_t handle_find(struct process *process, handle_t handle, enum handle_type type,
                           struct handle_entry **entry);
MUST_USE err_t handle_any(struct process *process, handle_t handle, struct handle_entry **entry);
MUST_USE err_t handle_right(struct process *process, handle_t handle, enum right_type type,
                            struct handle_entry **entry);
struct handle_entry *handle_right_any(struct process *process, enum right_type type); /* the first; NULL: none */
bool handle_receives(struct process *process, const struct port *port);               /* it has a receive right to it */
void handle_forget(struct process *process, struct handle_entry *entry); /* a reply was given: nobody is told */
void handle_close(struct process *process, struct handle_entry *entry, bool by_death); /* by_death: the process ends */
bool handles_close_step(struct process *process); /* the process ends; true: that was all */

/* ---- ports (port.c) ---- */
struct port {
    uint32_t number;                     /* no other's, ever */
    struct list_node senders, receivers; /* threads */
    struct list_node kernel_calls;
    uint32_t references, receive_references;
    uint32_t notified; /* bits */
    bool dead;         /* its last receive handle is gone */
    struct list_node names;
    struct account *account; /* of whoever made it (a reference) */
};
MUST_USE err_t port_new(struct account *account, struct port **port); /* the reference is the caller's */
void port_release(struct port *port);
void port_die(struct port *port);                  /* everyone who waits for it gets ERR_DEAD */
extern void (*port_died)(const struct port *port); /* tells the rooms above that hold a port without a reference */
void port_notify(struct port *port, uint32_t bits);

/* ---- calls from the kernel itself (swap requests) ---- */
struct kernel_call {
    struct list_node queue;
    uint32_t label, words;
    const uint32_t *word;
    /* replied: words at `word` are those of the reply; error ERR_DEAD: whoever received it is gone without a reply */
    void (*replied)(struct kernel_call *call, err_t error, const uint32_t *word, uint32_t words);
};
void ipc_kernel_call(struct port *port, struct kernel_call *call);

/* ---- names (names.c) ---- */
#define NAME_BYTES 32u
/* ERR_BUSY; ERR_LIMIT: the port has 16; as an object of its account */
MUST_USE err_t name_add(const char *name, struct port *port, uint32_t badge);
struct port *name_find(const char *name, uint32_t *badge); /* NULL: none */
void names_forget(struct port *port);

/* ---- messages (message.c) ---- */
/* A page item (item.c): check it, find where it lands in the receiver's window, make both sides ready.
 * ERR_KIND: pages that can't be passed on so; ERR_NO_ENTRY: no window; ERR_TOO_LONG: more than it holds, or
 * than one message moves; ERR_RANGE, ERR_COMMIT, ERR_MEMORY, ERR_PARKED. */
struct page_pass;
MUST_USE err_t item_prepare(struct thread *sender, struct thread *receiver, const struct page_item *item,
                            struct page_pass *pass);
/* What the receiver is told of it. */
struct page_item item_landed(const struct page_pass *pass);

#define IPC_HANDLE(eax) ((eax) >> 17)
#define IPC_WORDS(eax) (((eax) >> 8) & 0x1FFu)
/* Carry the sender's message (its registers, and its buffer when is_long) to the receiver's registers and buffer, and
 * give the receiver a reply handle when wants_reply. ERR_PARKED: current is parked, nothing was carried.
 * Errors are the sender's: ERR_RANGE, ERR_TOO_LONG, ERR_HANDLE, ERR_RIGHTS, ERR_KIND, ERR_FAULT, ERR_LIMIT … */
MUST_USE err_t message_carry(struct thread *sender, struct thread *receiver, bool is_long, bool wants_reply);
MUST_USE err_t message_carry_kernel(struct kernel_call *call, struct thread *receiver);
MUST_USE err_t message_to_kernel(struct thread *sender, bool is_long, uint32_t *words); /* 256 words of room */
void message_notification(struct thread *receiver, uint32_t bits);

/* ---- fault handlers (fault.c) ---- */
struct fault_handler;
void fault_handler_set(struct fault_handler *handler, const struct handle_entry *port); /* NULL: nobody */
/* Ask about an access that a thread may not make: of its instruction, or of a call that it makes. True: it waits, out of
 * whatever it waited in; answered, it tries again. False: it has nobody to ask. => not WAIT_REPLY, not WAIT_HANDLER */
bool fault_ask(struct thread *thread, uintptr_t address, enum access access, bool in_call);

/* ---- file servers (file.c) ---- */
void file_port_set(struct process *process, struct port *port); /* NULL: nobody */
/* The current thread calls that port about a page, or joins another that does. ERR_PARKED: it tries again then. */
MUST_USE err_t ipc_file_ask(struct port *port, const struct file_ask *ask);
void file_ask_refused(struct thread *thread); /* it asks for what it may not have, or waits to: so it will find */
/* Its port will be told when the process has ended. ERR_LIMIT, ERR_MEMORY, ERR_COMMIT, ERR_PARKED */
MUST_USE err_t file_client_make(struct process *process);
void file_client_ends(struct process *process);
bool file_client_waits(struct process *process); /* the port has not answered; when it has, process_close */
void file_client_free(struct process *process);

/* ---- system calls (call.c) ---- */
/* Results stand in the thread's context already; eax included. */
#define ERR_DELIVERED ((err_t)254)
err_t ipc_call(struct thread *thread, bool is_long, bool wants_reply); /* ipc_call and ipc_send */
err_t ipc_receive(struct thread *thread, handle_t port, uint64_t until_us);
err_t ipc_reply(struct thread *thread, bool is_long);
err_t ipc_reply_receive(struct thread *thread, bool is_long);
void ipc_thread_gone(struct thread *thread); /* out of every queue; nobody can reply to it any more */
void ipc_call_failed(struct thread *caller, uint32_t sequence, bool by_death); /* its reply handle is gone unused */

struct context *ipc_fast(struct thread *thread, uint32_t head); /* fast.c; NULL: not plain, nothing has changed */

#endif
