/* malloc: one list of blocks in address order, first fit, neighbours joined when freed.
 *
 * A block is its header and the bytes behind it. The heap grows by whole pieces of HEAP_STEP through heap_grow
 * (heap.c); a piece that does not follow the last one begins a new block. */
#include "lib/heap.h"
#include "lib/lock.h"
#include "common/string.h"
#include <apteryx/memory.h>

#define ALIGN 16u
#define BYTES_MAX 0x80000000u

struct block {
    struct block *next; /* in address order; NULL: the last */
    size_t bytes;       /* behind the header */
    uint32_t taken;
    uint32_t unused; /* the header is a multiple of ALIGN */
};
_Static_assert(sizeof(struct block) == (sizeof(void *) == 4 ? 16 : 32), "blocks keep their alignment");

static struct lock lock;
static struct block *first, *last;

static uint8_t *block_end(struct block *b) { return (uint8_t *)(b + 1) + b->bytes; }

static void block_join_next(struct block *b)
{
    struct block *next = b->next;
    if (next == NULL || next->taken || block_end(b) != (uint8_t *)next)
        return;
    b->bytes += sizeof *next + next->bytes;
    b->next = next->next;
    if (last == next)
        last = b;
}

/* What is left beyond `bytes` becomes a free block, if a useful one fits. */
static void block_split(struct block *b, size_t bytes)
{
    if (b->bytes - bytes < sizeof(struct block) + ALIGN)
        return;
    struct block *rest = (struct block *)((uint8_t *)(b + 1) + bytes);
    *rest = (struct block){b->next, b->bytes - bytes - sizeof *rest, 0, 0};
    b->next = rest;
    b->bytes = bytes;
    if (last == b)
        last = rest;
}

static bool blocks_grow(size_t bytes)
{
    uint32_t got;
    struct block *b = heap_grow((uint32_t)(bytes + sizeof *b), &got);
    if (b == NULL)
        return false;
    *b = (struct block){NULL, got - sizeof *b, 0, 0};
    if (first == NULL) {
        first = last = b;
        return true;
    }
    struct block *before = last;
    before->next = b;
    last = b;
    if (!before->taken)
        block_join_next(before);
    return true;
}

static struct block *block_find(size_t bytes)
{
    for (struct block *b = first; b != NULL; b = b->next)
        if (!b->taken && b->bytes >= bytes)
            return b;
    return NULL;
}

void *malloc(size_t bytes)
{
    if (bytes > BYTES_MAX)
        return NULL;
    bytes = (bytes + ALIGN - 1u) & ~(size_t)(ALIGN - 1u);
    lock_take(&lock);
    struct block *b = block_find(bytes);
    if (b == NULL && blocks_grow(bytes))
        b = block_find(bytes);
    if (b != NULL) {
        block_split(b, bytes);
        b->taken = 1;
    }
    lock_release(&lock);
    return b != NULL ? b + 1 : NULL;
}

void free(void *memory)
{
    if (memory == NULL)
        return;
    struct block *b = (struct block *)memory - 1;
    lock_take(&lock);
    b->taken = 0;
    block_join_next(b);
    for (struct block *before = first; before != NULL && before != b; before = before->next)
        if (before->next == b) {
            if (!before->taken)
                block_join_next(before);
            break;
        }
    lock_release(&lock);
}

void *calloc(size_t count, size_t bytes)
{
    if (bytes != 0 && count > BYTES_MAX / bytes)
        return NULL;
    void *memory = malloc(count * bytes);
    return memory != NULL ? memset(memory, 0, count * bytes) : NULL;
}

void *realloc(void *memory, size_t bytes)
{
    if (memory == NULL)
        return malloc(bytes);
    size_t had = ((struct block *)memory - 1)->bytes;
    if (bytes <= had)
        return memory;
    void *moved = malloc(bytes);
    if (moved == NULL)
        return NULL;
    memcpy(moved, memory, had);
    free(memory);
    return moved;
}
