/* sources: test/host/share_machine.c */
/* What is lent while page tables are in swap: taken back there, its owner or its receiver ended, and tables that can't be
 * read any more. Whatever becomes of a table, nodes and pages are given back, and nobody sees another's. */
#include "kernel/pager/inside.h"

#include "fake_machine.h"
#include "host.h"
#include "share_machine.h"

/* Pages 0 … 39 of each program lie in a page table of their own. */
#define TABLE_RUN(program) ((struct run){(program), 0, 40})

static void own_and_lend(uint32_t owner, uint32_t borrower)
{
    struct run from = TABLE_RUN(owner), to = TABLE_RUN(borrower);
    struct page_pass p = {space_of(from), space_of(to), range_of(from), range_of(to).first, PAGE_MAP, true};
    run_mark(from, ENTRY_ON_DEMAND, OWN);
    for (uint32_t i = 0; i < from.pages; i++)
        touch(place(from, i), true);
    assert_int_equal(FINISH(pager_pass_prepare(&p)), OK);
    pager_pass(&p);
    pager_pass_release(&p);
    model_pass(from, to, PAGE_MAP, true);
}

/* More pages than there is memory, in the programs' other tables. */
static void crowd(void)
{
    for (uint32_t i = 0; i < PROGRAMS; i++) {
        struct run r = {i, 40, PAGES - 40};
        run_mark(r, ENTRY_ON_DEMAND, OWN);
        for (uint32_t k = 0; k < r.pages; k++)
            touch(place(r, k), true);
        fake_settle();
    }
}

/* What is lent is no frame's entry any more when it is out, so its table can follow. */
static void table_goes_out(uint32_t program)
{
    struct run r = TABLE_RUN(program);
    struct range_progress progress = {.phase = RANGE_SURVEY};
    page_t first = range_of(r).first;
    if (space_table(space_of(r), first)) {
        assert_int_equal(pager_range_out(space_of(r), range_of(r), &progress), OK);
        fake_settle();
        assert_true(table_out(pde_frame(space_directory_entry(space_of(r), first))));
        fake_settle();
    }
    for (uint32_t tries = 0; tries < 9; tries++)
        crowd();
    assert_int_equal(pde_kind(space_directory_entry(space_of(r), first)), ENTRY_SWAP);
}

static void touch_all(uint32_t program)
{
    for (uint32_t i = 0; i < PAGES; i++)
        touch(place(TABLE_RUN(program), i), false);
}

static void take_back(uint32_t owner)
{
    struct run from = TABLE_RUN(owner);
    struct range_progress progress = {.phase = RANGE_SURVEY};
    assert_int_equal(FINISH(pager_range_unmap(space_of(from), range_of(from), &progress)), OK);
    for (uint32_t i = 0; i < from.pages; i++)
        loans_end(place(from, i));
}

/* Its nodes are dead as long as the table is out; their numbers are not used again. */
static void taken_back_while_the_receiver_s_table_is_out(void **state)
{
    (void)state;
    own_and_lend(0, 1);
    table_goes_out(1);
    take_back(0);
    assert_int_equal(programs[1].space.nodes, 40);
    assert_int_equal(programs[0].space.nodes, 0);
    share_check();
    own_and_lend(2, 3); /* with other numbers */
    share_check();
    touch_all(1);
    assert_int_equal(programs[1].space.nodes, 0);
    touch_all(3);
    touch_all(0);
    share_end();
}

/* Its table is read later, when the disk has time; what was lent from there is gone now. */
static void the_owner_ends_while_its_table_is_out(void **state)
{
    (void)state;
    own_and_lend(0, 1);
    own_and_lend(2, 3);
    table_goes_out(0);
    touch_all(1);
    fake_server_hold(true);
    leave_begin(0);
    leave_end(0);
    assert_int_equal(programs[1].space.nodes, 0);
    touch_all(3);
    share_end();
}

/* All its tables, and the directory after them. */
static void directory_goes_out(uint32_t program)
{
    struct space *space = &programs[program].space;
    table_goes_out(program);
    for (uint32_t i = 0; i < USER_DIRECTORY_ENTRIES; i++) {
        struct range_progress progress = {.phase = RANGE_SURVEY};
        const struct page_range range = {{i * TABLE_ENTRIES}, {(i + 1) * TABLE_ENTRIES}};
        if (!space_table(space, range.first))
            continue;
        assert_int_equal(pager_range_out(space, range, &progress), OK);
        fake_settle();
        assert_true(table_out(pde_frame(space_directory_entry(space, range.first))));
        fake_settle();
        while (space_is_here(space) && pde_kind(space_directory_entry(space, range.first)) == ENTRY_TRANSIT)
            assert_true(standby_take(pde_frame(space_directory_entry(space, range.first))));
    }
    pager_thread_runs(current); /* for whom it may have been brought in */
    assert_true(directory_out(space_directory(space)));
    assert_false(space_is_here(space));
}

static void the_owner_ends_while_its_directory_is_out(void **state)
{
    (void)state;
    own_and_lend(0, 1);
    directory_goes_out(0);
    leave_begin(0);
    assert_int_equal(programs[1].space.nodes, 0);
    leave_end(0);
    share_end();
}

/* The receiver ends, its table out, and the owner takes back. */
static void taken_back_from_both_ends(void **state)
{
    (void)state;
    own_and_lend(0, 1);
    table_goes_out(1);
    table_goes_out(0);
    leave_begin(1);
    take_back(0);
    share_check();
    leave_end(1);
    touch_all(0);
    share_end();
}

static void the_borrower_s_table_cannot_be_read(bool ends)
{
    own_and_lend(0, 1);
    table_goes_out(1);
    touch(PAGES + 50, true); /* its other table is here */
    fake_server_fail(SWAP_READ, 1);
    share_tables_lost(1);
    if (ends) {
        struct thread *thread = current;
        current = NULL;
        for (page_t next = {0}; pager_space_free_step(&programs[1].space, &next, false) == ERR_MORE;)
            ;
        current = thread;
        leave_end(1);
    } else {
        const struct page_range all = {{0}, {TABLE_ENTRIES}};
        assert_int_equal(FINISH(pager_range_mark(&programs[1].space, all, ENTRY_NONE)), OK);
        for (uint32_t i = 0; i < 40; i++)
            place_set(place(TABLE_RUN(1), i), NOTHING);
    }
    fake_server_fail(SWAP_READ, 0);
    assert_int_equal(programs[1].space.nodes, 0);
    share_check();
    touch_all(0);
    touch_all(1);
    assert_int_equal(programs[0].space.nodes, 0);
    share_end();
}

/* Nothing stands in it any more that is not known from elsewhere: its nodes are found, and go. */
static void a_lost_table_s_places_go(void **state)
{
    (void)state;
    the_borrower_s_table_cannot_be_read(false);
}

static void a_lost_table_s_dead_are_buried(void **state)
{
    (void)state;
    the_borrower_s_table_cannot_be_read(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(taken_back_while_the_receiver_s_table_is_out, share_start),
        cmocka_unit_test_setup(the_owner_ends_while_its_table_is_out, share_start),
        cmocka_unit_test_setup(the_owner_ends_while_its_directory_is_out, share_start),
        cmocka_unit_test_setup(taken_back_from_both_ends, share_start),
        cmocka_unit_test_setup(a_lost_table_s_places_go, share_start),
        cmocka_unit_test_setup(a_lost_table_s_dead_are_buried, share_start),
    };
    return cmocka_run_group_tests(tests, share_boot, NULL);
}
