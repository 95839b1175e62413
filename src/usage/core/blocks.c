/* The block map: one bit a block of swap, set while the block is taken; and one that is set while it is free and the
 * swap server has not been told that what it holds is of no more use.
 *
 * Next fit: the search goes on where the last one ended, so that neighbours written one after the other lie side by
 * side. A run as long as wanted is preferred; when the next few free runs are all shorter, the longest of them. */
#include "common/bitmap.h"
#include "usage/core/core.h"

#define RUNS_TO_LOOK_AT 32u

static struct {
    uint32_t *map, *stale;                        /* stale: free, and the server does not know */
    uint32_t blocks, used, next, stales, discard; /* next, discard: where the searches go on */
} blocks;

uint32_t blocks_map_bytes(uint32_t count) { return 2 * BITMAP_WORDS(count) * (uint32_t)sizeof(uint32_t); }

void blocks_start(uint32_t count, void *memory)
{
    assert(count < BLOCK_COUNT_MAX);
    blocks.map = memory;
    blocks.stale = blocks.map + BITMAP_WORDS(count);
    blocks.blocks = count;
    blocks.used = blocks.next = blocks.stales = blocks.discard = 0;
}

/* The next free run from `from` on, at most `want` long; 0: none up to the end of the map. */
static uint32_t next_run(uint32_t from, uint32_t want, uint32_t *first)
{
    *first = bitmap_find(blocks.map, blocks.blocks, from, false);
    return *first < blocks.blocks ? bitmap_run(blocks.map, blocks.blocks, *first, false, want) : 0;
}

/* => at least one block is free => *first, and how long the run is. */
static uint32_t best_run(uint32_t want, uint32_t *first)
{
    uint32_t best = 0, from = blocks.next;
    for (uint32_t looked = 0, wraps = 0; looked < RUNS_TO_LOOK_AT && best < want && wraps < 2; looked++) {
        uint32_t at, length = next_run(from, want, &at);
        if (length > best) {
            best = length;
            *first = at;
        }
        wraps += length == 0;
        from = length == 0 ? 0 : at + length;
    }
    return best;
}

static void run_take(uint32_t first, uint32_t length)
{
    bitmap_set_range(blocks.map, first, length);
    blocks.used += length;
    for (uint32_t block = first; block < first + length; block++) {
        blocks.stales -= bitmap_get(blocks.stale, block);
        bitmap_clear(blocks.stale, block);
    }
}

uint32_t blocks_take(uint32_t want, block_t *first)
{
    if (want == 0 || blocks.used == blocks.blocks)
        return 0;
    uint32_t length = best_run(want, &first->n);
    assert(length > 0 && length <= want);
    run_take(first->n, length);
    blocks.next = first->n + length;
    return length;
}

bool blocks_taken(block_t block) { return block.n < blocks.blocks && bitmap_get(blocks.map, block.n); }

static void block_clear(block_t block)
{
    bitmap_clear(blocks.map, block.n);
    blocks.used--;
}

bool blocks_free(block_t block)
{
    if (!blocks_taken(block))
        return false;
    block_clear(block);
    bitmap_set(blocks.stale, block.n);
    blocks.stales++;
    if (policy.block_freed != NULL)
        policy.block_freed(block);
    return true;
}

uint32_t blocks_discard_begin(uint32_t want, block_t *first)
{
    if (want == 0 || blocks.stales == 0)
        return 0;
    uint32_t at = bitmap_find(blocks.stale, blocks.blocks, blocks.discard, true);
    if (at == blocks.blocks)
        at = bitmap_find(blocks.stale, blocks.blocks, 0, true);
    assert(at < blocks.blocks && !bitmap_get(blocks.map, at));
    uint32_t length = bitmap_run(blocks.stale, blocks.blocks, at, true, want);
    run_take(at, length);
    blocks.discard = at + length;
    first->n = at;
    return length;
}

void blocks_discard_end(block_t block)
{
    assert(blocks_taken(block));
    block_clear(block);
}

uint32_t blocks_used(void) { return blocks.used; }
