/* Which block of which volume is in which page of the cache. A slot is a page of the server's cache area; whether a frame
 * is behind it just now the kernel alone knows (cache.h). Slots are handed out round and round, so that what is read
 * together lies together. Pure: no system call; memory is taken once. */
#ifndef FILE_INDEX_H
#define FILE_INDEX_H

#include "abi/errors.h"
#include <stdint.h>

#define INDEX_NONE 0xFFFFFFFFu /* no slot */
#define INDEX_KEY_NONE UINT64_MAX

/* Which volume, which block, and how many bytes of the page count. */
typedef uint64_t index_key_t;
static inline index_key_t index_key(uint32_t volume, uint32_t block, uint32_t bytes)
{
    return (uint64_t)(volume << 16 | bytes) << 32 | block;
}

struct index {
    uint32_t slots, hand;
    uint32_t buckets; /* a power of two */
    index_key_t *key; /* of each slot; INDEX_KEY_NONE: it holds nothing */
    uint32_t *next;   /* of each slot: the next of its bucket */
    uint32_t *bucket; /* the first slot of each */
};

/* => slots > 0 => ERR_MEMORY */
MUST_USE err_t index_start(struct index *index, uint32_t slots);
void index_end(struct index *index);

/* The slot that holds it; INDEX_NONE: none. */
uint32_t index_find(const struct index *index, index_key_t key);
/* => no slot holds this key, and this slot holds nothing */
void index_set(struct index *index, uint32_t slot, index_key_t key);
/* The slot holds nothing from now on. */
void index_forget(struct index *index, uint32_t slot);
/* The next n slots, side by side; they hold nothing from now on. Answers the first. => 0 < n <= slots */
uint32_t index_take(struct index *index, uint32_t n);

#endif
