/* task: processes and threads, who runs, who waits for what, and the clock's deadlines.
 *
 * No thread sleeps in the kernel: a thread that has to wait is *parked* with a reason. If the system call that parked
 * it was still in its prepare phase it is run again from the start when the thread wakes (run_again); if it was past
 * its commit, whoever wakes the thread fills in the results.
 * Objects are counted: a handle, a queue or a relation that names one holds a reference. */
#ifndef KERNEL_TASK_TASK_H
#define KERNEL_TASK_TASK_H

#include "abi/process.h"
#include "common/elf.h"
#include "common/list.h"
#include "kernel/arch/x86/context.h"
#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/io_ports.h"
#include "kernel/arch/x86/user_copy.h"
#include "kernel/linear/linear.h"
#include "kernel/task/account.h"
#include "kernel/task/reaper.h"

#define PRIORITIES 32u
#define SLICE_US 10000u

struct port;
struct process;

enum wait_reason {
    WAIT_NONE,    /* ready or running */
    WAIT_SEND,    /* in a port's queue of senders */
    WAIT_RECEIVE, /* in a port's queue of receivers */
    WAIT_REPLY,   /* its message was received: for the reply */
    WAIT_HANDLER, /* for its fault handler, in the port's queue of senders or received */
    WAIT_FILE,    /* for its file server, the same */
    WAIT_PAGE,    /* for frame `page_frame` to arrive */
    WAIT_MEMORY,  /* for free frames */
    WAIT_RANGE,   /* for another thread's range operation on the same process */
    WAIT_SLEEP,
    WAIT_PROCESS, /* for a process to end */
    WAIT_THREAD,  /* for a thread to end */
    WAIT_START,   /* for its starter */
    WAIT_ENDED,   /* it has ended */
};

struct thread_space;

/* Who is asked about a fault (ipc/fault.c); port NULL: nobody. */
struct fault_handler {
    struct port *port; /* a reference */
    uint32_t badge;
};

/* What it is asked about. */
struct fault {
    uintptr_t address;
    enum access access;
    pte_t entry;
    bool in_call; /* of a pointer that a system call follows: that runs again, not the instruction */
    bool refused; /* the process ends when the thread runs */
};

/* What a file server is asked (ipc/file.c). */
struct file_ask {
    struct list_node asking; /* those who ask */
    uint32_t process;        /* whose page it is */
    page_t page;
    enum access access;
    pte_t entry;
    bool failed;  /* the access is not allowed: known when the thread runs */
    bool in_call; /* of a pointer that a system call follows */
    bool crowded; /* there was no room for a private page: it waits for that before it asks again */
};

struct thread {
    struct context context; /* first, and 16-byte aligned: the processor pushes onto its end */
    struct process *process;
    struct thread_space *own;    /* NULL: it has not used its thread space */
    struct list_node queue;      /* the ready queue, or what it waits in */
    struct list_node timer;      /* the deadlines, in order */
    struct list_node in_process; /* the process's threads */
    struct list_node waiters;    /* threads that wait for this one to end */
    uint64_t deadline;           /* µs; 0: none */
    enum wait_reason wait;
    bool run_again;         /* the system call starts over when the thread is resumed */
    uint8_t priority, base; /* effective and own */
    uint32_t references;
    uint32_t id;
    struct fpu_state *fpu;
    /* ipc */
    struct port *port;      /* WAIT_SEND, WAIT_REPLY: called (a reference) */
    handle_t listens_on;    /* port of ipc_reply_receive */
    bool replied;           /* a reply_receive has done its first half */
    uint32_t call_sequence; /* a reply handle names the call that it answers */
    uint32_t badge;         /* of the handle that a queued message came by */
    page_t buffer;          /* message buffer; page 0: none */
    bool wants_reply, message_is_long;
    struct fault_handler handler; /* its own; else its process's */
    struct fault fault;           /* WAIT_HANDLER, or refused; of WAIT_FILE what an instruction tried */
    struct file_ask file;         /* WAIT_FILE, or refused */
    uint32_t serves;              /* number of the port that it received from last; 0: none */
    frame_t page_frame;           /* WAIT_PAGE: for this one; FRAME_NONE: none is awaited */
    block_t failed_block;         /* it waited for what is there, and that could not be read; BLOCK_NONE: nothing */
    struct range_progress range;  /* of a long operation on a range */
    struct page_range found;      /* the free pages that a long search knows of; its end page 0: none under way */
    struct process *building;     /* half-built child of a spawn that was parked */
};

struct process {
    struct space space; /* first; its number is the process's; its account too, which it holds */
    struct list_node threads, waiters;
    struct list_node children, sibling; /* those that it spawned; its place among its parent's */
    struct list_node unstarted;         /* those of them that have not been started yet: they end with it */
    char name[PROCESS_NAME_BYTES];
    uint32_t parent; /* number */
    uint32_t references;
    struct handle_chunk *handles;      /* the first chunk of places */
    struct handle_index *handle_index; /* the others */
    struct handle_entry *free_handle;  /* the first of them */
    uint32_t free_handles;
    uint16_t handle_chunks, handle_places; /* that there are; that were ever in use */
    struct io_ranges io;
    struct thread *range_owner; /* whose range operation is under way */
    struct list_node range_waiters;
    struct page_range window;        /* where page items land; empty: nowhere */
    struct fault_handler handler;    /* of its threads */
    struct port *file_port;          /* who is asked for its FILE pages (a reference); NULL: nobody */
    struct file_client *file_client; /* its port will hear of its end; NULL: it need not */
    bool serves_files;               /* it has used the pager right: its threads wait for no file server */
    struct reaped reaped;            /* when it has ended */
    uint32_t flags;                  /* SPAWN_LOCKED */
    bool runs_a_file;                /* its program is none of the boot archive's, but in FILE pages */
    bool listed;                     /* it runs: others may find it */
    bool ending, ended;
    int32_t status;
};

