/* pager: the hallway. The only code that knows frames, linear and the page-usage module; carries out verdicts,
 * reclaims memory, keeps what was promised (commit), and alone speaks with the swap server.
 *
 * A fault walks once through the house: trap -> pager (asks linear for a verdict, carries it out) -> thread resumed.
 * ERR_PARKED from any function here: `current` is parked in its prepare phase; nothing else has changed that a second
 * run would not find done. */
#ifndef KERNEL_PAGER_PAGER_H
#define KERNEL_PAGER_PAGER_H

#include "kernel/frames/frames.h"
#include "kernel/linear/linear.h"
#include "kernel/usage/contract.h"

#define ERR_MORE ((err_t)253) /* not for users: a bounded step is done, and there are more */

void pager_start(const struct usage_module *module, uint32_t readahead_pages);

/* ---- spaces (spaces.c) ---- */
struct account;
MUST_USE err_t pager_space_open(struct space *space, struct account *account); /* the errors of an object's frame */
/* A thread's own. The same. */
MUST_USE err_t pager_space_open_own(struct space *own, struct space *master);
void pager_space_close(struct space *space); /* => freed by pager_space_free_step; a master's own spaces are closed */
/* Free what an ended space holds, a bounded step from *next on (which begins at 0; in an own space, where process space
 * ends). OK: up to the end; ERR_MORE: a step is done; ERR_BUSY: WORK_REAP is raised when the tables have been read that
 * it waits for. swapped_too: tables in swap are read back, to free their blocks; else they are passed over. */
MUST_USE err_t pager_space_free_step(struct space *space, page_t *next, bool swapped_too);
struct space *pager_space(uint32_t id);         /* => in use */
struct space *pager_space_or_null(uint32_t id); /* any number will do. NULL: not in use */
uint32_t pager_space_next(uint32_t id);         /* the lowest in use from `id` up; 0: none */
uint32_t pager_space_count(void);

/* ---- faults (fault.c) ---- */
/* Make an access possible, as the processor would find it. ERR_FAULT: the fault handler's (here: the process's end);
 * ERR_IO: the page could not be read. */
MUST_USE err_t pager_resolve(struct space *space, page_t page, enum access access);
/* A thread touched that page: where page tables have their share of RAM already, and it needs one more, it waits until
 * others have gone. ERR_PARKED */
MUST_USE err_t pager_table_await(const struct space *space, page_t page);
/* A resident page's content, for reading or writing by the kernel through window `window`.
 * => pager_resolve said OK in this same kernel entry */
void *pager_page_content(struct space *space, page_t page, unsigned window, bool write);

/* The same of a page that needs nothing done: it is there, and to write it, dirty already. NULL: resolve it. */
void *pager_page_ready(struct space *space, page_t page, unsigned window, bool write);

/* Keep a resident page from eviction for the rest of this kernel entry, and let it go. */
void pager_page_pin(struct space *space, page_t page, bool pin);

/* ---- ranges (range.c) ---- */
/* The space's directory is in RAM. ERR_PARKED, ERR_MEMORY, ERR_IO */
MUST_USE err_t pager_directory_ready(struct space *space);
/* A page table is present, or the directory says the same of the whole 4 MiB. ERR_PARKED, ERR_MEMORY, ERR_IO */
MUST_USE err_t pager_table_ready(struct space *space, page_t page);
/* A page table is present. ERR_COMMIT besides. */
MUST_USE err_t pager_table_make(struct space *space, page_t page);
MUST_USE err_t pager_tables_make(struct space *space, struct page_range range); /* all of a range, at the same time */
/* NONE, ON_DEMAND, GUARD: contents are discarded. WATCHED: a page with content has its next write reported, one without
 * is supplied by the fault handler. NORMAL: neither watched nor locked. An error has changed nothing; ERR_PARKED: call
 * again with the same progress, which is all zeros at first. */
MUST_USE err_t pager_range_set(struct space *space, struct page_range range, enum entry_kind kind,
                               struct range_progress *progress);
MUST_USE err_t pager_range_mark(struct space *space, struct page_range range, enum entry_kind kind); /* in one go */
/* One page is NORMAL from now on: pager_range_mark, and most often it is in RAM and watched. */
MUST_USE err_t pager_unwatch(struct space *space, page_t page);
MUST_USE err_t pager_range_lock(struct space *space, struct page_range range);
/* device: the number of the DMA right. The frames that those left behind who died with such a right are free from then on:
 * a driver resets its devices first. */
struct dma_wanted {
    uint32_t below, device;
};
MUST_USE err_t pager_range_dma(struct space *space, struct page_range range, struct dma_wanted wanted,
                               uint32_t *physical);
