/* The invariant checker's files share this. */
#ifndef KERNEL_PAGER_CHECK_H
#define KERNEL_PAGER_CHECK_H

#include "kernel/pager/lent.h"

struct tally {
    struct check_report *report;
    uint32_t blocks, mix; /* owned, or bad: how many, and the sum of their mixes */
    uint32_t tables;      /* present */
    uint32_t own;         /* entries that name recorded frames which are theirs alone */
    uint32_t lent;        /* recorded frames that roots name */
    uint32_t nodes;       /* counted by spaces */
};

void block_check(struct tally *t, const struct space *space, page_t page, pte_t entry, block_t block);
void complain(struct tally *t, const struct space *space, page_t page, pte_t entry, const char *what);

void entry_check(struct tally *t, const struct space *space, page_t page, pte_t entry, uint32_t *resident);

/* check_table.c */
void directory_check(struct tally *t, const struct space *space); /* where it is, and what it owns when it is out */
/* What a directory says of 4 MiB. Is it a table in RAM? */
bool directory_entry_check(struct tally *t, const struct space *space, page_t page, uint32_t *resident);

/* check_lent.c */
bool entry_is_lent(const struct space *space, page_t page, pte_t entry); /* it has, or should have, a node */
void lent_entry_check(struct tally *t, const struct space *space, page_t page, pte_t entry);
void lent_all_check(struct tally *t); /* roots, nodes and their slots. => all spaces have been looked at */

/* check_file.c */
bool file_record_agrees(const struct frame_record *r, enum frame_state state); /* of a FILE page, in that state */
bool entry_is_viewers(const struct space *space, page_t page, pte_t entry);    /* as its frame's record says */
void file_check(struct tally *t); /* private pages and held ones are as many as are counted */

#endif
