/* References, free blocks and promises (files/inside.h says what a reference is).
 * Promises are numbers, not blocks: free - promised is what may be promised still, METADATA_BLOCKS less. */
#include "common/assert.h"
#include "files/inside.h"

#define FULL UINT16_MAX

void space_hold(struct files_volume *v, uint32_t block)
{
    if (v->references[block] == 0)
        v->free--;
    if (v->references[block] != FULL)
        v->references[block]++;
}

bool space_release(struct files_volume *v, uint32_t block)
{
    if (v->references[block] == 0) {
        v->read_only = true;
        return false;
    }
    if (v->references[block] == FULL || --v->references[block] != 0)
        return false;
    v->free++;
    return true;
}

static bool is_free(const struct files_volume *v, uint32_t block)
{
    return block >= FILES_SLOTS && block < v->blocks && v->references[block] == 0;
}

/* The first of `length` free blocks in a row, from `from` on and round; 0: there is none. */
static uint32_t find_run(const struct files_volume *v, uint32_t from, uint32_t length)
{
    uint32_t block = from < v->blocks ? from : FILES_SLOTS, seen = 0;
    for (uint32_t looked = 0; looked < v->blocks + length; looked++, block++) {
        if (block == v->blocks) {
            block = FILES_SLOTS;
            seen = 0;
        }
        seen = is_free(v, block) ? seen + 1 : 0;
        if (seen == length)
            return block + 1 - length;
    }
    return 0;
}

err_t space_take(struct files_volume *v, uint32_t wish, uint32_t *block)
{
    if (v->free <= v->promised)
        return ERR_COMMIT;
    if (!is_free(v, wish)) {
        wish = v->no_runs ? 0 : find_run(v, v->next_run, RUN_BLOCKS);
        v->no_runs = wish == 0;
        if (wish != 0)
            v->next_run = wish + RUN_BLOCKS;
        else
            v->next_run = (wish = find_run(v, v->next_run, 1)) + 1;
    }
    assert(is_free(v, wish));
    space_hold(v, wish);
    *block = wish;
    return OK;
}

/* Most metadata is soon replaced: it stays in the run that it began with while that has room, beside its own kind. */
err_t space_take_metadata(struct files_volume *v, uint32_t *block)
{
    uint32_t wish = v->metadata_run, end = wish + RUN_BLOCKS;
    while (wish < end && !is_free(v, wish))
        wish++;
    TRY(space_take(v, wish < end ? wish : 0, block));
    if (wish == end)
        v->metadata_run = *block;
    return OK;
}

err_t space_check(const struct files_volume *v, uint32_t blocks)
{
    uint32_t left = v->free - v->promised;
    return left >= METADATA_BLOCKS && left - METADATA_BLOCKS >= blocks ? OK : ERR_COMMIT;
}

err_t space_check_hold(const struct files_volume *v, uint32_t block)
{
    return v->references[block] > FULL / 2 ? ERR_LIMIT : OK;
}
