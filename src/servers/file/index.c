#include "servers/file/index.h"
#include "common/assert.h"
#include <apteryx/memory.h>

#define GOLDEN 0x9E3779B1u /* neighbours go far apart */

static uint32_t *bucket_of(const struct index *index, index_key_t key)
{
    uint32_t mixed = (uint32_t)key ^ (uint32_t)(key >> 32);
    return &index->bucket[(mixed * GOLDEN >> 8) & (index->buckets - 1)];
}

err_t index_start(struct index *index, uint32_t slots)
{
    *index = (struct index){.slots = slots, .hand = 0, .buckets = 1};
    while (index->buckets < slots)
        index->buckets *= 2;
    index->key = malloc(slots * sizeof(index->key[0]));
    index->next = malloc(slots * sizeof(index->next[0]));
    index->bucket = malloc(index->buckets * sizeof(index->bucket[0]));
    if (index->key == NULL || index->next == NULL || index->bucket == NULL) {
        index_end(index);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < slots; i++)
        index->key[i] = INDEX_KEY_NONE;
    for (uint32_t i = 0; i < index->buckets; i++)
        index->bucket[i] = INDEX_NONE;
    return OK;
}

void index_end(struct index *index)
{
    free(index->key);
    free(index->next);
    free(index->bucket);
}

uint32_t index_find(const struct index *index, index_key_t key)
{
    uint32_t slot = *bucket_of(index, key);
    while (slot != INDEX_NONE && index->key[slot] != key)
        slot = index->next[slot];
    return slot;
}

void index_set(struct index *index, uint32_t slot, index_key_t key)
{
    assert(index->key[slot] == INDEX_KEY_NONE);
    uint32_t *bucket = bucket_of(index, key);
    index->key[slot] = key;
    index->next[slot] = *bucket;
    *bucket = slot;
}

void index_forget(struct index *index, uint32_t slot)
{
    if (index->key[slot] == INDEX_KEY_NONE)
        return;
    uint32_t *at = bucket_of(index, index->key[slot]);
    while (*at != slot)
        at = &index->next[*at];
    *at = index->next[slot];
    index->key[slot] = INDEX_KEY_NONE;
}

uint32_t index_take(struct index *index, uint32_t n)
{
    assert(n > 0 && n <= index->slots);
    if (n > index->slots - index->hand)
        index->hand = 0;
    uint32_t first = index->hand;
    for (uint32_t i = 0; i < n; i++)
        index_forget(index, first + i);
    index->hand = first + n;
    return first;
}