MUST_USE err_t pager_range_special(struct space *space, struct page_range range, frame_t first);
MUST_USE err_t pager_range_out(struct space *space, struct page_range range, struct range_progress *progress);
MUST_USE err_t pager_range_in(struct space *space, struct page_range range, struct range_progress *progress);
/* A program's page: content, then zeros; a promise where there is no content and nothing is locked. Passes over a page
 * that is there already. */
MUST_USE err_t pager_page_load(struct space *space, page_t page, const uint8_t *content, uint32_t bytes, bool locked);

/* ---- pages for another space: granted, mapped or copied (pass.c), and taken back (revoke.c) ---- */
#define PASS_PAGES_MAX 1024u /* of one item */
struct page_pass {
    struct space *from, *to;
    struct page_range pages; /* of `from` */
    page_t at;               /* where they go in `to` */
    uint32_t how;            /* PAGE_GRANT, PAGE_MAP, PAGE_COPY */
    bool writable;           /* asked for, of PAGE_MAP; then: may they be written there? */
};
/* Check both ranges, build the tables of both, make room for nodes. ERR_TOO_LONG; ERR_RANGE: the ranges overlap, or
 * pages would land on those that they were lent from; ERR_KIND: a page that can't be passed so, or one in its place that
 * can't be discarded; ERR_LIMIT: lent too often, or too deep; ERR_MEMORY, ERR_COMMIT, ERR_PARKED. */
MUST_USE err_t pager_pass_prepare(struct page_pass *pass);
/* Every pager_pass_prepare that said OK is followed by this, in the same kernel entry: its tables may go again. */
void pager_pass_release(const struct page_pass *pass);
/* The promise is made, or goes over. => pager_pass_prepare said OK in this kernel entry => pager_pass comes next
 * ERR_COMMIT: of a copy; of a grant it was none, because `from` is overcommitted, and can't be made now. */
MUST_USE err_t pager_pass_charge(const struct page_pass *pass);
/* Discard what is at the new place, then move or lend. */
void pager_pass(const struct page_pass *pass);
/* What was lent from a range is taken back, at once and recursively. ERR_PARKED: a bounded step of it. */
MUST_USE err_t pager_range_unmap(struct space *space, struct page_range range, struct range_progress *progress);

pte_t pager_lent_page(pte_t entry); /* where a page is whose entry says LENT: as an entry of its own would say */

/* ---- commit (commit.c) ---- */
MUST_USE err_t pager_charge(struct space *space, uint32_t pages); /* ERR_COMMIT */
void pager_refund(struct space *space, uint32_t pages);
MUST_USE err_t pager_charge_move(struct space *from, struct space *to, uint32_t pages); /* ERR_COMMIT: see grant */
uint32_t commit_limit(void), commit_used(void);
/* LOCKED pages of a space, against the limits of its process. ERR_LIMIT */
MUST_USE err_t pager_lock_charge(const struct space *space, uint32_t pages);
void pager_lock_refund(const struct space *space, uint32_t pages);

/* ---- reclaim (reclaim.c) ---- */
/* A frame for a user page or a table. ERR_PARKED: none now, the current thread waits for memory. */
MUST_USE err_t pager_frame_get(enum frame_use use, enum frame_state as, frame_t *frame, bool want_zeroed);
/* A frame for kernel objects or a directory; nobody can take it away. ERR_MEMORY: so much is held already that too little
 * would be left to pages; ERR_COMMIT: it is promised away; ERR_PARKED */
MUST_USE err_t pager_object_frame(enum frame_state as, frame_t *frame);
bool pager_may_hold(uint32_t frames); /* so many more that nobody can take away */
void pager_frame_free(frame_t frame); /* with its block; ORPHAN if it is in flight */
void pager_balance(void);             /* WORK_RECLAIM: a bounded step towards the watermarks */
bool pager_idle_step(void);           /* zero ahead, clean ahead; false: nothing to do */
struct thread;
void pager_thread_runs(struct thread *thread); /* its awaited frames may be evicted again */

/* ---- the swap server (swap.c) ---- */
struct port;
MUST_USE err_t pager_swap_register(struct port *port, uint32_t blocks);
void pager_swap_port_gone(const struct port *port); /* nobody can serve this port any more */
void pager_submit(void);                            /* WORK_SUBMIT: send what waits, as far as there are free batches */
/* by: the driver that asks, for the devices with that number. ERR_HANDLE: not in flight */
struct token_user {
    const struct space *space;
    uint32_t device;
};
MUST_USE err_t pager_token_frame(uint32_t token, struct token_user by, frame_t *frame);
MUST_USE err_t pager_token_map(struct space *space, uint32_t token, page_t at);

/* ---- counters and the checker ---- */
void pager_frames_show(void); /* frames_changed: the information page says so */
void pager_check(struct check_report *report);
void pager_check_self(void); /* now and then, and after the end of a process; panics when something is wrong */

#endif
