/* What the pager's files share and nobody else may include. */
#ifndef KERNEL_PAGER_INSIDE_H
#define KERNEL_PAGER_INSIDE_H

#include "kernel/arch/x86/paging.h"
#include "kernel/debug/log.h"
#include "kernel/pager/pager.h"
#include "kernel/task/task.h"

extern const struct usage_module *usage;
extern uint32_t readahead_pages;

static inline struct info *counters(void) { return info_page(); }

static inline bool record_names(const struct frame_record *r, const struct space *space, page_t page)
{
    return record_space(r) == space->id && page_same(record_page(r), page);
}

/* Who the record says the frame belongs to. => MAPPED, STANDBY, WRITING or READING */
static inline struct space *record_owner(const struct frame_record *r) { return pager_space(record_space(r)); }

/* Windows, by what uses them; each is open for a moment only. */
enum pager_window { WINDOW_FILL, WINDOW_SCAN, WINDOW_COPY_FROM, WINDOW_COPY_TO };

static inline page_t table_first(page_t page) { return (page_t){page.n - page_table_index(page)}; }
static inline page_t table_end(page_t page) { return (page_t){table_first(page).n + TABLE_ENTRIES}; }

/* table.c */
pte_t page_exchange(struct space *space, page_t page,
                    pte_t entry); /* each change of the pager's; returns the old one */
bool pde_is_charged(pde_t pde);
/* Keep a table that names nothing, for the rest of this kernel entry. Returns whether it was pinned before. */
bool table_pin(const struct space *space, page_t page, bool pin);
struct frame_record *table_record(const struct space *space, page_t page); /* => a table is present */
/* The directory says it instead. => no entry names a frame, block or node; kind: NONE, ON_DEMAND or GUARD */
void table_free(struct space *space, page_t page, enum entry_kind kind);
bool table_collapse(struct space *space, page_t page); /* if all entries are one such kind. => a table is present */

/* directory.c */
void directory_begin(struct space *space); /* a fresh one, without tables */
void directory_end(struct space *space);   /* free it, wherever it is. => no table is left */
/* After each change of the tables that a space has in RAM: whether its directory may go. => it is here */
void directory_settle(struct space *space, enum usage_why why);
pde_t directory_exchange(struct space *space, page_t page, pde_t pde); /* each change of the pager's; the old one */
/* A low frame for a table; the directory stays meanwhile. */
MUST_USE err_t table_frame_get(const struct space *space, enum frame_state as, frame_t *frame);
bool directory_out(frame_t directory);         /* evict it. False: not now */
bool directory_is_believed(frame_t directory); /* just read: is it what went out? */
void directory_shown(frame_t directory);       /* TRANSIT -> present */
void directory_hidden(frame_t directory);      /* TRANSIT -> SWAP */
void directory_lose(struct space *space);      /* it can't be read: what the space owned is lost. => SWAP */
MUST_USE err_t directory_fetch(struct space *space, frame_t *frame); /* as table_fetch */
MUST_USE err_t directory_fetch_into(struct space *space, frame_t frame);

/* table_swap.c */
void tables_tally(const pte_t *entries, uint32_t count, bool more); /* what they own is hidden, or no more */
bool table_out(frame_t table); /* evict it and its cold neighbours; false: nothing came of it */
/* Begin to bring a table back. OK: it is there, or the directory says all; ERR_BUSY: *frame is being read;
 * ERR_MEMORY, ERR_PARKED */
MUST_USE err_t table_fetch(struct space *space, page_t page, frame_t *frame);
/* The same with a frame in hand. => READING; the directory says SWAP */
MUST_USE err_t table_fetch_into(struct space *space, page_t page, frame_t frame);
void tables_fetch_ahead(struct space *space, page_t page); /* its neighbours above, as far as frames are plenty */
bool table_is_believed(frame_t table);                     /* just read: is it what went out? */
void table_shown(frame_t table);                           /* TRANSIT -> present */
void table_hidden(frame_t table);                          /* TRANSIT -> SWAP */
/* Blocks that entries of tables in swap own: how many, and the sum of their mixes. */
extern struct block_tally {
    uint32_t blocks, mix;
} tables_hide;

