/* The pager's neighbours for the host: one program's thread, and a swap server that answers as soon as it may run, as a
 * server of higher priority with its blocks in RAM does. What the kernel does between two steps of a program
 * (syscall/entry.c) is done here as often and in the same order. */
#ifndef FAKE_MACHINE_H
#define FAKE_MACHINE_H

#include "abi/swap.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"
#include "kernel/task/task.h"

/* => `program` runs; `server` shows pages to itself, and has its blocks at `blocks`. Nothing is in flight. */
void fake_machine_start(struct process *program, struct process *server, uint8_t *blocks);

/* Another program runs from here on, by the same thread. */
void fake_machine_switch(struct process *program);

/* What any port is here. */
struct port *fake_swap_port(void);

/* Where the server shows pages to itself; the table there is made before it serves. */
page_t fake_server_window(void);
/* Held, the server leaves what it is sent in flight as long as the program can go on without. */
void fake_server_hold(bool hold);
/* Of so many requests of that operation one fails; 0: none. */
void fake_server_fail(enum swap_operation operation, uint32_t one_in);

/* The program touches a page of its space: faults are carried out until it can. False: the access is an error.
 * => *content is the page, until the next step */
bool fake_touch(page_t page, bool write, void **content);

/* A file server that answers as soon as it may run, for threads of processes whose file port is fake_file_port. */
struct fake_files {
    struct process *process;                                        /* `current` is its thread when it is asked: */
    bool (*asked)(const struct file_ask *ask, bool *crowded);       /* false: the access is not allowed */
    err_t (*written)(uint32_t process, page_t page, frame_t frame); /* of a FILE_OUT */
};
struct port *fake_file_port(void);
void fake_files_start(const struct fake_files *files);
void fake_files_wait(void); /* the file server itself waits for a page or for memory */

/* What the kernel does between two steps of the program; the server serves what it is sent. */
void fake_housekeeping(void);
void fake_settle(void);        /* everything in flight lands: the server is not held any more */
uint32_t fake_log_lines(void); /* that the kernel has logged since the start */

/* Again until it is not parked; gives its last error. */
#define FINISH(call)                                    \
    ({                                                  \
        err_t finish_;                                  \
        while ((finish_ = (call)) == (err_t)ERR_PARKED) \
            fake_settle();                              \
        finish_;                                        \
    })

void fake_charge_check(const struct space *space); /* what is charged is what was promised */
void fake_space_free(struct space *space);         /* all that an ended space holds */

#endif
