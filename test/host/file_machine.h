/* Two clients map a file that a server holds in its cache, to read it, to write private versions, or copies, in a machine
 * that has not memory enough for all of it. The server answers as the real one does: what it shows, grants and copies is
 * what the model says of each page, and what is written out is noted there. */
#ifndef FILE_MACHINE_H
#define FILE_MACHINE_H

#include "kernel/task/task.h"

#define FRAMES 420u
#define BLOCKS 600u
#define FILE_PAGES 260u
#define CLIENTS 2u
#define FIRST (2 * TABLE_ENTRIES - 130u) /* of a mapping: across a page-directory entry */
#define OWN (8 * TABLE_ENTRIES)          /* NORMAL pages of a client */
#define OWN_PAGES 160u
#define CACHE (16 * TABLE_ENTRIES - 50u)
#define SPARE (20 * TABLE_ENTRIES) /* of the server: for what is granted or taken */
#define DATA (FIRST + 30u)         /* of one client: what is FILE there is charged */
#define DATA_PAGES 200u

enum how { NOT_MAPPED, READ, WRITE, COPY };
struct client {
    struct process process;
    enum how how;
    struct {
        bool own;       /* written to: value, else the file's */
        bool normal;    /* copied for good */
        uint32_t value; /* of each word */
        bool saved;     /* the server has it, */
        uint32_t kept;  /* and this is what it has */
    } page[FILE_PAGES];
    uint32_t own[OWN_PAGES];
};
extern struct client clients[CLIENTS], *runs;
extern struct process file_server;

/* What the server has done, and what it is to do. */
struct file_doings {
    uint32_t written, granted, shown, copied;
    uint32_t refuse_one_in; /* of what is written out; 0: none */
    bool disturbed;         /* the program writes while the server does */
};
extern struct file_doings doings;

/* For cmocka: once, and before each test. */
int machine_boot(void **state);
int machine_start(void **state);
/* The machine's own checker is asked, and what is charged is what was promised. */
void machine_check(void);
/* Everything is given back, and nothing is left. */
void machine_end(void);

void process_make(struct process *process);
void mark(struct space *space, uint32_t first, uint32_t pages, enum entry_kind kind);
/* The server's: it asks again until it is not parked. */
err_t hold_try(page_t page, bool fresh, uint32_t *token);

static inline uint32_t file_value(uint32_t page) { return 0xF11E0000u | page; } /* of each word of it */
uint32_t wanted(uint32_t page);                                                 /* what whoever runs should see */
void page_write(uint32_t page, void *content);                                  /* something new */

#endif