/* table_share.c */
bool tables_are_many(void); /* such a share of RAM that none is brought in before it is needed */
void tables_press(void);    /* a table more will be in RAM: where they are many, others go */
void table_follow(
    frame_t frame); /* of a page that has gone to standby: it is taken, and its table goes, if that is why */

/* table_reap.c */
void table_reap_start(void);
/* Bring a table back that is to be freed; one that can't be read is given up. OK, ERR_PARKED; without a current thread
 * ERR_BUSY: it is on its way, or waits for a frame */
MUST_USE err_t table_recover(struct space *space, page_t page);
void table_lose(struct space *space, page_t page); /* => SWAP */

/* place.c: what names a frame - the entry of its page, or its root and theirs, or a directory entry - as its record says */
bool place_is_believed(frame_t frame); /* just read: is it what was written? */
void place_lose(frame_t frame);        /* of an ended space, and unreadable: it is given up. => SWAP */
void place_show(frame_t frame);        /* mapped again: state and word */
void place_hide(frame_t frame);        /* no entry shows it: TRANSIT. What they noticed goes into the record */
void place_swap(frame_t frame);        /* in its block, and no more in the frame. => TRANSIT, of this and the next */
void place_promise(frame_t frame);     /* all zeros, and no more in the frame */
bool place_age(frame_t frame);         /* used since it was last asked? */
bool place_is_dirty(frame_t frame);    /* changed since its block was written */
void place_clean(frame_t frame);       /* from now on that begins anew */
struct space *place_first(frame_t frame, page_t *page); /* a place that shows it; NULL: none does now */
struct space *place_owner(frame_t frame, page_t *page); /* whose it is: of a lent page, who lent it first */

/* lock.c */
void page_unlock(struct space *space, page_t page); /* if it is LOCKED */

/* watch.c */
/* Is the page watched, or will it be when it is mapped again? */
bool entry_is_watched(pte_t entry);
void page_watch(struct space *space, page_t page, bool on); /* wherever its content is. => watch_check said OK */
/* May each page of a range be WATCHED, or NORMAL? ERR_KIND: one may not. */
MUST_USE err_t watch_check(const struct space *space, struct page_range range, uint32_t kinds, enum entry_kind kind);

/* frame.c */
bool record_pin(struct frame_record *r, bool pin); /* keep it from eviction, or not; returns what was before */
void page_insert(struct space *space, page_t page, frame_t frame, enum usage_why why); /* NORMAL. => MAPPED */
void frame_remap(frame_t frame); /* STANDBY or WRITING -> mapped again */
/* The page's entry goes; what it named is freed. => the entry has been exchanged for another already */
void entry_free(struct space *space, page_t page, pte_t was);
bool frame_is_zero(frame_t frame);
void frame_clear(frame_t frame);
void record_name(frame_t frame, const struct space *space, page_t page);
void dma_frame_free(const struct space *space, frame_t frame); /* device.c */

/* range.c */
/* Give pages a kind, one of pager_range_prepare's. => their tables are present */
void entries_set(struct space *space, struct page_range range, enum entry_kind kind);
/* ERR_KIND: there are pages that can't be given that kind. => tables are present, or the directory says all */
MUST_USE err_t range_kinds_check(const struct space *space, struct page_range range, enum entry_kind kind);
/* The next whole 4 MiB, or as many (at most `most`) as the directory says the same of. Returns what counts towards a
 * step. => no table there is out */
uint32_t spans_set(struct space *space, page_t *page, page_t end, uint32_t most, enum entry_kind kind);

/* commit.c */
MUST_USE err_t pager_may_touch(const struct space *space); /* one page more, or a table: of overcommit. ERR_LIMIT */

