/* linear: the linear memory manager. The only writer of page-table and page-directory entries.
 *
 * A space is a directory and a handful of numbers; what an address is, its entry says (docs/design.md, 1).
 *
 * A process has one *master* for its process space, and an *own* space for each of its threads that has used its
 * thread space: there the entries of thread space are the thread's, and those of process space are copies of the
 * master's that show the same page tables; they are filled when first needed, never decoded, and taken away with the
 * table.
 *
 * This room decides what has to happen at a fault (a verdict, a value), builds and takes away tables, stores entries
 * and reports runs of kinds. It owns no frames, starts no transfer, knows no thread and no policy: the pager hands it
 * frames and carries verdicts out. Tables lie in low frames and are reached through the direct map.
 * Units: page_t is a linear page's number, counts are pages. All pages named here lie below KERNEL_SPACE. */
#ifndef KERNEL_LINEAR_LINEAR_H
#define KERNEL_LINEAR_LINEAR_H

#include "abi/errors.h"
#include "abi/layout.h"
#include "abi/process.h"
#include "common/entry.h"
#include "common/list.h"

#define USER_PAGES (KERNEL_SPACE / PAGE_BYTES)
#define USER_DIRECTORY_ENTRIES (USER_PAGES / TABLE_ENTRIES)

struct page_range {
    page_t first, end; /* end exclusive */
};

struct space {
    pde_t root;                 /* its directory: present, TRANSIT or SWAP */
    uint32_t id;                /* 1 … 65535: names the space in frame records */
    struct space *master;       /* of an own space; NULL: it is a master */
    struct list_node family;    /* a master's own spaces; an own space's place among them */
    frame_t own_loaded;         /* of a master: the own directory that was loaded last */
    struct page_range text;     /* read-only area */
    struct page_range data;     /* a program's data: FILE pages there are promised, too */
    page_t process_end;         /* thread space is process_end … KERNEL_SPACE; empty in a master */
    bool allocate_by_default;   /* NONE, touched, is allocated */
    bool overcommit;            /* nothing is charged */
    struct account *account;    /* of its process; this room does not look at it */
    bool locked;                /* a pager's: its tables stay, once they are made */
    bool dying;                 /* it has ended, and is being freed */
    uint32_t charged;           /* pages and tables promised (pager/commit.c), */
    bool charged_more;          /* and what a table promised that is lost */
    uint32_t resident, swapped; /* pages in recorded frames; entries that say SWAP */
    uint32_t tables;            /* page tables in RAM, present or in transit */
    uint32_t tables_out;        /* those in swap */
    uint32_t nodes;             /* lend.h: places of lent pages, here; with those that a table in swap names still */
    uint32_t nodes_seen;        /* dying: how far they have been let go */
};

/* bytes -> pages. ERR_RANGE: unaligned, empty, overflowing, or not below KERNEL_SPACE. */
MUST_USE err_t page_range_make(uintptr_t start, uint32_t bytes, struct page_range *range);

/* Empties a fresh directory frame and gives it the kernel's half. => directory: a low frame */
void space_start(struct space *space, frame_t directory, uint32_t id);

/* The same for a thread's own space; the master's flags hold for it too. */
void space_start_own(struct space *own, struct space *master, frame_t directory, uint32_t id);
void space_end(struct space *space); /* => its tables are gone, and a master's own spaces */

/* Its directory is in RAM; nearly everything below needs that. */
static inline bool space_is_here(const struct space *space) { return pde_present(space->root); }
static inline frame_t space_directory(const struct space *space) { return pde_frame(space->root); } /* or in transit */
/* The directory is taken away: word, TRANSIT or SWAP, says where it is. => it names no frame */
void space_hide(struct space *space, pde_t word);
/* It is back: the kernel's half is written anew. => what it says of process space and thread space is right */
void space_show(struct space *space, frame_t directory);

/* From here on the processor translates by this space. => space_is_here */
void space_load(struct space *space);
/* Fill an own directory's copy for a page of process space, if the master has a table there. */
void space_see_master(struct space *own, page_t page);
/* For the checker: an own directory's copy for that page shows the master's table, or nothing. */
bool space_copy_is_right(const struct space *own, page_t page);

pde_t space_directory_entry(const struct space *space, page_t page);
pte_t *space_table(const struct space *space, page_t page); /* NULL: no table is present there, or no directory */

/* The entry that decides: the page's own, or what its PDE says for the 4 MiB. *at_directory may be NULL.
 * SWAP or TRANSIT at the directory is the table's state: what the page is, the table knows. */
pte_t space_entry(const struct space *space, page_t page, bool *at_directory);

/* From a page on, those whose entries are the same absent word, in one table or in the directory; or one present page. */
struct stretch {
    page_t end;
    pte_t entry;
    bool at_directory;
};
struct stretch space_stretch(const struct space *space, struct page_range within); /* of its first page */

pde_t pde_of_kind(enum entry_kind kind); /* what says of 4 MiB that they are NONE, ON_DEMAND, FILE, GUARD or WATCHED */

/* Every page becomes NONE, ON_DEMAND, FILE, GUARD or WATCHED (not present). => the range is a stretch of one of these, or
 * part of one; whole 4 MiB where the directory says it */
void space_fill(struct space *space, struct page_range range, enum entry_kind kind);

struct protection space_protection(const struct space *space, page_t page);
page_t space_area_end(const struct space *space, page_t page); /* protection is the same up to there */

