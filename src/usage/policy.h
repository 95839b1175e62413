/* What a page-usage policy is, and all that it may use. A policy is one file that defines
 *
 *     const struct policy policy = {.version = POLICY_VERSION, .name = "mine", …event functions…};
 *
 * and is linked with the core into a module of its own. A policy decides in which order MAPPED pages go out. The core
 * does the rest: it keeps what is out (on standby, or being written) in exact order, gives frames back from its old
 * end, owns the block map and talks with the kernel.
 *
 * Every event function may be left out (NULL); what then happens stands beside it. With none at all a policy is a
 * queue of list 0. Policies are pure: they call what this header declares and keep a few numbers, nothing per frame
 * besides three bits and the place in a list. Frames in the same list are ordered from old to young. */
#ifndef USAGE_POLICY_H
#define USAGE_POLICY_H

#include "common/assert.h"
#include "kernel/usage/contract.h"

#define POLICY_VERSION USAGE_VERSION
#define POLICY_LISTS 14u      /* lists 0 … 13 are the policy's */
#define POLICY_BITS_MASK 0x7u /* bits a frame that are the policy's */

struct policy {
    uint32_t version;
    char name[USAGE_NAME_BYTES];

    /* Once, before anything else: `frames` may ever hold user pages. */
    void (*start)(uint32_t frames);

    /* Events. => inserted and soft_touched put the frame on a list (default: the young end of list 0). */
    void (*inserted)(frame_t frame, enum usage_why why, uint32_t distance); /* on no list, its bits 0 */
    void (*soft_touched)(frame_t frame); /* was out, is mapped again: used this very moment */
    void (*sampled)(frame_t frame, bool referenced,
                    bool dirty);    /* answers SAMPLE. Default: referenced = list 0, young */
    void (*evicted)(frame_t frame); /* still on its list; the core takes it from there */
    void (*block_freed)(block_t block);
    void (*removed)(frame_t frame); /* as evicted, or out already; it is forgotten */

    /* How many frames to keep out, of `resident` that are mapped or out. Touching those costs a soft fault and tells
     * exactly when they were used. Default: few, enough that writes go in clusters. */
    uint32_t (*standby_goal)(uint32_t resident);

    /* Name pages to go: EVICT for `want`, before or besides any number of SAMPLE; at most `room` actions. A frame
     * that is offered must leave its place, since the kernel may pass it over. Default: the old end of list 0. */
    uint32_t (*choose)(uint32_t want, struct usage_action *actions, uint32_t room);

    /* May this mapped neighbour of a victim go out with it? Default: no. */
    bool (*is_cold)(frame_t frame);

    /* The lists that hold mapped frames, oldest first, for cleaning ahead: fills `lists`, returns how many.
     * Default: list 0. */
    uint32_t (*order)(uint32_t lists[POLICY_LISTS]);
};

extern const struct policy policy;

/* Lists. => a frame is on one list at most; moving takes it from where it is. FRAME_NONE: no such frame. */
void order_move_young(frame_t frame, uint32_t list);
void order_move_old(frame_t frame, uint32_t list);
frame_t order_oldest(uint32_t list);
frame_t order_younger(frame_t frame); /* the next in its list */
uint32_t order_count(uint32_t list);
bool order_mapped(frame_t frame, uint32_t *list); /* on one of the policy's lists: which */
uint32_t order_mapped_count(void);                /* frames on all of the policy's lists */

/* The policy's bits of a frame that is on a list. */
uint32_t policy_bits(frame_t frame);
void policy_set_bits(frame_t frame, uint32_t bits);

uint32_t policy_frame_end(void); /* frame numbers are below it */

/* Adds an action behind the `n` that are there; returns n + 1. => n < room */
uint32_t action_add(struct usage_action *actions, uint32_t n, enum usage_action_kind kind, frame_t frame);

#endif
