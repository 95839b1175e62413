/* A program in little memory, kept in step with a plain model: what each of its pages holds. They lie across a
 * page-directory entry. */
#ifndef PAGER_MACHINE_H
#define PAGER_MACHINE_H

#include "kernel/task/task.h"

#define FRAMES 420u
#define BLOCKS 420u /* so few that copies of what is in RAM have to go */
#define PAGES 640u  /* of the program */
#define FIRST (TABLE_ENTRIES - 200u)

enum holds { NOTHING, PROMISE, BARRIER, SUPPLIED }; /* NONE, allocated when touched or later, GUARD, by the handler */
struct page_model {
    enum holds holds;
    bool locked, watched;
    uint32_t value; /* of every word of it */
};
extern struct page_model model[PAGES];
extern struct process program;

/* For cmocka: once, and before each test. */
int machine_boot(void **state);
int machine_start(void **state);
/* The machine's own checker is asked, and what is charged is what was promised. */
void machine_check(void);
/* Everything is given back, and nothing is left. */
void machine_end(void);
void *machine_block(block_t block); /* what is in swap there */

err_t set(struct page_range range, enum entry_kind kind);
void promise(uint32_t first, uint32_t pages); /* of the model's */
void page_out_all(struct page_range range);

/* What is read is what the model says; written, it holds something new. False: the page could not be read. */
bool touch(uint32_t i, bool write);

/* The page has begun to be watched, or is watched no more. */
void model_watch(uint32_t i);
void model_unwatch(uint32_t i);

#endif
