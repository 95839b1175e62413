/* sources: test/host/fault_table.c */
#include "fake_paging.h"
#include "fault_table.h"
#include "host.h"
#include "linear_model.h"

void check_page(uint32_t s, uint32_t page)
{
    bool at_directory, seen_at;
    struct cell c = cell_of(s, page, &at_directory);
    pte_t entry = space_entry(&spaces[s], (page_t){page}, &seen_at);
    assert_int_equal(seen_at, at_directory);
    assert_int_equal(entry.w, word_of(&c).w);
    for (int a = ACCESS_READ; a <= ACCESS_EXECUTE; a++) {
        enum access access = (enum access)a;
        enum verdict wanted = fault_table_says(&spaces[s], (page_t){page}, c.kind, c.write, access);
        if (at_directory && (wanted == VERDICT_ZEROED || wanted == VERDICT_ZERO_PAGE))
            wanted = VERDICT_TABLE;
        assert_int_equal(space_verdict(&spaces[s], (page_t){page}, access), wanted);
    }
}

void check_all(void)
{
    for (uint32_t s = 0; s < SPACES; s++) {
        const pde_t *directory = frame_pointer(space_directory(&spaces[s]));
        for (uint32_t i = 0; i < SPANS; i++)
            for (uint32_t k = 0; k < TABLE_ENTRIES; k++)
                check_page(s, span_index[i] * TABLE_ENTRIES + k);
        for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
            if (i >= USER_DIRECTORY_ENTRIES)
                assert_int_equal(directory[i].w, FAKE_KERNEL_MARK);
            else if (!span_of(s, i * TABLE_ENTRIES))
                assert_int_equal(directory[i].w, pde_none().w);
        }
    }
}

void check_quickly(uint32_t s, uint32_t page)
{
    uint32_t tables = 0;
    check_page(s, page);
    assert_true(!space_table(&spaces[s], (page_t){page}) || space_hint_holds(&spaces[s], (page_t){page}));
    for (uint32_t i = 0; i < SPANS; i++) {
        pde_t pde = space_directory_entry(&spaces[s], (page_t){span_index[i] * TABLE_ENTRIES});
        const struct span *span = span_of(s, span_index[i] * TABLE_ENTRIES);
        tables += span->table;
        assert_int_equal(pde_kind(pde), span->table ? ENTRY_TABLE : span->cell[0].kind);
        assert_int_equal(space_table(&spaces[s], (page_t){span_index[i] * TABLE_ENTRIES}) != NULL, span->table);
    }
    assert_int_equal(spaces[s].tables, tables);
    assert_int_equal(spaces[0].tables + spaces[1].tables, frames_used());
    assert_int_equal(fake_stale().n, USER_PAGES);
}

void check_runs(uint32_t s, struct page_range range, uint32_t room)
{
    static struct vm_run runs[CHECK_RUNS];
    uint32_t page = range.first.n;
    page_t stopped;
    uint32_t count = space_query(&spaces[s], range, runs, room, &stopped);
    bool at_directory = false;
    assert_in_range(count, 1, room);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(runs[i].start, page * PAGE_BYTES);
        assert_true(runs[i].bytes > 0 && runs[i].bytes % PAGE_BYTES == 0);
        if (i > 0)
            assert_true(runs[i].kind != runs[i - 1].kind || runs[i].at_directory != runs[i - 1].at_directory);
        for (uint32_t end = page + runs[i].bytes / PAGE_BYTES; page < end; page++) {
            struct cell c = cell_of(s, page, &at_directory);
            assert_int_equal(runs[i].kind, kind_to_vm(c.kind));
            assert_int_equal(runs[i].at_directory, at_directory);
        }
    }
    assert_int_equal(stopped.n, page);
    assert_true(page <= range.end.n);
    if (page == range.end.n)
        return;
    struct cell next = cell_of(s, page, &at_directory);
    bool differs = kind_to_vm(next.kind) != runs[count - 1].kind || at_directory != runs[count - 1].at_directory;
    assert_true((count == room && differs) || page - range.first.n >= SPACE_QUERY_BOUND);
}

/* What a TRANSIT word can't say: of every other frame. */
bool transit_is_file(frame_t frame) { return frame.n % 2 == 0; }

static enum entry_kind page_kind_of(const struct cell *c)
{
    return c->kind == ENTRY_TRANSIT && c->number % 2 == 0 ? ENTRY_FILE : c->kind;
}

static bool is_promise(enum entry_kind kind)
{
    return kind == ENTRY_ON_DEMAND || kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_DMA ||
           kind == ENTRY_COW || kind == ENTRY_SWAP || kind == ENTRY_TRANSIT;
}

void check_charges(uint32_t s, struct page_range range)
{
    uint32_t pages = 0, tables = 0, kinds = 0;
    bool at_directory;
    for (uint32_t page = range.first.n; page < range.end.n; page++) {
        struct cell c = cell_of(s, page, &at_directory);
        pages += is_promise(page_kind_of(&c));
        kinds |= kind_bit(page_kind_of(&c));
        if (page == range.first.n || page % TABLE_ENTRIES == 0)
            tables += !at_directory || c.kind == ENTRY_ON_DEMAND;
    }
    struct survey survey = space_survey(&spaces[s], range);
    assert_int_equal(survey.pages, pages);
    assert_int_equal(survey.tables, tables);
    assert_int_equal(survey.kinds, kinds);
}

/* Looks through tables, and leaves hints behind. */
void check_hole(uint32_t s, struct page_range range, uint32_t pages)
{
    struct page_range free = {range.first, range.first};
    const struct hole_wanted wanted = {pages, 1, range.end};
    uint32_t page = range.first.n, run = 0;
    bool at_directory;
    while (space_find_hole(&spaces[s], &wanted, &free) == SEARCH_GOES_ON)
        assert_true(free.end.n < range.end.n);
    for (; page < range.end.n && run < wanted.pages; page++)
        run = cell_of(s, page, &at_directory).kind == ENTRY_NONE ? run + 1 : 0;
    if (run == wanted.pages)
        assert_int_equal(free.first.n, page - run);
    else
        assert_true(free.first.n + wanted.pages > range.end.n);
}