/* ---- who runs (scheduler.c) ---- */
extern struct thread *current; /* on whose behalf the kernel runs now; NULL: nobody's */
void thread_make_ready(struct thread *thread);
/* Park: out of the ready queue, into `queue` unless NULL. */
void thread_park(struct thread *thread, enum wait_reason why, struct list_node *queue);
/* Park in the prepare phase; the call is run again later. Returns ERR_PARKED. */
err_t thread_park_again(struct thread *thread, enum wait_reason why, struct list_node *queue);
/* Not parked: the call is run again as soon as the thread is picked. Returns ERR_PARKED. */
err_t thread_again(struct thread *thread);
void thread_wake(struct thread *thread); /* => parked; the deadline is off */
void thread_wake_all(struct list_node *queue);
void thread_set_deadline(struct thread *thread, uint64_t until_us);
void thread_set_priority(struct thread *thread, uint8_t effective);
void thread_yield(struct thread *thread);

/* ---- threads and processes (thread.c, process.c) ---- */
MUST_USE err_t thread_new(struct process *process, uint8_t priority, struct thread **thread);
void thread_end(struct thread *thread); /* the last one ends its process with status 0 */
void thread_release(struct thread *thread);
/* An empty space, no thread, not to be found yet. */
MUST_USE err_t process_new(struct account *account, struct process **process);
static inline struct account *process_account(const struct process *process) { return process->space.account; }
void process_publish(struct process *process, struct process *parent); /* parent NULL: nobody's child */
/* Its first thread runs. ERR_RIGHTS: the caller is not its parent; ERR_BUSY: it runs; ERR_NO_ENTRY: it has ended */
MUST_USE err_t process_start(struct process *process);
void process_release(struct process *process);
/* No thread of it runs again; handles and space are freed in steps, then those who wait are told. With children: it
 * takes those with it that it spawned, and they theirs, and is gone when they are; else they go on. */
void process_end(struct process *process, int32_t status, bool with_children);
void process_close(struct process *process); /* => all of it is freed but its number, which is now, too */
/* Before its entries are changed: one range operation of a process at a time. ERR_PARKED: another's is under way. */
MUST_USE err_t process_range_enter(struct process *process);
struct process *process_find(uint32_t pid); /* NULL: no such process */
struct process *process_next(uint32_t pid); /* the one with the lowest number from pid up; NULL: none */
static inline uint32_t process_number(const struct process *process) { return process->space.id; }
bool process_doomed_step(void); /* some of those end whose parents' end takes them. False: there are none */

/* ---- what an address means to a thread (thread_space.c) ----
 * A thread runs on the master directory of its process until it uses its thread space; then it gets its own. */
/* The space whose entries decide that page for this thread. */
struct space *thread_space(const struct thread *thread, page_t page);
/* The same for a range that is to be changed. ERR_RANGE: it lies in both spaces; ERR_MEMORY, ERR_LIMIT, ERR_PARKED. */
MUST_USE err_t thread_space_use(struct thread *thread, struct page_range range, struct space **space);
/* Make an access of the thread possible: pager_resolve, and its directory shows it. */
MUST_USE err_t thread_resolve(struct thread *thread, page_t page, enum access access);
bool thread_space_is_here(const struct thread *thread);         /* the directory that it runs on is in RAM */
MUST_USE err_t thread_space_ready(const struct thread *thread); /* the same; ERR_PARKED, ERR_MEMORY, ERR_IO */
void thread_space_load(struct thread *thread);                  /* => thread_space_is_here */
void thread_space_gone(struct thread *thread);                  /* the thread ends: freed in steps */
/* Pages of a process, its threads' own with them. */
struct space_count {
    uint32_t resident, swapped;
};
struct space_count process_pages(const struct process *process);

/* ---- starting programs (spawn.c) ---- */
void task_start_archive(const uint8_t *archive, uint32_t bytes);
struct program_request {
    const char *name;           /* of the boot archive, or as it is to be called: */
    struct program_image image; /* start NULL: it is in the archive. Else the head of a file whose pages others map */
    const char *arguments;
    uint32_t argument_bytes, argument_count;
    uint32_t priority, flags, handles;
    struct process *parent;      /* NULL: none */
    const struct limits *limits; /* NULL: it shares its parent's account */
};
/* Builds the child bit by bit in *building (NULL at first). ERR_PARKED: frames are short, call again. The child is
 * published, with one thread (the first of its list) that waits for process_start; the reference is the caller's.
 * ERR_KIND: not a program, or of a file none that can be mapped */
MUST_USE err_t program_build(struct process **building, const struct program_request *request, struct process **child);
/* What was built so far, if anything, goes: after each error but ERR_PARKED. */
void program_abandon(struct process **building);
/* The function of its program that an address lies in. False: the archive does not say. */
bool program_function(const struct process *process, uintptr_t address, struct elf_function *found);

#endif
