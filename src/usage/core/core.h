/* Inside the core of the page-usage module: what its files share. Policies include usage/policy.h instead.
 *
 * The eight policy bits of a frame record:  list 4 | mark 1 | the policy's own 3
 *   list   0: on none; 1 … 14: the policy's lists 0 … 13; 15: out
 *   mark   mapped: perhaps dirty, worth cleaning ahead; out: its write is under way */
#ifndef USAGE_CORE_H
#define USAGE_CORE_H

#include "usage/policy.h"

#define LIST_OUT POLICY_LISTS /* on standby or being written, in the order of eviction */
#define LIST_COUNT (POLICY_LISTS + 1u)
#define LIST_NONE LIST_COUNT

extern struct usage_setup core_setup;

#define LIST_SHIFT 4u
#define MARK_SHIFT 3u

static inline struct frame_record *core_record(frame_t frame)
{
    assert(frame.n < core_setup.frame_end);
    return &core_setup.records[frame.n];
}

static inline uint32_t bits_get(frame_t frame, uint32_t shift, uint32_t mask)
{
    return (record_policy(core_record(frame)) >> shift) & mask;
}

static inline void bits_put(frame_t frame, uint32_t shift, uint32_t mask, uint32_t value)
{
    struct frame_record *r = core_record(frame);
    record_set_policy(r, (record_policy(r) & ~(mask << shift)) | (value & mask) << shift);
}

void lists_start(void);
void list_remove_frame(frame_t frame);

/* LIST_NONE: on none */
static inline uint32_t list_of(frame_t frame)
{
    uint32_t stored = bits_get(frame, LIST_SHIFT, 15);
    return stored == 0 ? LIST_NONE : stored - 1;
}

static inline void set_list(frame_t frame, uint32_t list)
{
    bits_put(frame, LIST_SHIFT, 15, list == LIST_NONE ? 0 : list + 1);
}

static inline bool frame_marked(frame_t frame) { return bits_get(frame, MARK_SHIFT, 1) != 0; }
static inline void frame_mark(frame_t frame, bool mark) { bits_put(frame, MARK_SHIFT, 1, mark); }
/* On no list, and no bits of the policy's. */
static inline void frame_begin(frame_t frame, bool mark)
{
    record_set_policy(core_record(frame), (uint32_t)mark << MARK_SHIFT);
}

/* How many frames that are out are being written. */
extern uint32_t core_writing;

uint32_t core_choose(enum usage_zone zone, uint32_t want, struct usage_action *actions, uint32_t room);
uint32_t core_clean_ahead(struct usage_action *actions, uint32_t room);
uint32_t core_oldest(frame_t *frames, uint32_t room);
uint32_t core_order(uint32_t lists[POLICY_LISTS]); /* the policy's lists of mapped frames, oldest first: how many */
void walk_start(void);
uint32_t core_spare_blocks(uint32_t want, struct usage_action *actions, uint32_t room);
bool core_is_cold(frame_t frame);
void choose_start(void);
void choose_was_fruitful(void); /* a frame was inserted, evicted or removed */

uint32_t blocks_map_bytes(uint32_t blocks);
void blocks_start(uint32_t blocks, void *memory);
uint32_t blocks_take(uint32_t want, block_t *first);
bool blocks_free(block_t block);
bool blocks_taken(block_t block);
uint32_t blocks_discard_begin(uint32_t want, block_t *first);
void blocks_discard_end(block_t block);
uint32_t blocks_used(void);

#endif
