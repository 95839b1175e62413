/* What the storm's files agree on: the calls to a worker, and the model of who has which page. */
#ifndef SHARE_STORM_STORM_H
#define SHARE_STORM_STORM_H

#include "grant.h"
#include <apteryx/vm.h>

#define START 0x403E0000u /* a worker's pages: across the edge of a page table; each group of them 4 MiB further on */
#define GROUP_BYTES 0x00400000u
#define RUN_MAX 8u /* pages of one operation, all in one group */
#define PLACES_MAX 0xFFF0u
#define NOWHERE 0xFFFFu

/* Calls. Words 0, 1: first page and how many; the reply's word 0: pages found wrong, or an err_t. */
enum storm_label {
    STORM_CHECK, /* words 2 …: the writer and the generation of each */
    STORM_FILL,  /* the same, to be written */
    STORM_SET,   /* word 2: enum vm_kind */
    STORM_UNMAP,
    STORM_OUT, /* page out */
    STORM_WINDOW,
    STORM_PASS, /* word 2: how, word 3: writable, word 4: the page where they land; to the worker of handle 0.
                     The reply's word 1: what it was told of `writable` */
    STORM_LAND, /* from another worker, with the pages */
};

void worker_run(void) __attribute__((noreturn));

/* ---- the model (model.c). A place is a page of a worker: worker × pages + page ---- */
enum holds { NOTHING, OWN, LOAN };
struct place {
    uint16_t lender, borrower, next; /* LOAN: whose; the first of those it was lent to; the next of the same lender */
    uint16_t cell;
    uint8_t holds, may_write, depth;
};
/* What a page holds: its writer's place and a generation; 0 was never written. */
struct cell {
    uint32_t generation;
    uint16_t writer, users;
};
extern struct place places[PLACES_MAX];
extern struct cell cells[PLACES_MAX];
extern uint32_t pages, group; /* of a worker, and how many of them side by side */

void model_start(uint32_t count);
void place_set(uint32_t place, enum holds holds); /* NOTHING or OWN, never written */
void place_write(uint32_t place, uint32_t generation);
void loans_end(uint32_t place);
bool may_pass(uint32_t from, uint32_t to, uint32_t count, uint32_t how, bool *writable);
void place_pass(uint32_t from, uint32_t to, uint32_t how, bool writable);

#endif
