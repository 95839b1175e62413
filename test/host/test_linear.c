/* sources: test/host/linear_model.c test/host/linear_check.c */
/* The linear room against a plain model: random operations on two spaces of which one is loaded; after each, entries,
 * directories, counts and the TLB must agree with the model. */
#include "kernel/linear/linear.h"

#include "fake_paging.h"
#include "host.h"
#include "linear_model.h"
#include "random.h"

#define OPERATIONS 150000u

static uint32_t any_page(void)
{
    uint32_t page = below(8) ? below(24) : below(TABLE_ENTRIES);
    return span_index[below(SPANS)] * TABLE_ENTRIES + (below(2) ? page : TABLE_ENTRIES - 1 - page);
}

static struct page_range any_range(void)
{
    uint32_t first = any_page(), end = below(3) ? first + 1 + below(40) : any_page() + 1;
    if (below(8) == 0) { /* whole directory entries */
        first -= first % TABLE_ENTRIES;
        end = first + TABLE_ENTRIES * (1 + below(3));
    }
    if (end <= first)
        end = first + 1;
    return (struct page_range){{first}, {end > USER_PAGES ? USER_PAGES : end}};
}

static void range_set(uint32_t s)
{
    static const enum entry_kind kinds[] = {ENTRY_NONE, ENTRY_ON_DEMAND, ENTRY_GUARD};
    enum entry_kind kind = kinds[below(3)];
    struct page_range range = any_range();
    for (uint32_t page = range.first.n; page < range.end.n;) {
        struct span *span = span_of(s, page);
        uint32_t next = (page / TABLE_ENTRIES + 1) * TABLE_ENTRIES;
        if (!span) {
            page = next;
        } else if (page % TABLE_ENTRIES == 0 && next <= range.end.n) {
            span_set_whole(s, page, kind);
            page = next;
        } else {
            if (!span->table)
                table_make(s, page);
            put(s, page++, (struct cell){.kind = kind});
        }
    }
}

static void map_something(uint32_t s, uint32_t page)
{
    static const enum entry_kind kinds[] = {ENTRY_NORMAL, ENTRY_NORMAL, ENTRY_NORMAL,  ENTRY_LOCKED,
                                            ENTRY_DMA,    ENTRY_COW,    ENTRY_SPECIAL, ENTRY_SHARED};
    struct cell c = {.kind = kinds[below(8)], .number = below(FRAME_COUNT_MAX)};
    struct protection p = space_protection(&spaces[s], (page_t){page});
    assert_int_equal(p.write, !is_text(&spaces[s], page));
    assert_true(p.user && !p.global && !p.uncached);
    c.write = p.write && c.kind != ENTRY_COW && (c.kind != ENTRY_SHARED || below(2));
    if (!span_of(s, page)->table)
        table_make(s, page);
    put(s, page, c);
}

/* One lawful step of the page's life, whatever it is now. */
static void page_moves_on(uint32_t s, uint32_t page)
{
    bool at_directory;
    struct cell c = cell_of(s, page, &at_directory);
    if (at_directory) {
        table_make(s, page);
    } else if (c.kind == ENTRY_NORMAL && below(3)) {
        c.kind = ENTRY_TRANSIT;
    } else if (c.kind == ENTRY_NORMAL) {
        c.kind = ENTRY_LOCKED;
    } else if (c.kind == ENTRY_LOCKED) {
        c.kind = ENTRY_NORMAL;
    } else if (c.kind == ENTRY_TRANSIT && below(2)) {
        c = (struct cell){.kind = ENTRY_SWAP, .number = below(BLOCK_COUNT_MAX)};
    } else if (c.kind == ENTRY_SWAP) {
        c = (struct cell){.kind = ENTRY_TRANSIT, .number = below(FRAME_COUNT_MAX)};
    } else if (c.kind == ENTRY_TRANSIT || c.kind == ENTRY_ON_DEMAND || c.kind == ENTRY_COW) {
        c.kind = ENTRY_NORMAL;
        c.write = !is_text(&spaces[s], page);
    }
    if (c.kind == ENTRY_TRANSIT || c.kind == ENTRY_SWAP)
        c.write = c.accessed = c.dirty = false;
    put(s, page, c);
}

static void touch(uint32_t s, uint32_t page)
{
    bool at_directory, write = below(2);
    struct cell c = cell_of(s, page, &at_directory);
    bool lets = !at_directory && c.kind <= ENTRY_WATCHED && (!write || c.write);
    directory_load(space_directory(&spaces[s]));
    assert_int_equal(fake_access((page_t){page}, write), lets);
    if (!lets)
        return;
    struct cell *cell = &span_of(s, page)->cell[page % TABLE_ENTRIES];
    cell->accessed = true;
    cell->dirty |= write;
}

static void age(uint32_t s, uint32_t page)
{
    bool at_directory;
    struct cell c = cell_of(s, page, &at_directory);
    if (at_directory || c.kind > ENTRY_WATCHED)
        return;
    assert_int_equal(space_age(&spaces[s], (page_t){page}).w, word_of(&c).w);
    span_of(s, page)->cell[page % TABLE_ENTRIES].accessed = false;
}

static void operate(uint32_t s, uint32_t page)
{
    uint32_t what = below(64);
    if (what < 2)
        range_set(s);
    else if (what < 18)
        map_something(s, page);
    else if (what < 34)
        page_moves_on(s, page);
    else if (what < 52)
        touch(s, page);
    else if (what < 60)
        age(s, page);
    else if (what < 61)
        check_hole(s, any_range(), 1 + below(below(2) ? 4 : 300));
    else if (what < 62)
        check_runs(s, below(4) ? any_range() : (struct page_range){{below(3)}, {USER_PAGES}},
                   below(3) ? CHECK_RUNS : 1 + below(4));
    else if (what < 63)
        check_charges(s, any_range());
    else
        directory_load(space_directory(&spaces[below(SPACES)]));
}

static void random_operations_agree_with_the_model(void **state)
{
    (void)state;
    random_state = 1;
    model_start();
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        uint32_t s = below(SPACES), page = any_page();
        operate(s, page);
        check_quickly(s, page);
        check_page(s, any_page());
        if (i % 256 == 0)
            check_all();
    }
    check_all();
}

static void wrong_use_is_caught(void **state)
{
    (void)state;
    model_start();
    expect_assert_failure(space_exchange(&spaces[0], (page_t){3000}, pte_none()));
    expect_assert_failure(space_age(&spaces[0], (page_t){3000}));
    expect_assert_failure(space_directory_entry(&spaces[0], (page_t){USER_PAGES}));
    table_make(0, 1);
    expect_assert_failure(space_age(&spaces[0], (page_t){1}));
    expect_assert_failure(space_table_install(&spaces[0], (page_t){1}, frame_give()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_use_is_caught),
        cmocka_unit_test(random_operations_agree_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
