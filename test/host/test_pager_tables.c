/* sources: test/host/pager_machine.c */
/* Promises, and the page tables that they need: what is promised can be had, what is refused leaves no table, tables go
 * to swap and come back with their pages, and one that came back changed is not believed. */
#include "kernel/pager/pager.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include "pager_machine.h"
#include "random.h"
#include <string.h>

#define SPANS 200u
static uint32_t sparse_value[SPANS], next_value;

static int start(void **state)
{
    random_state = 5;
    memset(sparse_value, 0, sizeof sparse_value);
    return machine_start(state);
}

static void promises_are_kept_or_refused(void **state)
{
    (void)state;
    struct page_range range = {{8 * TABLE_ENTRIES}, {8 * TABLE_ENTRIES + 1}};
    uint32_t granted = 0;
    while (set(range, ENTRY_ON_DEMAND) == OK) {
        granted++;
        range = (struct page_range){range.end, {range.end.n + 1}};
    }
    assert_int_equal(set(range, ENTRY_ON_DEMAND), ERR_COMMIT);
    assert_in_range(commit_limit() - commit_used(), 0, 1); /* a page would need a table besides */
    assert_in_range(granted, BLOCKS - BLOCKS / 64, FRAMES + BLOCKS);
    for (uint32_t page = 8 * TABLE_ENTRIES; page < 8 * TABLE_ENTRIES + granted; page++) {
        void *content = NULL;
        assert_true(fake_touch((page_t){page}, true, &content));
        fake_page_is(content, 0);
        *(uint32_t *)content = page;
    }
    machine_check();
    machine_end();
}

/* Two edges had to have tables before what lies between could be asked for. */
static void a_refused_range_leaves_no_table(void **state)
{
    (void)state;
    const struct page_range range = {{8 * TABLE_ENTRIES + 5}, {20 * TABLE_ENTRIES + 7}};
    uint32_t charged = program.space.charged, tables = program.space.tables;
    assert_int_equal(set(range, ENTRY_ON_DEMAND), ERR_COMMIT);
    assert_int_equal(pde_kind(space_directory_entry(&program.space, range.first)), ENTRY_NONE);
    assert_int_equal(pde_kind(space_directory_entry(&program.space, range.end)), ENTRY_NONE);
    assert_int_equal(program.space.charged, charged);
    assert_int_equal(program.space.tables, tables);
    machine_check();
    machine_end();
}

/* One page in each 4 MiB: their tables are as many as they, and go to swap and come back with them. */
static page_t sparse_page(uint32_t span) { return (page_t){(8 + span) * TABLE_ENTRIES + span}; }

static void sparse_promise(void)
{
    for (uint32_t span = 0; span < SPANS; span++) {
        page_t page = sparse_page(span);
        assert_int_equal(set((struct page_range){page, {page.n + 1}}, ENTRY_ON_DEMAND), OK);
    }
}

static void sparse_touch(uint32_t span, bool write)
{
    void *content = NULL;
    assert_true(fake_touch(sparse_page(span), write, &content));
    fake_page_is(content, sparse_value[span]);
    if (!write)
        return;
    sparse_value[span] = ++next_value;
    fake_page_fill(content, sparse_value[span]);
}

static void tables_come_back_with_their_pages(void **state)
{
    (void)state;
    sparse_promise();
    uint32_t out = info_page()->tables_swapped, in = info_page()->tables_swapped_in;
    for (uint32_t i = 0; i < 4000; i++) {
        uint32_t first = below(SPANS), spans = below(4) ? 1 : 1 + below(30);
        for (uint32_t span = first; span < first + spans && span < SPANS; span++)
            sparse_touch(span, below(2));
        if (i % 16 == 0)
            machine_check();
    }
    assert_true(info_page()->tables_swapped > out + 1000 && info_page()->tables_swapped_in > in + 1000);
    assert_int_equal(set((struct page_range){{8 * TABLE_ENTRIES}, {(8 + SPANS / 2) * TABLE_ENTRIES + 5}}, ENTRY_NONE),
                     OK);
    machine_check();
    for (uint32_t span = SPANS / 2; span < SPANS; span++)
        sparse_touch(span, false);
    machine_end();
}

/* What comes back is not what went out: nobody gets it. */
static void a_changed_table_is_not_believed(void **state)
{
    (void)state;
    sparse_promise();
    for (uint32_t span = 0; span < SPANS; span++)
        sparse_touch(span, true);
    fake_settle();
    uint32_t refused = 0;
    for (uint32_t span = 0; span < SPANS; span++) {
        page_t page = sparse_page(span);
        pde_t pde = space_directory_entry(&program.space, page);
        void *content;
        if (pde_kind(pde) != ENTRY_SWAP)
            continue;
        uint32_t *word = (uint32_t *)machine_block(pde_block(pde)) + below(TABLE_ENTRIES);
        uint32_t was = *word;
        *word ^= 1u << below(32);
        assert_false(fake_touch(page, false, &content));
        machine_check();
        *word = was;
        sparse_touch(span, false);
        refused++;
    }
    assert_true(refused > 5);
    machine_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(promises_are_kept_or_refused, start),
        cmocka_unit_test_setup(a_refused_range_leaves_no_table, start),
        cmocka_unit_test_setup(tables_come_back_with_their_pages, start),
        cmocka_unit_test_setup(a_changed_table_is_not_believed, start),
    };
    return cmocka_run_group_tests(tests, machine_boot, NULL);
}
