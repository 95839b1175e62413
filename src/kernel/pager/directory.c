/* Page directories that go to swap and come back: a space's root word says where its is.
 *
 * One that names no table in RAM stands in the order of eviction, whoever's it is: a thread whose directory is out gets
 * it back when it is picked to run. In swap it is sealed, as tables are; its kernel half is written anew, not read. */
#include "kernel/linear/seal.h"
#include "kernel/pager/inside.h"
#include "kernel/task/work.h"

/* The user's half, as entries: what may be in swap reads the same in both. */
static pte_t *content(frame_t directory) { return frame_pointer(directory); }

static struct seal_key key_of(const struct frame_record *r)
{
    return (struct seal_key){record_space(r), USER_PAGES, record_block(r).n};
}

static void directory_name(frame_t directory, const struct space *space)
{
    record_name(directory, space, (page_t){0});
    record_set_becomes(frame_record(directory), BECOMES_DIRECTORY);
}

void directory_begin(struct space *space)
{
    directory_name(space_directory(space), space);
    directory_settle(space, USAGE_ZERO_FILL);
}

void directory_settle(struct space *space, enum usage_why why)
{
    frame_t directory = space_directory(space);
    enum frame_state state = record_state(frame_record(directory));
    if (space->tables > 0 && state == FRAME_DIRECTORY_IDLE) {
        usage->removed(directory);
        frame_set_state(directory, FRAME_DIRECTORY);
    } else if (space->tables == 0 && state == FRAME_DIRECTORY) {
        frame_set_state(directory, FRAME_DIRECTORY_IDLE);
        usage->inserted(directory, why, USAGE_DISTANCE_UNKNOWN);
    }
}

pde_t directory_exchange(struct space *space, page_t page, pde_t pde)
{
    pde_t was = space_directory_exchange(space, page, pde);
    directory_settle(space, USAGE_TABLE_LEFT);
    return was;
}

err_t table_frame_get(const struct space *space, enum frame_state as, frame_t *frame)
{
    struct frame_record *r = frame_record(space_directory(space));
    bool was_pinned = record_pin(r, true);
    tables_press();
    err_t error = pager_frame_get(FRAME_USE_LOW, as, frame, false);
    record_pin(r, was_pinned);
    return error;
}

/* ---- out ---- */

bool directory_out(frame_t directory)
{
    struct frame_record *r = frame_record(directory);
    struct block_run run = {BLOCK_NONE, 0};
    if (record_has(r, FRAME_PINNED | FRAME_AWAITED | FRAME_IN_FLIGHT) || !swap_write_room() || !block_give(r, &run, 1))
        return false;
    space_hide(record_owner(r), pde_transit(directory));
    work_raise(WORK_SCHEDULE); /* it may be the one that is loaded */
    table_seal(content(directory), USER_DIRECTORY_ENTRIES, key_of(r));
    write_begin(directory);
    return true;
}

void directory_hidden(frame_t directory)
{
    const struct frame_record *r = frame_record(directory);
    if (record_state(r) == FRAME_STANDBY) /* else it could not be read, and is still hidden */
        tables_tally(content(directory), USER_DIRECTORY_ENTRIES, true);
    space_hide(record_owner(r), pde_swap(record_block(r)));
}

/* ---- back ---- */

void directory_shown(frame_t directory)
{
    struct frame_record *r = frame_record(directory);
    bool sealed = table_unseal(content(directory), USER_DIRECTORY_ENTRIES, key_of(r));
    assert(sealed); /* it has not left RAM, or has been looked at */
    frame_set_state(directory, FRAME_DIRECTORY_IDLE);
    space_show(record_owner(r), directory);
    if (!record_has(r, FRAME_IN_FLIGHT))
        record_block_drop(r);
}

static bool entry_is_sound(pde_t entry)
{
    enum entry_kind kind = pde_kind(entry);
    if (kind == ENTRY_SWAP)
        return usage->block_taken(pde_block(entry));
    return !pde_present(entry) && kind != ENTRY_TRANSIT && kind != ENTRY_UNLAWFUL;
}

bool directory_is_believed(frame_t directory)
{
    pte_t *entries = content(directory);
    struct seal_key key = key_of(frame_record(directory));
    if (!table_unseal(entries, USER_DIRECTORY_ENTRIES, key))
        return false;
    bool sound = true;
    for (uint32_t i = 0; i < USER_DIRECTORY_ENTRIES; i++)
        sound &= entry_is_sound((pde_t){entries[i].w});
    table_seal(entries, USER_DIRECTORY_ENTRIES, key);
    if (sound)
        tables_tally(entries, USER_DIRECTORY_ENTRIES, false);
    return sound;
}

err_t directory_fetch_into(struct space *space, frame_t frame)
{
    if (!swap_read_queue(frame)) {
        frame_return(frame);
        return current ? memory_await() : ERR_MEMORY;
    }
    directory_name(frame, space);
    record_set_block(frame_record(frame), pde_block(space->root));
    space_hide(space, pde_transit(frame));
    return ERR_BUSY;
}

err_t directory_fetch(struct space *space, frame_t *frame)
{
    if (space_is_here(space))
        return OK;
    if (root_kind(space->root) == ENTRY_SWAP) {
        TRY(pager_frame_get(FRAME_USE_LOW, FRAME_READING, frame, false));
        return directory_fetch_into(space, *frame);
    }
    *frame = space_directory(space);
    if (record_state(frame_record(*frame)) == FRAME_READING)
        return ERR_BUSY;
    frame_remap(*frame);
    return OK;
}

err_t pager_directory_ready(struct space *space)
{
    frame_t frame;
    if (space_is_here(space))
        return OK;
    if (read_has_failed(pde_swapped_block(space->root)))
        return ERR_IO;
    err_t error = directory_fetch(space, &frame);
    return error == ERR_BUSY ? page_await(frame) : error;
}

/* ---- the end ---- */

void directory_lose(struct space *space)
{
    log_print("swap: the page directory in block %u is lost\n", pde_block(space->root).n);
    block_return(pde_block(space->root));
    counters()->lost += space->tables_out;
    space_hide(space, pde_none());
}

void directory_end(struct space *space)
{
    enum entry_kind kind = root_kind(space->root);
    if (kind == ENTRY_SWAP)
        block_return(pde_block(space->root));
    else if (kind != ENTRY_NONE)
        pager_frame_free(space_directory(space));
}
