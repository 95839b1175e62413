/* The slots that nodes and roots stand in (lend.h): one array of pages, the free ones in a list. lend.c alone includes it,
 * besides lend_slots.c. */
#ifndef KERNEL_LINEAR_LEND_SLOTS_H
#define KERNEL_LINEAR_LEND_SLOTS_H

#include "kernel/linear/lend.h"

enum slot_kind { SLOT_FREE, SLOT_NODE, SLOT_DEAD, SLOT_ROOT };

/* 128 bits. The processor never sees them. */
struct slot {
    union {
        struct {
            uint32_t page : 20, space_high : 12;
        };
        entry_word_t word; /* of a root */
    };
    uint32_t up : 20 /* a node's root; how many nodes a root has; or the free slot before */, child_high : 12;
    uint32_t parent : 20, child_low : 8, space_low : 4; /* child: a node's, or a root's first top */
    uint32_t sibling : 20 /* or the next free slot */, depth : 5, may_write : 1, kind : 2;
};
_Static_assert(sizeof(struct slot) == 16, "a slot is 128 bits");
_Static_assert(LEND_PAGE_SLOTS * sizeof(struct slot) == PAGE_BYTES, "slots fill their page");
_Static_assert(LEND_DEPTH_MAX < 32, "a depth fits five bits");

static inline uint32_t child_of(const struct slot *s) { return s->child_low | (uint32_t)s->child_high << 8; }

static inline void set_child(struct slot *s, uint32_t n)
{
    s->child_low = n & 0xFFu;
    s->child_high = (n >> 8) & 0xFFFu;
}

bool slot_is_there(uint32_t n);          /* any number will do */
struct slot *slot(uint32_t n);           /* => it is there */
uint32_t slot_take(enum slot_kind kind); /* with no child, sibling or parent. => lend_room() > 0 */
void slot_free(uint32_t n);
/* Of the list of free slots: 0, or how many links and counts are wrong, where so many slots are FREE. */
uint32_t slots_check(uint32_t is_free);

#endif
