/* What a kernel could keep its mappings in: every structure that the forum threads discuss, behind one interface, so that
 * they can be tested against one model and measured by one driver. docs/structures.md tells what each of them is.
 *
 * A region is a run of pages of one kind; regions never overlap. What a structure keeps lies in memory.h's memory and
 * nowhere else, but for the pointer that it starts from: what is touched there is what is counted.
 * There is one of each structure, and start empties it. */
#ifndef STRUCTURE_H
#define STRUCTURE_H

#include "common/entry.h"
#include "kernel/linear/linear.h"

struct region {
    page_t first, end;    /* end exclusive, above first, at most USER_PAGES */
    enum entry_kind kind; /* ENTRY_ON_DEMAND or ENTRY_GUARD */
};

#define NOWHERE ((page_t){USER_PAGES})

struct structure {
    const char *name;
    void (*start)(uint32_t most);                     /* empty, for so many regions at most. => memory_start before */
    bool (*insert)(const struct region *region);      /* false: it would overlap; nothing has changed */
    void (*remove)(const struct region *region);      /* => it was inserted, exactly so */
    enum entry_kind (*kind_at)(page_t page);          /* the look-up at a fault; ENTRY_NONE: in no region */
    bool (*overlaps)(page_t first, page_t end);       /* does any region have a page there? */
    page_t (*find_hole)(uint32_t pages, page_t from); /* first free pages at or above; NOWHERE */
    uint32_t (*frames)(void); /* of the processor's directory and tables that are its own, too; NULL: none are */
};

/* In the order of the tables. */
#define STRUCTURES(X)  \
    X(linked_list)     \
    X(static_array)    \
    X(sorted_array)    \
    X(array_of_arrays) \
    X(balanced_tree)   \
    X(gap_tree)        \
    X(two_collections) \
    X(mirror_counts)   \
    X(shadow_table)    \
    X(entries_plain)   \
    X(entries_hinted)

#define STRUCTURE_DECLARE(name) extern const struct structure name;
STRUCTURES(STRUCTURE_DECLARE)
#undef STRUCTURE_DECLARE

#define STRUCTURE_ONE(name) +1
enum { STRUCTURE_COUNT = 0 STRUCTURES(STRUCTURE_ONE) };
#undef STRUCTURE_ONE
extern const struct structure *const structures[STRUCTURE_COUNT];

/* What every search for a hole does: go up, and step over each region that is in the way. */
struct hole {
    page_t at; /* the candidate */
    uint32_t pages;
};

/* The next region upwards, of those that end above the candidate. False: it begins behind the hole, which is one. */
static inline bool hole_step(struct hole *hole, page_t first, page_t end)
{
    if (first.n >= hole->at.n + hole->pages)
        return false;
    hole->at = end;
    return true;
}

/* Where the candidate ends, as far as there are pages. */
static inline page_t hole_end(const struct hole *hole)
{
    return hole->at.n + hole->pages < USER_PAGES ? (page_t){hole->at.n + hole->pages} : NOWHERE;
}

static inline page_t hole_found(const struct hole *hole)
{
    return hole->at.n + hole->pages <= USER_PAGES ? hole->at : NOWHERE;
}

#endif
