/* Page tables that go to swap and come back. What is in swap is sealed: it is believed only if it is what went out.
 *
 * A table is changed as soon as it is back, so that in RAM it owns no block: only while its write is still under way. */
#include "kernel/linear/seal.h"
#include "kernel/pager/lent.h"

struct block_tally tables_hide;

static pte_t *table_content(frame_t table) { return frame_pointer(table); }

static struct seal_key key_of(const struct frame_record *r)
{
    return (struct seal_key){record_space(r), record_page(r).n, record_block(r).n};
}

/* ---- out ---- */

static bool table_is_evictable(frame_t table)
{
    const struct frame_record *r = frame_record(table);
    return record_state(r) == FRAME_TABLE_IDLE && !record_owner(r)->locked &&
           !record_has(r, FRAME_PINNED | FRAME_AWAITED | FRAME_IN_FLIGHT);
}

static bool goes_along(const struct space *space, page_t page)
{
    pde_t pde = space_directory_entry(space, page);
    return pde_is_table(pde) && table_is_evictable(pde_frame(pde)) && usage->is_cold(pde_frame(pde));
}

_Static_assert(USER_DIRECTORY_ENTRIES % CLUSTER_PAGES == 0, "no cluster reaches into the kernel's half");

/* The tables of 64 MiB that are cold too, in ascending order, without a gap. */
static uint32_t cluster_collect(frame_t victim, frame_t *cluster)
{
    const struct space *space = record_owner(frame_record(victim));
    uint32_t at = page_directory_index(record_page(frame_record(victim))), first = at, count = 0;
    uint32_t lowest = at - at % CLUSTER_PAGES, end = lowest + CLUSTER_PAGES;
    if (space->master && lowest < page_directory_index(space->process_end))
        lowest = page_directory_index(space->process_end); /* below it are copies */
    while (first > lowest && goes_along(space, (page_t){(first - 1) * TABLE_ENTRIES}))
        first--;
    for (uint32_t i = first; i < end; i++) {
        page_t page = {i * TABLE_ENTRIES};
        if (i != at && !goes_along(space, page))
            break;
        cluster[count++] = pde_frame(space_directory_entry(space, page));
    }
    return count;
}

/* The zero page is nobody's content: touched again, it is mapped again. */
static void zero_pages_revert(struct space *space, page_t first)
{
    const pte_t *entries = space_table(space, first);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
        if (pte_present(entries[i]))
            page_exchange(space, (page_t){first.n + i}, pte_on_demand());
}

static bool table_leave(frame_t table, struct block_run *run, uint32_t want)
{
    struct frame_record *r = frame_record(table);
    if (!block_give(r, run, want))
        return false;
    directory_exchange(record_owner(r), record_page(r), pde_transit(table));
    table_seal(table_content(table), TABLE_ENTRIES, key_of(r));
    write_begin(table);
    return true;
}

bool table_out(frame_t victim)
{
    frame_t cluster[CLUSTER_PAGES];
    struct block_run run = {BLOCK_NONE, 0};
    bool progress = false;
    if (!table_is_evictable(victim) || swap_write_room() < CLUSTER_PAGES)
        return false;
    uint32_t count = cluster_collect(victim, cluster);
    for (uint32_t i = 0; i < count; i++) {
        struct space *space = record_owner(frame_record(cluster[i]));
        page_t first = record_page(frame_record(cluster[i]));
        zero_pages_revert(space, first);
        progress |= table_collapse(space, first) || table_leave(cluster[i], &run, count - i);
    }
    block_run_return(&run);
    return progress;
}

/* ---- what the entries of a table in swap own ---- */

void tables_tally(const pte_t *entries, uint32_t count, bool more)
{
    for (uint32_t i = 0; i < count; i++) {
        pte_t entry = pte_unsealed(entries[i]);
        enum entry_kind kind = pte_kind(entry);
        if (!kind_is_swapped(kind))
            continue;
        tables_hide.blocks += more ? 1u : -1u;
        tables_hide.mix += more ? block_mix(pte_block(entry)) : -block_mix(pte_block(entry));
    }
}

void table_hidden(frame_t table)
{
    const struct frame_record *r = frame_record(table);
    if (record_state(r) == FRAME_STANDBY) /* else it could not be read, and is still hidden */
        tables_tally(table_content(table), TABLE_ENTRIES, true);
    directory_exchange(record_owner(r), record_page(r), pde_swap(record_block(r)));
}

