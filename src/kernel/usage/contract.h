/* The contract between the kernel and a page-usage module (a separate ELF binary, GRUB module, run in kernel mode at
 * USAGE_MODULE). Its entry point (ELF e_entry) is the address of a `const struct usage_module`.
 *
 * The module owns the order of eviction, the block map, and in each frame record the links, the block and the policy
 * bits. The kernel owns everything else and tells the module what happened (events). Asked what to do, the module
 * answers with a bounded list of actions; the kernel checks each one (state, pin, zone) and carries it out, or passes
 * it over. There are no call-backs, and no function here may loop longer than its room or the few records that it
 * looks at for each action.
 *
 * Life of a frame as the module sees it:
 *   inserted -> [sampled | soft_touched]* -> evicted -> (written ->) standby -> taken (removed) | soft_touched
 * A frame is on the module's lists from `inserted` until `removed`. */
#ifndef KERNEL_USAGE_CONTRACT_H
#define KERNEL_USAGE_CONTRACT_H

#include "common/frame_record.h"

#define USAGE_MAGIC 0x50747841u /* "AxtP" */
#define USAGE_VERSION 4u
#define USAGE_NAME_BYTES 16u
#define USAGE_ROOM 64u /* the kernel's room for actions of one answer */

enum usage_zone { USAGE_ZONE_ANY, USAGE_ZONE_LOW }; /* LOW: frames below setup.low_end only */

enum usage_why { USAGE_ZERO_FILL, USAGE_COPIED, USAGE_SWAPPED_IN, USAGE_READ_AHEAD, USAGE_UNLOCKED, USAGE_TABLE_LEFT };
/* TABLE_LEFT: a page table whose last page has gone: as old as that. Tables are never found referenced. */

#define USAGE_DISTANCE_UNKNOWN 0xFFFFFFFFu

struct usage_setup {
    struct frame_record *records; /* of frame 0 … frame_end - 1 */
    uint32_t frame_end, low_end;
    uint32_t frames_usable; /* frames that may ever hold user pages */
};

enum usage_action_kind {
    USAGE_SAMPLE, /* read and clear accessed: the kernel answers with sampled() before it asks again */
    USAGE_EVICT,  /* MAPPED -> unmapped: evicted() follows, then perhaps standby(), or removed() */
    USAGE_TAKE,   /* STANDBY -> free: removed() follows; its block now belongs to the entry */
    USAGE_CLEAN,  /* MAPPED, perhaps dirty, cold: write it ahead; cleaned() follows if it was still clean at the end */
    USAGE_DROP_BLOCK /* MAPPED frame with a swap copy: give the block back (swap runs short); the kernel sets it dirty
                        and calls block_free */
};
struct usage_action {
    enum usage_action_kind kind;
    frame_t frame;
};

/* Modules are compiled with the plain calling convention; a kernel that is not says here how it calls them. */
#ifndef USAGE_CALL
#define USAGE_CALL
#endif

struct usage_module {
    uint32_t magic;
    const uint32_t *version; /* both point into the module: the loader checks that, then compares with USAGE_VERSION */
    const char *name;        /* USAGE_NAME_BYTES long, ended by a 0 within */

    void(USAGE_CALL *start)(const struct usage_setup *setup);

    /* events */
    void(USAGE_CALL *inserted)(frame_t frame, enum usage_why why, uint32_t distance);
    void(USAGE_CALL *sampled)(frame_t frame, bool referenced, bool dirty); /* also of a frame that `oldest` named */
    void(USAGE_CALL *soft_touched)(frame_t frame);                         /* STANDBY or WRITING, mapped again */
    void(USAGE_CALL *evicted)(frame_t frame);                              /* unmapped; STANDBY or WRITING now */
    void(USAGE_CALL *standby)(frame_t frame);                              /* WRITING is done: STANDBY now */
    void(USAGE_CALL *cleaned)(frame_t frame);                              /* a write-ahead is done and valid */
    void(USAGE_CALL *removed)(frame_t frame); /* gone: freed, taken or locked; one that was not in the order stays so */

    /* questions: fill `actions`, at most `room` (<= USAGE_ROOM); return how many. 0: nothing to do but wait for
     * writes in flight; when all pages have been sampled and none could go, choose says 0 once too. What was passed
     * over may be offered again, so who asks in a loop stops when a whole answer was passed over. choose fills at most
     * an eighth of the room with TAKE and a quarter with EVICT. */
    uint32_t(USAGE_CALL *choose)(enum usage_zone zone, uint32_t want, struct usage_action *actions, uint32_t room);
    uint32_t(USAGE_CALL *clean_ahead)(struct usage_action *actions, uint32_t room); /* USAGE_CLEAN only; nobody runs */
    uint32_t(USAGE_CALL *spare_blocks)(uint32_t want, struct usage_action *actions,
                                       uint32_t room); /* USAGE_DROP_BLOCK only */
    /* The MAPPED frames as they would go, oldest first, for the kernel to choose from: none of them moves. Each answer
     * goes on where the last one ended; one that is not full ends a round, and the next begins anew. */
    uint32_t(USAGE_CALL *oldest)(frame_t *frames, uint32_t room);
    bool(USAGE_CALL *is_cold)(frame_t frame); /* may this MAPPED neighbour of a victim go out with it? */

    /* the block map */
    uint32_t(USAGE_CALL *map_bytes)(uint32_t blocks);           /* memory that the map of so many blocks needs */
    void(USAGE_CALL *map_start)(uint32_t blocks, void *memory); /* all free; memory is zeroed and stays the module's */
    uint32_t(USAGE_CALL *block_take)(uint32_t want,
                                     block_t *first); /* a run of 1 … want consecutive blocks; 0: none left */
    bool(USAGE_CALL *block_free)(block_t block);      /* false: was not taken (a report, never a panic) */
    bool(USAGE_CALL *block_taken)(block_t block);
    /* A run of 1 … want free blocks that were freed and not discarded since: taken until discard_end, so that none is
     * written while the server hears that it is of no more use. 0: there is none. */
    uint32_t(USAGE_CALL *discard_begin)(uint32_t want, block_t *first);
    void(USAGE_CALL *discard_end)(block_t block);
    uint32_t(USAGE_CALL *blocks_used)(void);
};

#endif
