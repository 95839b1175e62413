/* The programs of share_model.h as processes of a small machine, which is kept in step with the model. Only part of their
 * pages has room in memory; they lie across a page-directory entry. */
#ifndef SHARE_MACHINE_H
#define SHARE_MACHINE_H

#include "kernel/task/task.h"
#include "share_model.h"

#define FIRST (TABLE_ENTRIES - 40u) /* page of a program */

extern struct process programs[PROGRAMS];

/* For cmocka: once, and before each test. */
int share_boot(void **state);
int share_start(void **state);
/* The machine's own checker is asked, and what is charged is what was promised. */
void share_check(void);
/* So many tables could not be read, and the log says so. */
void share_tables_lost(uint32_t tables);
/* From here on reads may fail (else none does), which harms nothing; returns how many have. */
uint32_t share_reads_fail(bool may);
/* Everything is given back, and nothing is left. */
void share_end(void);

/* Of whom a call is to come: its directory is brought back first. */
struct space *space_of(struct run r);
struct page_range range_of(struct run r);

/* The place is what the model says; written, it holds something new. */
void touch(uint32_t i, bool write);
/* Its own, or nothing, or a barrier, whatever was there. */
void run_mark(struct run r, enum entry_kind kind, enum holds holds);

/* A program ends. What needs no disk goes at once, and with it all that was lent, wherever the tables are; then the
 * rest, and it begins anew. */
void leave_begin(uint32_t program);
void leave_end(uint32_t program);

#endif
