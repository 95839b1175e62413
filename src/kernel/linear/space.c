#include "kernel/linear/linear.h"
#include "kernel/linear/inside.h"
#include "kernel/arch/x86/paging.h"

err_t page_range_make(uintptr_t start, uint32_t bytes, struct page_range *range)
{
    if (bytes == 0 || start % PAGE_BYTES || bytes % PAGE_BYTES)
        return ERR_RANGE;
    if (start >= KERNEL_SPACE || bytes > KERNEL_SPACE - start)
        return ERR_RANGE;
    range->first = address_page(start);
    range->end = (page_t){range->first.n + bytes / PAGE_BYTES};
    return OK;
}

/* The tables of a master are reached through the own directories of its process, too. */
static bool space_is_live(const struct space *space)
{
    frame_t current = directory_current();
    return frame_same(current, space_directory(space)) || frame_same(current, space->own_loaded);
}

void space_start(struct space *space, frame_t directory, uint32_t id)
{
    *space = (struct space){
        .root = root_make(ENTRY_NORMAL, directory), .id = id, .process_end = {USER_PAGES}, .own_loaded = FRAME_NONE};
    list_start(&space->family);
    pde_t *entries = frame_pointer(directory);
    for (uint32_t i = 0; i < USER_DIRECTORY_ENTRIES; i++)
        entries[i] = pde_none();
    directory_fill_kernel(entries);
}

pde_t space_directory_entry(const struct space *space, page_t page) { return *directory_slot(space, page); }

pte_t *space_table(const struct space *space, page_t page)
{
    pde_t pde = space_is_here(space) ? *directory_slot(space, page) : pde_none();
    return pde_is_table(pde) ? table_of(pde) : NULL;
}

pte_t space_entry(const struct space *space, page_t page, bool *at_directory)
{
    pde_t pde = *directory_slot(space, page);
    bool is_table = pde_is_table(pde);
    if (at_directory)
        *at_directory = !is_table;
    return is_table ? table_of(pde)[page_table_index(page)] : (pte_t){pde.w};
}

struct stretch space_stretch(const struct space *space, struct page_range within)
{
    const pde_t *pde = directory_slot(space, within.first);
    uint32_t pages = within.end.n - within.first.n, at = page_table_index(within.first);
    if (!pde_is_table(*pde)) {
        uint32_t spans = (at + pages + TABLE_ENTRIES - 1) / TABLE_ENTRIES;
        uint32_t end = (page_directory_index(within.first) + entries_same(&pde->w, spans)) * TABLE_ENTRIES;
        return (struct stretch){{end < within.end.n ? end : within.end.n}, (pte_t){pde->w}, true};
    }
    const pte_t *pte = (const pte_t *)frame_pointer(pde_frame(*pde)) + at;
    uint32_t rest = pages < TABLE_ENTRIES - at ? pages : TABLE_ENTRIES - at;
    return (struct stretch){{within.first.n + (pte_present(*pte) ? 1 : entries_same(&pte->w, rest))}, *pte, false};
}

struct protection space_protection(const struct space *space, page_t page)
{
    bool text = page.n >= space->text.first.n && page.n < space->text.end.n;
    return (struct protection){.write = !text, .user = true};
}

page_t space_area_end(const struct space *space, page_t page)
{
    if (page.n < space->text.first.n)
        return space->text.first;
    if (page.n < space->text.end.n)
        return space->text.end;
    return page.n < space->process_end.n ? space->process_end : (page_t){USER_PAGES};
}

/* So many neighbours in a table have become NONE. */
static void hint_raise(struct space *space, page_t page, uint32_t pages)
{
    pde_t *pde = directory_slot(space, page);
    uint32_t hint = pde_hint(*pde);
    if (hint != ENTRY_HINT_UNKNOWN)
        pde_hint_store(pde, hint_after(hint, pages));
}

pte_t space_exchange(struct space *space, page_t page, pte_t entry)
{
    pte_t *table = space_table(space, page);
    assert(table);
    pte_t was = entry_exchange(&table[page_table_index(page)], entry, page_address(page), space_is_live(space));
    if (pte_same(entry, pte_none()) && !pte_same(was, entry))
        hint_raise(space, page, 1);
    return was;
}

pte_t space_age(struct space *space, page_t page)
{
    pte_t *table = space_table(space, page);
    assert(table);
    pte_t was = table[page_table_index(page)];
    assert(pte_present(was));
    if (!pte_accessed(was))
        return was;
    /* The exchange can lose nothing: one processor, and it is here. */
    return space_exchange(space, page, pte_aged(was));
}

static bool pde_names_frame(pde_t e) { return pde_is_table(e) || pde_kind(e) == ENTRY_TRANSIT; }

pde_t space_directory_exchange(struct space *space, page_t page, pde_t pde)
{
    pde_t *slot = directory_slot(space, page);
    if (!space->master && pde_is_table(*slot))
        space_copies_forget(space, page); /* before the exchange, which pays the TLB for them */
    pde_t was = pde_exchange(slot, pde, page_address(page), space_is_live(space));
    space->tables += pde_names_frame(pde);
    space->tables -= pde_names_frame(was);
    space->tables_out += pde_kind(pde) == ENTRY_SWAP;
    space->tables_out -= pde_kind(was) == ENTRY_SWAP;
    return was;
}

static void table_show(struct space *space, page_t page, frame_t table, uint32_t hint)
{
    assert(space->master || page.n < space->process_end.n);
    space_directory_exchange(space, page, pde_table(table, true, hint));
}

void space_table_show(struct space *space, page_t page, frame_t table)
{
    table_show(space, page, table, ENTRY_HINT_UNKNOWN);
}

void space_table_install(struct space *space, page_t page, frame_t table)
{
    pte_t fill = pde_as_table_entries(space_directory_entry(space, page));
    pte_t *entries = frame_pointer(table);
    entries_fill(&entries->w, TABLE_ENTRIES, fill.w);
    table_show(space, page, table, pte_same(fill, pte_none()) ? ENTRY_HINT_UNKNOWN : hint_for(0));
}

pde_t pde_of_kind(enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_NONE:
        return pde_none();
    case ENTRY_GUARD:
        return pde_guard();
    case ENTRY_FILE_OUT:
        return pde_file_out();
    case ENTRY_WATCHED_OUT:
        return pde_watched_out();
    default:
        assert(kind == ENTRY_ON_DEMAND);
        return pde_on_demand();
    }
}

void space_fill(struct space *space, struct page_range range, enum entry_kind kind)
{
    uint32_t pages = range.end.n - range.first.n;
    pte_t *table = space_table(space, range.first);
    pde_t word = pde_of_kind(kind);
    entry_word_t *first = table ? &table[page_table_index(range.first)].w : &directory_slot(space, range.first)->w;
    if (table && kind == ENTRY_NONE && *first != word.w)
        hint_raise(space, range.first, pages);
    entries_fill(first, table ? pages : pages / TABLE_ENTRIES, word.w);
}

bool space_table_remove(struct space *space, page_t page, enum entry_kind kind, frame_t *table)
{
    pde_t was = space_directory_exchange(space, page, pde_of_kind(kind));
    if (!pde_is_table(was))
        return false;
    *table = pde_frame(was);
    return true;
}
