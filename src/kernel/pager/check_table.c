/* Page tables, present or on their way, and all that they name. */
#include "kernel/pager/check.h"

static bool keeps_table(pte_t entry)
{
    return pte_is_transit(entry) || (pte_present(entry) && !frame_same(pte_frame(entry), zero_page));
}

static void entries_check(struct tally *t, const struct space *space, page_t first, frame_t table, uint32_t *resident)
{
    const pte_t *entries = frame_pointer(table);
    const struct frame_record *r = frame_record(table);
    uint32_t frames = 0;
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        frames += keeps_table(entries[i]);
        entry_check(t, space, (page_t){first.n + i}, entries[i], resident);
    }
    if (record_state(r) == FRAME_TABLE ? record_count(r) != frames : frames != 0)
        complain(t, space, first, pte_none(), "its table counts other frames than it names");
}

static void table_check(struct tally *t, const struct space *space, page_t first, pde_t pde, uint32_t *resident)
{
    const struct frame_record *r = frame_record(pde_frame(pde));
    bool in_use = record_state(r) == FRAME_TABLE || record_state(r) == FRAME_TABLE_IDLE;
    if (!in_use || record_becomes(r) != BECOMES_TABLE || !record_names(r, space, first))
        complain(t, space, first, (pte_t){pde.w}, "its table's record says something else");
    if (in_use && record_has(r, FRAME_IN_FLIGHT))
        block_check(t, space, first, (pte_t){pde.w}, record_block(r));
    if (!space_hint_holds(space, first))
        complain(t, space, first, (pte_t){pde.w}, "its table has a longer hole than the hint allows");
    t->tables++;
    entries_check(t, space, first, pde_frame(pde), resident);
}

/* On its way: it owns its block, and as long as its content is here, that names what it owns. */
static void transit_check(struct tally *t, const struct space *space, page_t first, pde_t pde)
{
    const struct frame_record *r = frame_record(pde_frame(pde));
    const pte_t *entries = frame_pointer(pde_frame(pde));
    enum frame_state state = record_state(r);
    if ((state != FRAME_STANDBY && state != FRAME_WRITING && state != FRAME_READING) ||
        record_becomes(r) != BECOMES_TABLE || !record_names(r, space, first))
        complain(t, space, first, (pte_t){pde.w}, "its table's record says something else");
    block_check(t, space, first, (pte_t){pde.w}, record_block(r));
    for (uint32_t i = 0; state != FRAME_READING && i < TABLE_ENTRIES; i++) {
        uint32_t resident = 0;
        pte_t entry = pte_unsealed(entries[i]);
        if (pte_kind(entry) != ENTRY_LENT)
            entry_check(t, space, (page_t){first.n + i}, entry, &resident);
        if (resident)
            complain(t, space, (page_t){first.n + i}, entry, "names a frame in a table that is out");
    }
}

/* On its way out its content is here still, and owns the blocks of tables. */
static void directory_transit_check(struct tally *t, const struct space *space)
{
    const struct frame_record *r = frame_record(space_directory(space));
    const pte_t *entries = frame_pointer(space_directory(space));
    const pte_t root = {space->root.w};
    block_check(t, space, (page_t){0}, root, record_block(r));
    if (record_state(r) == FRAME_READING)
        return;
    for (uint32_t i = 0; i < USER_DIRECTORY_ENTRIES; i++) {
        pte_t entry = pte_unsealed(entries[i]);
        if (pte_kind(entry) == ENTRY_SWAP)
            block_check(t, space, (page_t){i * TABLE_ENTRIES}, entry, pte_block(entry));
        else if (pte_kind(entry) == ENTRY_TRANSIT)
            complain(t, space, (page_t){i * TABLE_ENTRIES}, entry, "names a frame in a directory that is out");
    }
}

void directory_check(struct tally *t, const struct space *space)
{
    const pte_t root = {space->root.w};
    enum entry_kind kind = root_kind(space->root);
    if (kind == ENTRY_SWAP)
        block_check(t, space, (page_t){0}, root, pde_block(space->root));
    if (kind == ENTRY_SWAP || kind == ENTRY_NONE)
        return;
    const struct frame_record *r = frame_record(space_directory(space));
    enum frame_state state = record_state(r);
    bool here = state == (space->tables ? FRAME_DIRECTORY : FRAME_DIRECTORY_IDLE);
    bool out = state == FRAME_STANDBY || state == FRAME_WRITING || state == FRAME_READING;
    if ((kind == ENTRY_TRANSIT ? !out : !here) || record_becomes(r) != BECOMES_DIRECTORY ||
        record_space(r) != space->id)
        complain(t, space, (page_t){0}, root, "its directory's record says something else");
    if (kind == ENTRY_TRANSIT)
        directory_transit_check(t, space);
    else if (record_has(r, FRAME_IN_FLIGHT))
        block_check(t, space, (page_t){0}, root, record_block(r));
}

bool directory_entry_check(struct tally *t, const struct space *space, page_t page, uint32_t *resident)
{
    pde_t pde = space_directory_entry(space, page);
    if (pde_is_table(pde)) {
        table_check(t, space, page, pde, resident);
        return true;
    }
    t->report->entries++;
    if (pde_kind(pde) == ENTRY_UNLAWFUL)
        complain(t, space, page, (pte_t){pde.w}, "unlawful");
    else if (pde_kind(pde) == ENTRY_TRANSIT)
        transit_check(t, space, page, pde);
    else if (pde_kind(pde) == ENTRY_SWAP)
        block_check(t, space, page, (pte_t){pde.w}, pde_block(pde));
    return pde_kind(pde) == ENTRY_TRANSIT;
}
