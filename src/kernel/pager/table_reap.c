/* Tables that come back from swap only to be freed with all that they own: for ranges that are discarded, and for ended
 * spaces. Two frames are kept for that, so that memory that is short is given back all the same. */
#include "kernel/pager/lent.h"

#define STEP_ENTRIES 1024u /* of one step; a whole page-directory entry counts as one */

/* One for a table and one for a directory. FRAME_NONE: in use */
static frame_t spare[2];

static void spare_fill(void)
{
    bool zeroed;
    for (uint32_t i = 0; i < 2; i++)
        if (frame_same(spare[i], FRAME_NONE) && frame_take(FRAME_USE_LOW, FRAME_KERNEL, &spare[i], &zeroed) != OK)
            spare[i] = FRAME_NONE;
}

void table_reap_start(void)
{
    spare[0] = spare[1] = FRAME_NONE;
    spare_fill();
}

static bool spare_take(uint32_t i, frame_t *frame)
{
    if (frame_same(spare[i], FRAME_NONE))
        return false;
    *frame = spare[i];
    spare[i] = FRAME_NONE;
    frame_set_state(*frame, FRAME_READING);
    return true;
}

/* For the reaper alone nobody's page has to go. */
static bool may_take_frame(void) { return current || memory_is_plenty(); }

static err_t fetch(struct space *space, page_t page, frame_t *frame)
{
    spare_fill();
    bool is_out = pde_kind(space_directory_entry(space, page)) == ENTRY_SWAP;
    err_t error = !is_out || may_take_frame() ? table_fetch(space, page, frame) : ERR_MEMORY;
    if (error == ERR_MEMORY && spare_take(0, frame))
        error = table_fetch_into(space, page, *frame);
    return error == ERR_MEMORY ? ERR_BUSY : error;
}

static err_t directory_recover(struct space *space)
{
    frame_t frame;
    spare_fill();
    bool is_out = root_kind(space->root) == ENTRY_SWAP;
    err_t error = !is_out || may_take_frame() ? directory_fetch(space, &frame) : ERR_MEMORY;
    if (error == ERR_MEMORY && spare_take(1, &frame))
        error = directory_fetch_into(space, frame);
    return error == ERR_MEMORY ? ERR_BUSY : error;
}

/* The blocks that it owned stay taken, and nobody's. */
void table_lose(struct space *space, page_t page)
{
    pde_t was = directory_exchange(space, page, pde_none());
    log_print("swap: the page table in block %u is lost\n", pde_block(was).n);
    block_return(pde_block(was));
    lent_table_lost(space, table_first(page));
    pager_refund(space, 1);
    space->charged_more = true;
}

err_t table_recover(struct space *space, page_t page)
{
    frame_t frame = FRAME_NONE;
    if (read_has_failed(pde_swapped_block(space_directory_entry(space, page)))) {
        table_lose(space, page);
        return OK;
    }
    err_t error = fetch(space, page, &frame);
    if (error != ERR_BUSY)
        return error;
    if (current)
        return frame_same(frame, FRAME_NONE) ? memory_await() : page_await(frame);
    tables_fetch_ahead(space, page);
    return ERR_BUSY;
}

/* In swap, or being read: nothing of it can be freed yet. */
static bool is_elsewhere(const struct space *space, page_t page)
{
    pde_t pde = space_directory_entry(space, page);
    if (pde_kind(pde) == ENTRY_TRANSIT)
        return record_state(frame_record(pde_frame(pde))) == FRAME_READING;
    return pde_kind(pde) == ENTRY_SWAP;
}

/* What can be reached: of its directory, and of its tables (all of them if swapped_too), from *next on. */
static err_t tables_free_step(struct space *space, page_t *next, bool swapped_too)
{
    TRY(directory_recover(space));
    for (uint32_t done = 0; next->n < USER_PAGES;) {
        if (done >= STEP_ENTRIES)
            return ERR_MORE;
        if (!swapped_too && is_elsewhere(space, *next)) {
            *next = table_end(*next);
            done++;
            continue;
        }
        TRY(table_recover(space, *next));
        done += spans_set(space, next, (page_t){USER_PAGES}, STEP_ENTRIES - done, ENTRY_NONE);
    }
    return OK;
}

err_t pager_space_free_step(struct space *space, page_t *next, bool swapped_too)
{
    space->dying = true;
    showings_forget(space);
    if (root_kind(space->root) == ENTRY_NONE)
        return OK;
    if (space_is_here(space) || swapped_too)
        TRY(tables_free_step(space, next, swapped_too));
    spare_fill();
    return swapped_too || lent_space_ends(space) ? OK : ERR_MORE;
}