/* ---- back ---- */

void table_shown(frame_t table)
{
    struct frame_record *r = frame_record(table);
    bool sealed = table_unseal(table_content(table), TABLE_ENTRIES, key_of(r));
    assert(sealed); /* it has not left RAM, or has been looked at */
    frame_set_state(table, FRAME_TABLE_IDLE);
    space_table_show(record_owner(r), record_page(r), table);
    directory_settle(record_owner(r), USAGE_TABLE_LEFT);
    lent_table_back(record_owner(r), record_page(r));
    if (!record_has(r, FRAME_IN_FLIGHT))
        record_block_drop(r);
}

static bool entry_is_sound(pte_t entry, struct lend_place place)
{
    enum entry_kind kind = pte_kind(entry);
    if (kind == ENTRY_LENT)
        return lend_is_node((node_t){pte_node(entry)}) && lend_names((node_t){pte_node(entry)}, place);
    if (kind_is_swapped(kind))
        return usage->block_taken(pte_block(entry));
    return kind == ENTRY_NONE || kind == ENTRY_ON_DEMAND || kind == ENTRY_GUARD || kind == ENTRY_FILE_OUT ||
           kind == ENTRY_WATCHED_OUT;
}

/* The seal says that it is this table; the entries are looked at all the same, since nothing else stands behind it. */
bool table_is_believed(frame_t table)
{
    pte_t *entries = table_content(table);
    struct seal_key key = key_of(frame_record(table));
    if (!table_unseal(entries, TABLE_ENTRIES, key))
        return false;
    bool sound = true;
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
        sound &= entry_is_sound(entries[i], (struct lend_place){key.space, {key.page + i}});
    table_seal(entries, TABLE_ENTRIES, key);
    if (sound)
        tables_tally(entries, TABLE_ENTRIES, false);
    return sound;
}

err_t table_fetch_into(struct space *space, page_t page, frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (!swap_read_queue(frame)) {
        frame_return(frame);
        return current ? memory_await() : ERR_MEMORY;
    }
    record_name(frame, space, table_first(page));
    record_set_becomes(r, BECOMES_TABLE);
    record_set_block(r, pde_block(space_directory_entry(space, page)));
    directory_exchange(space, page, pde_transit(frame));
    return ERR_BUSY;
}

err_t table_fetch(struct space *space, page_t page, frame_t *frame)
{
    pde_t pde = space_directory_entry(space, page);
    enum entry_kind kind = pde_kind(pde);
    if (kind == ENTRY_SWAP) {
        TRY(table_frame_get(space, FRAME_READING, frame));
        return table_fetch_into(space, page, *frame);
    }
    if (kind != ENTRY_TRANSIT)
        return OK;
    *frame = pde_frame(pde);
    if (record_state(frame_record(*frame)) == FRAME_READING)
        return ERR_BUSY;
    tables_press();
    frame_remap(*frame);
    return OK;
}

void tables_fetch_ahead(struct space *space, page_t page)
{
    frame_t frame;
    for (uint32_t i = 1; i < CLUSTER_PAGES && memory_is_plenty(); i++) {
        page = table_end(page);
        if (page.n >= USER_PAGES || pde_kind(space_directory_entry(space, page)) != ENTRY_SWAP ||
            table_fetch(space, page, &frame) != ERR_BUSY)
            return;
    }
}

/* Somebody goes upwards. */
static bool comes_from_below(const struct space *space, page_t page)
{
    page_t lowest = space->master ? space->process_end : (page_t){0};
    return table_first(page).n > lowest.n && space_table(space, (page_t){table_first(page).n - 1});
}

err_t pager_table_ready(struct space *space, page_t page)
{
    frame_t frame;
    TRY(pager_directory_ready(space));
    if (pde_is_table(space_directory_entry(space, page)))
        return OK;
    if (read_has_failed(pde_swapped_block(space_directory_entry(space, page))))
        return ERR_IO;
    err_t error = table_fetch(space, page, &frame);
    if (error != ERR_BUSY)
        return error;
    if (readahead_pages && !tables_are_many() && comes_from_below(space, page))
        tables_fetch_ahead(space, page);
    return page_await(frame);
}
