/* The pager's neighbours for the host: one program's thread, and a swap server that answers as soon as it may run, as a
 * server of higher priority with its blocks in RAM does. What the kernel does between two steps of a program
 * (syscall/entry.c) is done here as often and in the same order. */
#ifndef FAKE_MACHINE_H
#define FAKE_MACHINE_H

#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"
#include "kernel/task/task.h"

/* => `program` runs; `server` shows pages to itself, and has its blocks at `blocks`. Nothing is in flight. */
void fake_machine_start(struct process *program, struct process *server, uint8_t *blocks);

/* What any port is here. */
struct port *fake_swap_port(void);

/* The program touches a page of its space: faults are carried out until it can. False: the access is an error.
 * => *content is the page, until the next step */
bool fake_touch(page_t page, bool write, void **content);

/* What the kernel does between two steps of the program; the server serves all that it is sent. */
void fake_housekeeping(void);

#endif
