/* Page tables while they are in RAM: made when first needed, counted as long as entries name frames. One that names
 * none stands in the order of eviction, and may go out whenever a frame is asked for (table_swap.c). */
#include "kernel/pager/inside.h"

/* The zero page belongs to nobody; a table of nothing else may go, and its entries are ON_DEMAND again. */
static bool entry_keeps_table(pte_t entry)
{
    if (pte_present(entry))
        return !frame_same(pte_frame(entry), zero_page);
    return pte_is_transit(entry);
}

static void table_idle(frame_t table, enum usage_why why)
{
    frame_set_state(table, FRAME_TABLE_IDLE);
    usage->inserted(table, why, USAGE_DISTANCE_UNKNOWN);
}

static void table_count(frame_t table, bool more)
{
    struct frame_record *r = frame_record(table);
    if (record_state(r) == FRAME_TABLE_IDLE) {
        assert(more);
        usage->removed(table);
        frame_set_state(table, FRAME_TABLE);
        record_set_count(r, 1);
        return;
    }
    assert(record_state(r) == FRAME_TABLE && (more || record_count(r) > 0));
    record_set_count(r, more ? record_count(r) + 1 : record_count(r) - 1);
    if (record_count(r) == 0)
        table_idle(table, USAGE_TABLE_LEFT);
}

pte_t page_exchange(struct space *space, page_t page, pte_t entry)
{
    pte_t was = space_exchange(space, page, entry);
    bool keeps = entry_keeps_table(entry);
    if (keeps != entry_keeps_table(was))
        table_count(pde_frame(space_directory_entry(space, page)), keeps);
    return was;
}

/* A table or a directory's promise of 4 MiB is charged as one page. */
bool pde_is_charged(pde_t pde)
{
    enum entry_kind kind = pde_kind(pde);
    return kind == ENTRY_TABLE || kind == ENTRY_ON_DEMAND || kind == ENTRY_WATCHED_OUT || kind == ENTRY_SWAP ||
           kind == ENTRY_TRANSIT;
}

err_t pager_table_make(struct space *space, page_t page)
{
    frame_t frame;
    TRY(pager_table_ready(space, page));
    if (space_table(space, page))
        return OK;
    bool charged = pde_is_charged(space_directory_entry(space, page));
    TRY(pager_may_touch(space));
    if (!charged)
        TRY(pager_charge(space, 1));
    err_t error = table_frame_get(space, FRAME_TABLE_IDLE, &frame);
    if (error != OK) {
        if (!charged)
            pager_refund(space, 1);
        return error;
    }
    record_name(frame, space, table_first(page));
    record_set_becomes(frame_record(frame), BECOMES_TABLE);
    space_table_install(space, page, frame);
    directory_settle(space, USAGE_TABLE_LEFT);
    table_idle(frame, USAGE_ZERO_FILL);
    return OK;
}

err_t pager_tables_make(struct space *space, struct page_range range)
{
    err_t error = OK;
    page_t page = range.first;
    for (; page.n < range.end.n && error == OK; page = table_end(page)) {
        error = pager_table_make(space, page);
        if (error == OK)
            table_pin(space, page, true);
    }
    for (page_t back = range.first; back.n < page.n; back = table_end(back))
        table_pin(space, back, false);
    return error;
}

struct frame_record *table_record(const struct space *space, page_t page)
{
    return frame_record(pde_frame(space_directory_entry(space, page)));
}

bool table_pin(const struct space *space, page_t page, bool pin)
{
    return space_table(space, page) && record_pin(table_record(space, page), pin);
}

void table_free(struct space *space, page_t page, enum entry_kind kind)
{
    frame_t table;
    bool removed = space_table_remove(space, page, kind, &table);
    assert(removed);
    directory_settle(space, USAGE_TABLE_LEFT);
    pager_frame_free(table);
    if (kind != ENTRY_ON_DEMAND && kind != ENTRY_WATCHED_OUT)
        pager_refund(space, 1);
}

bool table_collapse(struct space *space, page_t page)
{
    const pte_t *entries = space_table(space, page);
    enum entry_kind kind = pte_kind(entries[0]);
    if (kind != ENTRY_NONE && kind != ENTRY_ON_DEMAND && kind != ENTRY_GUARD && kind != ENTRY_WATCHED_OUT &&
        kind != ENTRY_FILE_OUT)
        return false;
    if (space->locked || record_has(table_record(space, page), FRAME_PINNED) ||
        entries_same(&entries->w, TABLE_ENTRIES) < TABLE_ENTRIES)
        return false;
    table_free(space, page, kind);
    return true;
}
