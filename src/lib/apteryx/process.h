/* Processes and threads. */
#ifndef APTERYX_PROCESS_H
#define APTERYX_PROCESS_H

#include "abi/process.h"
#include <apteryx/types.h>

/* A program of the boot archive; or, if there is a slash in the name, of the file of that path: it runs from there, its
 * text in RAM once for all who run it, and it keeps the version that it began with. argv ends with NULL.
 * => ERR_NO_ENTRY: no such program  => ERR_KIND: not a program  => ERR_COMMIT, ERR_LIMIT; of a file, the errors of
 * <apteryx/file.h>, and ERR_RETRY: the file server ended again and again before the program was mapped */
err_t process_spawn(const char *name, char *const argv[], handle_t *child);

/* The same with handles for the child (its start_handle(1) …), a priority (0: the parent's), SPAWN_… flags, and limits
 * for the child and all that it starts (NULL: it shares what this process may hold; abi/process.h).
 * => ERR_LIMIT: a limit that is above this process's own, or the child does not fit its limits */
struct spawn_options {
    const handle_t *handle;
    uint32_t handles, priority, flags;
    const struct limits *limits;
    handle_t fault_port; /* who is asked about the child's faults: <apteryx/fault.h>; 0: nobody */
};
err_t process_spawn_with(const char *name, char *const argv[], const struct spawn_options *options, handle_t *child);

/* What this process may hold, and holds, with those that share its limits. */
err_t process_limits(struct limits_report *report);

/* The number of the process that this one started last (0: none was started). */
uint32_t process_spawned_id(void);
/* *status: 0 … 255, 137 killed, 139 ended by a fault. */
err_t process_wait(handle_t child, int *status);
err_t process_kill(handle_t child);
uint32_t process_id(void);
/* Writes out what print holds, then ends the process. */
__attribute__((noreturn)) void process_exit(int status);
/* A handle to any process. => ERR_RIGHTS without the control right  => ERR_NO_ENTRY: no such process */
err_t process_open(handle_t control, uint32_t pid, handle_t *process);
/* Processes from number `from` up, as many as there is room for. */
err_t process_list(uint32_t from, struct process_info *list, uint32_t room, uint32_t *count);

/* Keep the program in RAM for ever: its text, its data, its zeroes, and the page of stack that the caller uses.
 * => the errors of vm_set; where it is refused, all is as before */
err_t process_lock_program(void);
/* The same with an object: the pages that it lies on. => bytes > 0 */
err_t process_lock_object(const void *object, uint32_t bytes);

/* And with the calling thread's message buffer. */
err_t thread_lock_buffer(void);

/* Keeps in RAM so much of the calling thread's stack, from here down, and what the library has above it for the thread:
 * for threads on which paging counts. */
err_t thread_lock_stack(uint32_t bytes);

/* The i-th handle that this process was started with, from 1; 0: it was given fewer. */
handle_t start_handle(uint32_t i);

/* A stack of about 56 KiB, ON_DEMAND, with a GUARD page below, comes with the thread; it lies in process space, so that
 * other threads may be given pointers to what is on it (private memory: vm_space). Priorities are 0 … 31, larger
 * runs first. => ERR_RIGHTS: above the caller's own */
#define PRIORITY_OWN 32u /* as the caller's */
err_t thread_create(void (*entry)(void *), void *argument, uint32_t priority, handle_t *thread);
err_t thread_wait(handle_t thread);
void thread_yield(void);
/* Returning from entry does the same. */
__attribute__((noreturn)) void thread_exit(void);

#endif
