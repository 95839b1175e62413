/* Two spaces, and a plain model of them: what each page is, kept in an array; and what can be asked of the linear room
 * about them, compared with the model. */
#ifndef LINEAR_MODEL_H
#define LINEAR_MODEL_H

#include "kernel/linear/linear.h"

#define SPANS 5u
#define SPACES 2u

/* The 4 MiB of which more than NONE is known: three neighbours, one apart, and the last of process space. */
extern const uint32_t span_index[SPANS];

struct cell { /* one page; for a span without a table its first cell stands for all */
    enum entry_kind kind;
    uint32_t number; /* frame or block */
    bool write, accessed, dirty;
};
struct span {
    bool table;
    struct cell cell[TABLE_ENTRIES];
};
extern struct space spaces[SPACES];

/* Everything is NONE; the first space is loaded. Each has some text, and the second allocates by default. */
void model_start(void);
struct span *span_of(uint32_t s, uint32_t page); /* NULL: NONE, and always was */
struct cell cell_of(uint32_t s, uint32_t page, bool *at_directory);
pte_t word_of(const struct cell *c);
bool is_text(const struct space *space, uint32_t page);

/* What an operation does to the space and to the model. */
frame_t frame_give(void);
void table_make(uint32_t s, uint32_t page);
/* The entry that is stored, and the one that must be found there. */
void put(uint32_t s, uint32_t page, struct cell c);
void span_set_whole(uint32_t s, uint32_t page, enum entry_kind kind);

/* What agrees with the model, in linear_check.c: a page; a page and what is counted; everything. */
void check_page(uint32_t s, uint32_t page);
void check_quickly(uint32_t s, uint32_t page);
void check_all(void);
/* What a query says with room for so many runs, which are maximal, ascending, without gaps. => room <= CHECK_RUNS */
#define CHECK_RUNS 300u
void check_runs(uint32_t s, struct page_range range, uint32_t room);
void check_charges(uint32_t s, struct page_range range);
void check_hole(uint32_t s, struct page_range range, uint32_t pages);

uint32_t frames_used(void); /* for tables */

#endif
