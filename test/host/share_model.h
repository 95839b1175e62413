/* What programs that grant, map and copy pages to each other should see: each of their places shows a cell or nothing;
 * what is mapped shows its lender's cell, what is copied has one of its own. Pure. */
#ifndef SHARE_MODEL_H
#define SHARE_MODEL_H

#include "abi/errors.h"
#include "abi/message.h"
#include <stdbool.h>
#include <stdint.h>

#define PROGRAMS 4u
#define PAGES 100u /* of each program */
#define PLACES (PROGRAMS * PAGES)

enum holds { NOTHING, OWN, LOAN, BARRIER };
struct place_model {
    enum holds holds;
    uint32_t lender; /* LOAN: a place */
    uint32_t cell;
    bool may_write, locked;
};
extern struct place_model model[PLACES];

struct run {
    uint32_t program, first, pages; /* first: of the program's */
};
static inline uint32_t place(struct run r, uint32_t i) { return r.program * PAGES + r.first + i; }

static inline bool place_shows(uint32_t i) { return model[i].holds == OWN || model[i].holds == LOAN; }
uint32_t *place_value(uint32_t i); /* of every word of what it shows */
void place_set(uint32_t i, enum holds holds);
void loans_end(uint32_t lender);

/* What is to be said to an item: OK, or an error that is right. *writable: as it was asked for, and as it is granted. */
err_t pass_expected(struct run from, struct run to, uint32_t how, bool *writable);
void model_pass(struct run from, struct run to, uint32_t how, bool writable);

#endif
