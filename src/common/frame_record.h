/* The frame record: the 128 bits that hold the state of one frame (docs/design.md: the state of a frame is its record).
 *
 *   word 0   page 20 | flags 9 | becomes 3        page: where the frame is or was mapped
 *   word 1   block 28 | state 4                   block: the swap copy that this frame owns (BLOCK_NONE: none); a FILE page
 *                                                 has none: its viewer
 *   word 2   next 20 | policy 8 | space low 4     links, block and policy bits belong to the page-usage module,
 *   word 3   previous 20 | space high 12          the rest to the kernel; one array, allocated by frames
 *
 * A page table that names frames is on no list: its link bits count its entries that do (record_count). Those of a frame
 * in a DMA buffer say whose devices reach it (record_device).
 * Field access by the functions below only; each field is read and written whole. */
#ifndef COMMON_FRAME_RECORD_H
#define COMMON_FRAME_RECORD_H

#include "common/units.h"

struct frame_record {
    uint32_t word[4];
};
_Static_assert(sizeof(struct frame_record) == 16, "a frame record is 128 bits");

#define FRAME_STATES(X)                                                                               \
    X(NOT_RAM, "no memory, or not ours")                                                              \
    X(FREE, "in the pool, content unknown")                                                           \
    X(ZEROED, "in the pool, all zeros")                                                               \
    X(KERNEL, "kernel image, objects, module, boot archive")                                          \
    X(RECORDS, "holds frame records")                                                                 \
    X(TABLE, "a page table that names frames")                                                        \
    X(TABLE_IDLE, "a page table that names none: may be evicted")                                     \
    X(DIRECTORY, "a page directory that names frames")                                                \
    X(DIRECTORY_IDLE, "a page directory that names none: may be evicted")                             \
    X(LOCKED, "mapped LOCKED or DMA: never evicted")                                                  \
    X(MAPPED, "mapped at space, page; may be evicted")                                                \
    X(STANDBY, "evicted, its entry TRANSIT, its block holds the content: may be taken at any moment") \
    X(WRITING, "evicted, its entry TRANSIT, being written: to its block, or by its file server")      \
    X(READING, "being read from its block, its entry TRANSIT")                                        \
    X(ORPHAN, "freed in flight: neither frame nor block is used again before the completion")

#define FRAME_STATE_ENUM(name, text) FRAME_##name,
enum frame_state { FRAME_STATES(FRAME_STATE_ENUM) FRAME_STATE_COUNT };
#undef FRAME_STATE_ENUM
_Static_assert(FRAME_STATE_COUNT <= 16, "a state fits four bits");

/* What a frame that is not mapped becomes when it is mapped again. A FILE page says it while it is mapped, too: its
 * server's, or a client's own. */
enum frame_becomes {
    BECOMES_NORMAL,
    BECOMES_WATCHED,
    BECOMES_FILE,
    BECOMES_FILE_PRIVATE,
    BECOMES_LENT,
    BECOMES_TABLE,
    BECOMES_DIRECTORY
};

enum frame_flag {
    FRAME_DIRTY = 1u << 0,      /* changed since its block was written (besides the entry's dirty bit) */
    FRAME_REFERENCED = 1u << 1, /* used since it was last sampled (besides the entry's accessed bit) */
    FRAME_HELD = 1u << 2,       /* a file server's, between hold and release */
    FRAME_LENT = 1u << 3,       /* page and space name a lending root */
    FRAME_PINNED = 1u << 4,     /* not to be evicted: a transfer is under way */
    FRAME_AWAITED = 1u << 5,    /* brought in for a thread that has not run since */
    FRAME_OWED = 1u << 6,       /* released dirty by a file server: it alone can free it, and it counts as private */
    FRAME_QUARANTINE = 1u << 7, /* of a DMA buffer whose driver has died: a device may still use it */
    FRAME_IN_FLIGHT = 1u << 8,  /* being written and MAPPED; of FILE: its server was asked to write it */
};

static inline uint32_t record_get(const struct frame_record *r, unsigned word, unsigned shift, uint32_t mask)
{
    return (r->word[word] >> shift) & mask;
}

static inline void record_put(struct frame_record *r, unsigned word, unsigned shift, uint32_t mask, uint32_t value)
{
    r->word[word] = (r->word[word] & ~(mask << shift)) | ((value & mask) << shift);
}

#define RECORD_20 0xFFFFFu

