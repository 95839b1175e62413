/* sources: test/host/share_machine.c */
/* Granting, mapping, copying and taking back between programs, against a plain model: random operations in little
 * memory; the machine's own checker is asked, and at the end everything must have been given back. */
#include "kernel/pager/inside.h"

#include "fake_machine.h"
#include "host.h"
#include "random.h"
#include "share_machine.h"

#define OPERATIONS 120000u

static uint32_t passed[PAGE_COPY + 1], refused;

static int start(void **state)
{
    random_state = 2;
    return share_start(state);
}

static struct run any_run(uint32_t most)
{
    uint32_t first = below(PAGES), pages = 1 + below(most);
    return (struct run){below(PROGRAMS), first, first + pages < PAGES ? pages : PAGES - first};
}

/* ---- operations ---- */

static void touch_some(void)
{
    struct run r = any_run(below(4) ? 6 : 60);
    bool write = below(3) == 0;
    for (uint32_t i = 0; i < r.pages; i++)
        touch(place(r, i), write);
}

static void mark(void)
{
    static const enum entry_kind kinds[] = {ENTRY_NONE, ENTRY_GUARD, ENTRY_ON_DEMAND};
    static const enum holds holds[] = {NOTHING, BARRIER, OWN};
    struct run r = any_run(below(5) ? 5 : 40);
    uint32_t which = below(8) ? 2 : below(2);
    run_mark(r, kinds[which], holds[which]);
}

static void pass(void)
{
    struct run from = any_run(6), to = any_run(1);
    to.pages = from.pages;
    if (to.first + to.pages > PAGES)
        to.first = PAGES - to.pages;
    uint32_t how = PAGE_GRANT + below(3);
    bool asked = below(4) != 0, writable = asked;
    struct page_pass p = {space_of(from), space_of(to), range_of(from), range_of(to).first, how, asked};
    err_t wanted = pass_expected(from, to, how, &writable),
          error = FINISH((p.writable = asked, pager_pass_prepare(&p)));
    assert_int_equal(error, wanted);
    if (error != OK) {
        refused++;
        return;
    }
    assert_int_equal(p.writable, writable);
    assert_int_equal(pager_pass_charge(&p), OK);
    pager_pass(&p);
    pager_pass_release(&p);
    passed[how]++;
    model_pass(from, to, how, writable);
}

static void unmap(void)
{
    struct run r = any_run(30);
    struct range_progress progress = {.phase = RANGE_SURVEY};
    assert_int_equal(FINISH(pager_range_unmap(space_of(r), range_of(r), &progress)), OK);
    for (uint32_t i = 0; i < r.pages; i++)
        loans_end(place(r, i));
}

static void lock(void)
{
    struct run r = any_run(10);
    bool on = below(2), can = true;
    for (uint32_t i = 0; i < r.pages; i++)
        can &= model[place(r, i)].holds == OWN;
    err_t error = FINISH(on ? pager_range_lock(space_of(r), range_of(r))
                            : pager_range_mark(space_of(r), range_of(r), ENTRY_NORMAL));
    if (!can)
        assert_true(error != OK || !on);
    for (uint32_t i = 0; error == OK && i < r.pages; i++)
        model[place(r, i)].locked = on && can;
}

static void leave(uint32_t program)
{
    leave_begin(program);
    leave_end(program);
}

static void idle(void)
{
    fake_settle();
    for (uint32_t steps = below(150); steps > 0 && pager_idle_step(); steps--)
        fake_housekeeping();
}

static void bring_in(struct run r)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    assert_int_equal(FINISH(pager_range_in(space_of(r), range_of(r), &progress)), OK);
}

static void push_out(void)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    struct run r = any_run(40);
    assert_int_equal(pager_range_out(space_of(r), range_of(r), &progress), OK);
}

static void operate(void)
{
    uint32_t what = below(128);
    if (what < 7)
        mark();
    else if (what < 70)
        touch_some();
    else if (what < 100)
        pass();
    else if (what < 104)
        unmap();
    else if (what < 110)
        push_out();
    else if (what < 113)
        bring_in(any_run(20));
    else if (what < 117)
        lock();
    else if (what < 121)
        idle();
    else if (what < 127)
        fake_server_hold(below(2));
    else if (below(8) == 0)
        leave(below(PROGRAMS));
}

/* ---- tests ---- */

static void many_operations(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        operate();
        if (i % 16 == 0)
            share_check();
    }
}

/* What could not be read is in swap still: the page, for all its places. */
static void reads_that_fail_harm_nothing(void **state)
{
    (void)state;
    many_operations(OPERATIONS / 16);
    fake_settle();
    (void)share_reads_fail(true);
    for (uint32_t i = 0; i < OPERATIONS / 8; i++) {
        if (below(6) == 0)
            push_out();
        touch_some();
        if (i % 16 == 0)
            share_check();
    }
    assert_true(share_reads_fail(false) > 100);
    for (uint32_t i = 0; i < PLACES; i++)
        touch(i, false);
    share_end();
}

static void random_operations_lose_nothing(void **state)
{
    (void)state;
    many_operations(OPERATIONS);
    const struct info *seen = info_page();
    assert_true(seen->swap_in > 1000 && seen->swap_out > 1000 && seen->faults_soft > 1000 && seen->faults_cow > 1000);
    assert_true(passed[PAGE_GRANT] > 500 && passed[PAGE_MAP] > 500 && passed[PAGE_COPY] > 500 && refused > 500);
    share_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(random_operations_lose_nothing, start),
        cmocka_unit_test_setup(reads_that_fail_harm_nothing, start),
    };
    return cmocka_run_group_tests(tests, share_boot, NULL);
}