/* The gate: exchange the entry of a page whose table is present; pays the TLB. Returns the old one, with the accessed
 * and dirty bits as the processor left them. */
pte_t space_exchange(struct space *space, page_t page, pte_t entry);

/* Age a present page: clear accessed. Returns the entry before. */
pte_t space_age(struct space *space, page_t page);

/* Exchange what the directory says of 4 MiB; pays the TLB, and takes the copies away with a table. Returns the old. */
pde_t space_directory_exchange(struct space *space, page_t page, pde_t pde);

/* Make the empty low frame a page table, filled from what the PDE said. => NONE, ON_DEMAND, FILE or GUARD there */
void space_table_install(struct space *space, page_t page, frame_t table);
void space_table_show(struct space *space, page_t page, frame_t table); /* a table, filled already, is present there */

/* Say it in the PDE instead: for a whole 4 MiB. Returns true and the frame of the table that stood there, if any.
 * => no entry of that table names a frame or block. kind: as for space_fill */
bool space_table_remove(struct space *space, page_t page, enum entry_kind kind, frame_t *table);

/* What a page's entry and an access ask for. */
enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXECUTE };
enum verdict {
    VERDICT_PRESENT,   /* nothing: the entry allows the access (a stale TLB, or done meanwhile) */
    VERDICT_TABLE,     /* a page table has to be built first, or brought back */
    VERDICT_ZERO_PAGE, /* map the zero page COW */
    VERDICT_ZEROED,    /* a zeroed frame, NORMAL */
    VERDICT_COPY,      /* COW, or SHARED and not writable: by its node, copy, take over, or not */
    VERDICT_LENT,      /* as its root says */
    VERDICT_SWAP_IN,   /* take a frame, read the block */
    VERDICT_TRANSIT,   /* the frame's record says what */
    VERDICT_FILE,      /* ask the file server */
    VERDICT_FAULT,     /* the fault handler; with none, the process ends */
};
enum verdict space_verdict(const struct space *space, page_t page, enum access access);

/* Present, and its frame may be evicted, if nothing else keeps it. */
static inline bool kind_may_go(enum entry_kind kind)
{
    return kind == ENTRY_NORMAL || kind == ENTRY_WATCHED || kind == ENTRY_SHARED || kind == ENTRY_COW ||
           kind == ENTRY_FILE;
}
static inline bool kind_is_swapped(enum entry_kind kind) { return kind == ENTRY_SWAP || kind == ENTRY_SWAP_WATCHED; }

/* Is this a promise that commit charges a page for? What another space lends is not: its owner is charged. Nor is a FILE
 * page by itself. */
bool entry_is_charged(pte_t entry);
/* What its page is, there or on its way: FILE for a TRANSIT page of a file, else the entry's own kind. */
enum entry_kind entry_page_kind(pte_t entry);
/* Of TRANSIT the frame's record knows it: the pager's, who reads records. */
bool transit_is_file(frame_t frame);
/* How many of these pages, which all say `entry`, are promises? A FILE page of the data area is one, since it becomes NORMAL
 * when it is written. */
uint32_t space_promised(const struct space *space, struct page_range pages, pte_t entry);
/* What stands in a range: a bit for each kind, how many pages of it are charged, and how many page-directory entries as
 * a table. What a table that is out says of its pages is not known: SWAP or TRANSIT, and none charged; so many are. */
struct survey {
    uint32_t kinds, pages, tables, out;
};
struct survey space_survey(const struct space *space, struct page_range range);

/* How far a long operation on a range got. All zeros: it has not begun. */
struct range_progress {
    page_t next;
    struct survey has; /* what stood there: promised pages, and tables of whole 4 MiB */
    enum { RANGE_SURVEY, RANGE_EDGES, RANGE_MIDDLE } phase;
};
static inline uint32_t kind_bit(enum entry_kind kind) { return 1u << kind; }

/* Runs of equal kind, maximal, ascending, without gaps, clipped to the range. Looks at no more than
 * SPACE_QUERY_BOUND entries (a whole PDE counts as one) and says where it stopped. Returns how many runs it filled. */
#define SPACE_QUERY_BOUND 4096u
uint32_t space_query(const struct space *space, struct page_range range, struct vm_run *runs, uint32_t room,
                     page_t *stopped);

enum vm_kind kind_to_vm(enum entry_kind kind);

/* Free pages (hole.c). A search goes in steps of about SEARCH_BOUND entries; `free` is what it knows so far: these pages
 * are all NONE. A table that is not present has no free page. */
#define SEARCH_BOUND 4096u
enum search { SEARCH_FOUND, SEARCH_FAILED, SEARCH_GOES_ON };

struct hole_wanted {
    uint32_t pages, align; /* align: a power of two, in pages */
    page_t end;            /* the hole ends there or before */
};
/* The first hole from free->first on. => at first `free` is empty and begins where the search does, not at page 0
 * Found: it begins at free->first. The hints of tables that were looked through say what was not there. */
enum search space_find_hole(struct space *space, const struct hole_wanted *wanted, struct page_range *free);

/* All free pages next to a page, within an area. => at first `free` is that page, whatever it is
 * Never SEARCH_FAILED. */
enum search space_find_bounds(const struct space *space, struct page_range area, struct page_range *free);

/* For the checker: no run of NONE in that table is longer than its hint allows. => a table is present there */
bool space_hint_holds(const struct space *space, page_t page);

#endif
