#include "memory.h"
#include "common/assert.h"
#include <string.h>

#define CLASSES 32u
#define SMALLEST 8u
#define RUBBISH 0xDB /* nobody mistakes it for what was there, or for zeros */

struct free_block {
    struct free_block *next;
};

static uint8_t memory[MEMORY_BYTES] __attribute__((aligned(4096)));
static struct free_block *free_blocks[CLASSES];
static uint32_t used, in_use;

static uint32_t class_of(uint32_t bytes)
{
    assert(bytes > 0);
    return bytes <= SMALLEST ? 3 : 32u - (uint32_t)__builtin_clz(bytes - 1);
}

void memory_start(void)
{
    memset(free_blocks, 0, sizeof free_blocks);
    used = in_use = 0;
}

static void *memory_new(uint32_t size)
{
    uint32_t at = (used + size - 1) & ~(size - 1);
    assert(at + size <= MEMORY_BYTES);
    used = at + size;
    return memory + at;
}

void *memory_take(uint32_t bytes)
{
    struct free_block **list = &free_blocks[class_of(bytes)];
    void *block = *list;
    if (block)
        *list = (*list)->next;
    else
        block = memory_new(1u << class_of(bytes));
    in_use += bytes;
    return memset(block, RUBBISH, bytes);
}

void memory_give(void *at, uint32_t bytes)
{
    struct free_block *block = at, **list = &free_blocks[class_of(bytes)];
    memset(at, RUBBISH, bytes);
    block->next = *list;
    *list = block;
    in_use -= bytes;
}

uint32_t memory_in_use(void) { return in_use; }
uint8_t *memory_base(void) { return memory; }