/* fault.c */
extern frame_t zero_page; /* shown COW, and nobody's */
void fault_start(void);
extern struct list_node page_waiters;     /* threads that wait for a frame in flight */
MUST_USE err_t page_await(frame_t frame); /* ERR_PARKED: the current thread, until its transfer has ended */
/* The current thread waited for what is in this block, and that could not be read: said once. BLOCK_NONE: false. */
bool read_has_failed(block_t block);
/* The block of a table or directory that is in swap; BLOCK_NONE: it is not there. */
static inline block_t pde_swapped_block(pde_t entry)
{
    return !pde_present(entry) && pde_kind(entry) == ENTRY_SWAP ? pde_block(entry) : BLOCK_NONE;
}
/* A frame for a page: its table stays meanwhile. ERR_MEMORY, ERR_PARKED */
MUST_USE err_t frame_get_for(const struct space *space, page_t page, enum frame_state as, frame_t *frame, bool zeroed);
MUST_USE err_t swap_in(struct space *space, page_t page); /* begin to read it. => SWAP, or LENT and its root SWAP */

/* lent.c */
bool lent_room_return(void); /* a frame of nodes, if nothing in it is in use. => nobody has asked for room just now */

/* lent_fault.c */
MUST_USE err_t lent_resolve(struct space *space, page_t page); /* LENT: brought back, or a step towards it */
MUST_USE err_t lent_copy(struct space *space, page_t page);    /* to be written. ERR_FAULT: it may not be */

/* reclaim.c */
void memory_freed(void);           /* threads that wait for memory try again */
MUST_USE err_t memory_await(void); /* ERR_PARKED: the current thread, until then */
bool memory_is_plenty(void);
bool standby_take(frame_t frame); /* its content is in its block: only now does its entry say so. False: not now */
/* A frame, without reclaim: nothing else has changed. False: there is none */
bool frame_at_hand(enum frame_use use, enum frame_state as, frame_t *frame, bool want_zeroed);
void block_return(block_t block);
void record_block_drop(struct frame_record *r); /* its block, if it has one, is free */
void blocks_changed(void);                      /* the information page says how many are used */

/* evict.c */
#define CLUSTER_PAGES 16u     /* neighbours that go out together */
bool page_out(frame_t frame); /* evict it and its cold neighbours; false: nothing came of it */
/* Blocks in a row, taken ahead for a cluster. */
struct block_run {
    block_t next;
    uint32_t left;
};
/* A block for what is to be written; it keeps the one it has. False: there is none. want: the length of a new run */
bool block_give(struct frame_record *r, struct block_run *run, uint32_t want);
void block_run_return(struct block_run *run); /* what is left of it */
void write_begin(frame_t frame);              /* => swap_write_room */
bool page_clean(frame_t frame); /* write it ahead and leave it mapped; false: it is clean, or can't be written now */

/* swap.c */
extern uint32_t swap_block_count;

/* Sums of these differ when one block is owned twice and another by nobody, where counts alone would agree. */
static inline uint32_t block_mix(block_t block)
{
    uint32_t mix = (block.n + 1) * 0x9E3779B1u;
    return (mix ^ mix >> 15) * 0x85EBCA77u;
}
extern struct block_tally swap_bad; /* blocks that could not be written: taken for ever, and nobody's */

MUST_USE bool swap_read_queue(frame_t frame); /* false: the queue is full, nothing changed */
MUST_USE bool swap_write_queue(frame_t frame);
uint32_t swap_write_room(void);
bool swap_is_busy(void);
uint32_t swap_blocks_used(void); /* all that are taken, but for those being discarded */

/* token.c */
#define TOKEN_FILE_OUT 0x10000000u
#define TOKEN_HELD 0x80000000u
/* Where token_map shows a page. All zeros: nowhere */
struct showing {
    struct list_node open;
    struct space *in; /* NULL: nowhere */
    page_t at;
};
struct token_page {
    frame_t frame;
    bool writable;
    struct showing *showing;
};
bool swap_token_find(uint32_t token, struct token_page *found); /* swap.c, file_out.c, file_cache.c */
bool file_token_find(uint32_t token, struct token_page *found);
bool hold_token_find(uint32_t token, struct token_page *found);
void showing_end(struct showing *showing);
void showings_forget(const struct space *space); /* it ends: nobody must touch it */
bool showings_lie_in(const struct space *space, struct page_range range);