static inline page_t record_page(const struct frame_record *r) { return (page_t){record_get(r, 0, 12, RECORD_20)}; }
static inline void record_set_page(struct frame_record *r, page_t p) { record_put(r, 0, 12, RECORD_20, p.n); }

static inline uint32_t record_flags(const struct frame_record *r) { return record_get(r, 0, 3, 0x1FFu); }
static inline bool record_has(const struct frame_record *r, uint32_t flag) { return (record_flags(r) & flag) != 0; }
static inline void record_set_flags(struct frame_record *r, uint32_t f) { record_put(r, 0, 3, 0x1FFu, f); }
static inline void record_raise(struct frame_record *r, uint32_t f) { record_set_flags(r, record_flags(r) | f); }
static inline void record_lower(struct frame_record *r, uint32_t f) { record_set_flags(r, record_flags(r) & ~f); }

static inline enum frame_becomes record_becomes(const struct frame_record *r)
{
    return (enum frame_becomes)record_get(r, 0, 0, 7u);
}
static inline void record_set_becomes(struct frame_record *r, enum frame_becomes b) { record_put(r, 0, 0, 7u, b); }

static inline block_t record_block(const struct frame_record *r) { return (block_t){record_get(r, 1, 4, 0xFFFFFFFu)}; }
static inline void record_set_block(struct frame_record *r, block_t b) { record_put(r, 1, 4, 0xFFFFFFFu, b.n); }
static inline bool record_is_file(const struct frame_record *r)
{
    return record_becomes(r) == BECOMES_FILE || record_becomes(r) == BECOMES_FILE_PRIVATE;
}
static inline bool record_has_block(const struct frame_record *r)
{
    return !record_is_file(r) && !block_same(record_block(r), BLOCK_NONE);
}

/* Of a page of a file server's cache: its viewer, the one entry besides its owner's that shows it, by page table (tables
 * are low frames) and index. => FILE */
#define RECORD_VIEWER_TABLES (1u << 18)
static inline bool record_has_viewer(const struct frame_record *r)
{
    return record_becomes(r) == BECOMES_FILE && !block_same(record_block(r), BLOCK_NONE);
}
static inline frame_t record_viewer_table(const struct frame_record *r)
{
    return (frame_t){record_block(r).n / TABLE_ENTRIES};
}
static inline uint32_t record_viewer_index(const struct frame_record *r) { return record_block(r).n % TABLE_ENTRIES; }
static inline void record_set_viewer(struct frame_record *r, frame_t table, uint32_t index)
{
    record_set_block(r, (block_t){table.n * TABLE_ENTRIES + index});
}

static inline enum frame_state record_state(const struct frame_record *r)
{
    return (enum frame_state)record_get(r, 1, 0, 15u);
}
static inline void record_set_state(struct frame_record *r, enum frame_state s) { record_put(r, 1, 0, 15u, s); }

static inline frame_t record_next(const struct frame_record *r) { return (frame_t){record_get(r, 2, 12, RECORD_20)}; }
static inline void record_set_next(struct frame_record *r, frame_t f) { record_put(r, 2, 12, RECORD_20, f.n); }
static inline frame_t record_previous(const struct frame_record *r)
{
    return (frame_t){record_get(r, 3, 12, RECORD_20)};
}
static inline void record_set_previous(struct frame_record *r, frame_t f) { record_put(r, 3, 12, RECORD_20, f.n); }

static inline uint32_t record_policy(const struct frame_record *r) { return record_get(r, 2, 4, 0xFFu); }
static inline void record_set_policy(struct frame_record *r, uint32_t v) { record_put(r, 2, 4, 0xFFu, v); }

static inline uint32_t record_space(const struct frame_record *r)
{
    return record_get(r, 2, 0, 15u) | record_get(r, 3, 0, 0xFFFu) << 4;
}
static inline void record_set_space(struct frame_record *r, uint32_t id)
{
    record_put(r, 2, 0, 15u, id);
    record_put(r, 3, 0, 0xFFFu, id >> 4);
}

/* Of a TABLE: how many of its entries name frames. */
static inline uint32_t record_count(const struct frame_record *r) { return record_next(r).n; }
static inline void record_set_count(struct frame_record *r, uint32_t n) { record_set_next(r, (frame_t){n}); }

/* Of a frame in a DMA buffer: the number that its driver's DMA right bears. */
static inline uint32_t record_device(const struct frame_record *r) { return record_next(r).n; }
static inline void record_set_device(struct frame_record *r, uint32_t device) { record_set_next(r, (frame_t){device}); }

#endif
