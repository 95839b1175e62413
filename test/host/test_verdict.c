/* sources: src/kernel/linear/space.c src/kernel/linear/own.c src/kernel/linear/verdict.c test/host/fake_paging.c test/host/fault_table.c */
/* Every entry × access × area × level against the fault table; and the ranges that calls may name. */
#include "kernel/linear/linear.h"

#include "fake_paging.h"
#include "fault_table.h"
#include "host.h"
#include "random.h"

#define FRAMES 16u

static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static struct space space;

static pte_t entry_of_row(const struct fault_row *row)
{
    struct protection p = {.write = row->writable, .user = true, .uncached = row->kind == ENTRY_SPECIAL};
    static const struct {
        enum entry_kind kind;
        entry_word_t number;
    } absent[] = {
        {ENTRY_NONE, 0},
        {ENTRY_ON_DEMAND, 1},
        {ENTRY_FILE_OUT, 2},
        {ENTRY_SWAP, 3 + 7},
        {ENTRY_SWAP_WATCHED, 0x4000000A},
        {ENTRY_TRANSIT, 0x7FE00007},
        {ENTRY_LENT, 0x7FF00007},
        {ENTRY_WATCHED_OUT, 0x7FFFFFFE},
        {ENTRY_GUARD, 0x7FFFFFFF},
    };
    for (uint32_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (absent[i].kind == row->kind)
            return (pte_t){absent[i].number << 1};
    return pte_make(row->kind, (frame_t){99}, p);
}

static void check_row(const struct fault_row *row)
{
    static const uint32_t pages[] = {0, 10, 1023, 3000};
    for (uint32_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        page_t page = {pages[i]};
        space_exchange(&space, page, entry_of_row(row));
        for (int a = ACCESS_READ; a <= ACCESS_EXECUTE; a++) {
            enum verdict wanted = fault_table_says(&space, page, row->kind, row->writable, (enum access)a);
            enum verdict seen = space_verdict(&space, page, (enum access)a);
            if (seen != wanted)
                fail_msg("%s, access %d, page %u: %d, not %d", row->name, a, page.n, (int)seen, (int)wanted);
        }
        space_exchange(&space, page, pte_none());
    }
}

static int start(void **state)
{
    (void)state;
    fake_paging_start(memory, FRAMES);
    space_start(&space, (frame_t){0}, 1);
    space.text = (struct page_range){{8}, {20}};
    return 0;
}

static void every_entry_access_and_area(void **state)
{
    (void)state;
    for (uint32_t table = 0; table < 3; table++)
        space_table_install(&space, (page_t){table * TABLE_ENTRIES}, (frame_t){table + 1});
    for (uint32_t by_default = 0; by_default < 2; by_default++) {
        space.allocate_by_default = by_default;
        for (uint32_t i = 0; i < fault_rows; i++)
            check_row(&fault_table[i]);
    }
}

static void every_kind_has_a_row(void **state)
{
    (void)state;
    for (int kind = 0; kind < ENTRY_TABLE; kind++) {
        uint32_t rows = 0;
        for (uint32_t i = 0; i < fault_rows; i++)
            rows += (int)fault_table[i].kind == kind;
        assert_true(rows > 0);
    }
}

/* What the directory says for 4 MiB is found as it is, but where a page is to be made a table comes first. */
static void the_directory_s_word(void **state)
{
    (void)state;
    static const struct {
        enum entry_kind kind;
        bool by_default;
        enum verdict wanted;
    } rows[] = {
        {ENTRY_NONE, false, VERDICT_FAULT},        {ENTRY_NONE, true, VERDICT_TABLE},
        {ENTRY_ON_DEMAND, false, VERDICT_TABLE},   {ENTRY_ON_DEMAND, true, VERDICT_TABLE},
        {ENTRY_GUARD, false, VERDICT_FAULT},       {ENTRY_GUARD, true, VERDICT_FAULT},
        {ENTRY_WATCHED_OUT, false, VERDICT_FAULT}, {ENTRY_WATCHED_OUT, true, VERDICT_FAULT},
    };
    frame_t table;
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        page_t page = {5 * TABLE_ENTRIES + 3};
        space.allocate_by_default = rows[i].by_default;
        assert_false(space_table_remove(&space, page, rows[i].kind, &table));
        for (int a = ACCESS_READ; a <= ACCESS_EXECUTE; a++)
            assert_int_equal(space_verdict(&space, page, (enum access)a), rows[i].wanted);
    }
}

/* Nobody takes the table's own place in swap for the page's. */
static void a_table_that_is_out_comes_first(void **state)
{
    (void)state;
    page_t page = {5 * TABLE_ENTRIES + 3};
    const pde_t words[] = {pde_swap((block_t){7}), pde_transit((frame_t){7})};
    for (uint32_t i = 0; i < 2; i++) {
        space_directory_exchange(&space, page, words[i]);
        for (int a = ACCESS_READ; a <= ACCESS_EXECUTE; a++)
            assert_int_equal(space_verdict(&space, page, (enum access)a), VERDICT_TABLE);
    }
    space_directory_exchange(&space, page, pde_none());
}

static void ranges_are_checked(void **state)
{
    (void)state;
    static const uint32_t edges[] = {0,        1,          0xFFF,        0x1000,     0x2000,
                                     0x400000, 0xBFFFF000, KERNEL_SPACE, 0xFFFFF000, 0xFFFFFFFF};
    random_state = 7;
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t first = below(2) ? edges[below(10)] : below(0xFFFFFFFF) & ~0xFFFu;
        uint32_t bytes = below(2) ? edges[below(10)] : below(0xFFFFFFFF) & ~0xFFFu;
        uint64_t end = (uint64_t)first + bytes;
        bool right = bytes > 0 && first % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0 && end <= KERNEL_SPACE;
        struct page_range range = {{1}, {1}};
        assert_int_equal(page_range_make(first, bytes, &range), right ? OK : ERR_RANGE);
        assert_int_equal(range.first.n, right ? first / PAGE_BYTES : 1);
        assert_int_equal(range.end.n, right ? end / PAGE_BYTES : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_entry_access_and_area, start),
        cmocka_unit_test(every_kind_has_a_row),
        cmocka_unit_test_setup(the_directory_s_word, start),
        cmocka_unit_test_setup(a_table_that_is_out_comes_first, start),
        cmocka_unit_test(ranges_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