/* file_*.c: file.h */
static inline bool frame_is_file(frame_t frame) { return record_is_file(frame_record(frame)); }
static inline struct process *space_process(struct space *space)
{
    return list_member(space->master ? space->master : space, struct process, space);
}

/* file_page.c */
MUST_USE err_t file_fault(struct space *space, page_t page, enum access access); /* VERDICT_FILE */
bool file_may_wait(void);        /* for a file server: may the current thread? */
uint32_t file_private_cap(void); /* frames that private pages may take, and those of caches that were released dirty */
static inline bool file_record_is_private(const struct frame_record *r)
{
    return record_becomes(r) == BECOMES_FILE_PRIVATE || record_has(r, FRAME_OWED);
}
void file_frame_owed(frame_t frame, bool owed); /* its server has released it dirty, or not */
bool file_private_fits(void);                   /* one more of them */
void file_room_changed(bool hopeless);          /* who waits for that tries again; hopeless: or is refused */
void file_frame_goes(frame_t frame);            /* it is about to be freed */
/* The frame is that page's from now on. */
void file_frame_name(frame_t frame, const struct space *space, page_t page, enum frame_becomes becomes);
/* Show it there, and nowhere else. Returns what was there, for entry_free. => its table is present */
pte_t file_page_map(struct space *space, page_t page, frame_t frame, bool write);
/* The same of a fresh frame. */
pte_t file_page_insert(struct space *space, page_t page, frame_t frame, enum frame_becomes becomes, bool write);
void file_page_unshow(frame_t frame); /* its owner alone shows it from now on, or nobody. => MAPPED */
void file_page_drop(frame_t frame);   /* FILE, not there, wherever it is shown; the frame is free. => clean, MAPPED */

/* file_viewer.c */
struct space *viewer_place(frame_t frame, page_t *page);            /* where it is shown besides; NULL: nowhere */
void viewer_begin(frame_t frame, struct space *space, page_t page); /* => FILE_OUT there, and nobody else shows it */
void viewer_end(frame_t frame);                                     /* if it has one: FILE, not there */
bool viewer_age(frame_t frame);                                     /* has it used the page? */
/* An entry of a page that is not lent has been exchanged for another. True: it was the viewer's, and the page stays. */
bool viewer_leaves(frame_t frame, struct space *space, page_t page, pte_t was);
void file_range_unshow(struct space *space, struct page_range range); /* what the range's pages show to their viewers */

/* file_cache.c */
bool file_is_owned(const struct space *space, page_t page, pte_t entry); /* of its cache. => FILE, present */
uint32_t file_hold_cap(void);       /* pages that may be held. 0: nobody shows files */
bool hold_is_single(frame_t frame); /* => HELD */
void hold_gone(frame_t frame);      /* => HELD once: it is no more */
uint32_t holds_count(void);
struct token_user;
void hold_driven(frame_t frame, struct token_user by); /* a driver has been told where it is. => HELD */
void holds_device_reset(uint32_t device);              /* what ended with its driver is no concern of the device's */

/* file_out.c */
bool file_page_out(frame_t frame); /* drop it, or have it written. => evictable. False: not now */
bool file_out_is_busy(void);
bool file_out_helps(void); /* the same, and the current thread may wait for it */
/* It need not be written: it is dirty still. False: its server was asked already, or it is none of a file. => WRITING */
bool file_out_unqueue(frame_t frame);
void file_orphan_settle(frame_t frame); /* free it, if it is an orphan that nobody works on any more */
void file_out_submit(void);

/* discard.c */
extern uint32_t discard_count;     /* blocks that the server is being told of, */
block_t discard_block(uint32_t i); /* and which; => i < discard_count */
bool discard_step(void);           /* tell it of some that were freed; false: there are none, or it is not the time */

#endif
