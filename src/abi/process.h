/* Starting processes, rights to hardware, and what process_list, entry_query and check report. */
#ifndef ABI_PROCESS_H
#define ABI_PROCESS_H

#include "abi/message.h"
#include <stdint.h>

#define PROCESS_NAME_BYTES 16u     /* with the closing NUL */
#define SPAWN_ARGUMENT_BYTES 4096u /* all arguments with their NULs */
#define SPAWN_ARGUMENTS 64u
#define SPAWN_HANDLES 12u
#define SPAWN_LOCKED 1u /* flags: every page LOCKED (init, swap server, disk drivers) */
#define SPAWN_OUTPUT 2u /* the last handle is where the child prints: a port that takes CONSOLE_WRITE (abi/console.h) */
#define STATUS_KILLED 137u
#define STATUS_FAULT 139u

/* What a process may hold, with all that it starts; each may give its children limits within its own. A limit of
 * LIMIT_NONE is that of the parent. At a limit a call answers ERR_LIMIT, and nothing has changed. */
/* clang-format off */
#define LIMITS(X) /* name, what it counts */                                                        \
    X(pages, PAGES, "pages promised, page tables, kernel objects; of overcommit programs: pages in use, of each by itself") \
    X(locked, LOCKED, "pages of RAM that nobody can take away: LOCKED, DMA, and kernel objects") \
    X(handles, HANDLES, "places for handles: as many as each process ever had at once")                 \
    X(threads, THREADS, "threads")                                                                  \
    X(processes, PROCESSES, "processes, the first of them counted")                                     \
    X(nodes, NODES, "places of pages that several places show")
/* clang-format on */
#define LIMIT_NONE 0xFFFFFFFFu
#define LIMIT_ENUM(name, NAME, text) LIMIT_##NAME,
enum limit { LIMITS(LIMIT_ENUM) LIMIT_COUNT };
#undef LIMIT_ENUM
#define LIMIT_WORD(name, NAME, text) uint32_t name;
struct limits {
    LIMITS(LIMIT_WORD)
};
#undef LIMIT_WORD
struct limits_report {
    struct limits limit, used;
};

/* process_spawn's argument. The child gets copies of `handle` as its handles 1 … handles, in this order. */
struct spawn {
    const char *name;      /* a file of the boot archive; with a head, what the process is called */
    uint32_t name_bytes;   /* without NUL */
    const char *arguments; /* argc strings, each closed by NUL */
    uint32_t argument_bytes, argument_count;
    const handle_t *handle;
    uint32_t handles;
    uint32_t priority;           /* of the first thread; 0: the parent's */
    uint32_t flags;              /* SPAWN_… */
    const struct limits *limits; /* NULL: what it holds is its parent's, too */
    handle_t fault_port; /* 0: none. Who is asked about the child's faults (abi/fault.h), until it names another */
    /* The first head_bytes (at most a page) of a program's file of file_bytes. NULL: it is in the boot archive. Nothing of
     * the file is loaded: somebody maps it into the child (FILE_MAP), and process_start starts it. If its parent ends before,
     * it does, too. */
    const void *head;
    uint32_t head_bytes, file_bytes;
};

/* The child's first thread starts with esp at a word argc, followed by argc pointers, NULL, and the strings.
 * ebx = number of handles that it was given; START_OUTPUT or-ed in: SPAWN_OUTPUT was asked for. */
#define START_OUTPUT 0x80000000u

enum right_type {
    RIGHT_TYPE_IO_PORTS = 1,
    RIGHT_TYPE_MEMORY,
    RIGHT_TYPE_INTERRUPT,
    RIGHT_TYPE_DMA,
    RIGHT_TYPE_SWAP,
    RIGHT_TYPE_CONTROL,
    RIGHT_TYPE_MACHINE,
    RIGHT_TYPE_PAGER
};
/* first, count: ports; frames of physical memory; interrupt line, 1; of DMA a number of the devices behind it, below 2^20;
 * unused for the rest.
 * The machine right is init's handle 1: right_create needs it, and so does power (CONTROL serves there too). */

enum power { POWER_OFF, POWER_REBOOT, POWER_PANIC };

enum process_state { PROCESS_READY, PROCESS_WAITING, PROCESS_PAGING, PROCESS_ENDED };
struct process_info {
    uint32_t pid, parent, state, resident, swapped, threads; /* resident, swapped: pages */
    char name[PROCESS_NAME_BYTES];
};

enum vm_kind {
    VM_NONE,
    VM_ON_DEMAND,
    VM_GUARD,
    VM_LOCKED,
    VM_NORMAL,
    VM_DMA,
    VM_FILE,
    VM_SPECIAL,
    VM_SHARED,
    VM_COW,
    VM_WATCHED,
    VM_SWAP,
    VM_TRANSIT,
    VM_LENT
};
struct vm_run {
    uintptr_t start;
    uint32_t bytes;
    enum vm_kind kind;
    uint32_t at_directory; /* bit 0: the directory says it; bit 1 (space_query only): writable */
};

#define ENTRY_INFO_NONE 0xFFFFFFFFu
struct entry_info {
    uint32_t pde, pte;       /* raw words; pte ENTRY_INFO_NONE: no table */
    uint32_t pde_kind, kind; /* enum entry_kind (common/entry.h) */
    uint32_t frame, block;   /* ENTRY_INFO_NONE: none */
};

struct check_report {
    uint32_t entries, frames, blocks, unowned, errors;
};

#endif
