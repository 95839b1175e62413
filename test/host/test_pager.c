/* sources: test/host/pager_machine.c */
/* The pager with frames, linear and the page-usage module around it, against a plain model: what each page of a program
 * holds. Random operations in little memory, reads that fail and pages that are watched; the machine's own checker is
 * asked, and at the end everything must have been given back. */
#include "kernel/pager/pager.h"

#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include "pager_machine.h"
#include "random.h"

#define OPERATIONS 120000u

static int start(void **state)
{
    random_state = 4;
    return machine_start(state);
}

static struct page_range any_range(void)
{
    uint32_t first = below(PAGES), pages = 1 + below(below(6) ? 12 : 200);
    uint32_t end = first + pages < PAGES ? first + pages : PAGES;
    return (struct page_range){{FIRST + first}, {FIRST + end}};
}

#define EACH(i, range)                    \
    uint32_t i = (range).first.n - FIRST; \
    i < (range).end.n - FIRST;            \
    i++

/* ---- operations ---- */

static void mark(void)
{
    static const enum entry_kind kinds[] = {ENTRY_NONE, ENTRY_ON_DEMAND, ENTRY_ON_DEMAND, ENTRY_GUARD};
    static const enum holds holds[] = {NOTHING, PROMISE, PROMISE, BARRIER};
    struct page_range range = any_range();
    uint32_t which = below(4);
    assert_int_equal(set(range, kinds[which]), OK);
    for (EACH(i, range))
        model[i] = (struct page_model){.holds = holds[which]};
    fake_housekeeping();
}

static bool is_watchable(const struct page_model *page) { return page->holds != BARRIER && !page->locked; }
static bool is_promised(const struct page_model *page) { return page->holds == PROMISE || page->holds == SUPPLIED; }

static void watch(void)
{
    struct page_range range = any_range();
    bool on = below(6), trims = below(8), can = true;
    for (EACH(i, range)) {
        bool may = on ? is_watchable(&model[i]) : is_promised(&model[i]);
        if (trims && (!may || model[i].holds == NOTHING) && FIRST + i > range.first.n)
            range.end.n = FIRST + i; /* the loop's end */
        else
            can &= may;
    }
    assert_int_equal(set(range, on ? ENTRY_WATCHED : ENTRY_NORMAL), can ? OK : ERR_KIND);
    if (!can)
        return;
    for (EACH(i, range))
        on ? model_watch(i) : model_unwatch(i);
    fake_housekeeping();
}

static void touch_some(void)
{
    uint32_t first = below(2) ? below(PAGES / 8) : below(PAGES), pages = below(4) ? 1 : 1 + below(60);
    bool write = below(3) == 0;
    for (uint32_t i = first; i < first + pages && i < PAGES; i++) {
        bool can = touch(i, write);
        assert_true(can || model[i].holds != PROMISE);
    }
}

static void lock(void)
{
    struct page_range range = any_range();
    bool can = range.end.n - range.first.n < 30, watched = false;
    for (EACH(i, range)) {
        can &= model[i].holds == PROMISE;
        watched |= model[i].watched;
    }
    if (!can)
        return;
    fake_settle();
    err_t error = FINISH(pager_range_lock(&program.space, range));
    assert_true(!watched || error == ERR_KIND);
    if (error != OK) /* or too much would be locked: nothing is */
        return;
    for (EACH(i, range))
        model[i].locked = true;
}

static void bring_in(void)
{
    struct page_range range = any_range();
    struct range_progress progress = {.phase = RANGE_SURVEY};
    (void)FINISH(pager_range_in(&program.space, range, &progress));
}

/* Nobody runs for a while: zeroing and cleaning ahead. */
static void idle(void)
{
    fake_settle();
    for (uint32_t steps = below(150); steps > 0 && pager_idle_step(); steps--)
        fake_housekeeping();
}

static void operate(void)
{
    uint32_t what = below(68);
    if (what < 3)
        mark();
    else if (what < 52)
        touch_some();
    else if (what < 55)
        page_out_all(any_range());
    else if (what < 57)
        bring_in();
    else if (what < 59)
        lock();
    else if (what < 61)
        idle();
    else if (what < 66)
        watch();
    else
        fake_server_hold(below(2));
}

/* ---- tests ---- */

static void random_operations_lose_nothing(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        operate();
        if (i % 16 == 0)
            machine_check();
    }
    const struct info *seen = info_page();
    assert_true(seen->swap_in > 1000 && seen->swap_out > 1000 && seen->faults_soft > 100);
    assert_true(seen->evicted_clean > 100 && seen->evicted_zero > 100 && seen->cleaned_ahead > 0);
    machine_end();
}

static void a_read_that_fails_harms_nothing(void **state)
{
    (void)state;
    fake_server_fail(SWAP_READ, 7);
    uint32_t failed = 0;
    promise(0, PAGES);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_true(touch(i, true));
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t page = below(PAGES);
        failed += !touch(page, below(2));
        if (i % 16 == 0)
            machine_check();
    }
    assert_true(failed > 100);
    fake_server_fail(SWAP_READ, 0);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_true(touch(i, false));
    machine_end();
}

/* Every page written, then watched: whatever is evicted and read again, each first write is reported, and no other. */
static void a_watch_survives_eviction(void **state)
{
    (void)state;
    const struct page_range range = {{FIRST}, {FIRST + PAGES}};
    uint32_t in_swap = 0, reported = 0;
    promise(0, PAGES);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_true(touch(i, true));
    for (uint32_t round = 0; round < 8; round++) {
        assert_int_equal(set(range, ENTRY_WATCHED), OK);
        for (uint32_t i = 0; i < PAGES; i++)
            model_watch(i);
        for (uint32_t i = 0; i < 4 * PAGES; i++) {
            uint32_t page = below(PAGES);
            bool write = below(2), was_watched = model[page].watched;
            in_swap += pte_kind(space_entry(&program.space, (page_t){FIRST + page}, NULL)) == ENTRY_SWAP_WATCHED;
            assert_true(touch(page, write) || model[page].holds == SUPPLIED);
            reported += write && was_watched;
            if (i % 16 == 0)
                machine_check();
        }
        assert_int_equal(set(range, ENTRY_NORMAL), OK);
        for (uint32_t i = 0; i < PAGES; i++)
            model_unwatch(i);
    }
    assert_true(in_swap > 1000 && reported > 3000);
    machine_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_watch_survives_eviction, start),
        cmocka_unit_test_setup(a_read_that_fails_harms_nothing, start),
        cmocka_unit_test_setup(random_operations_lose_nothing, start),
    };
    return cmocka_run_group_tests(tests, machine_boot, NULL);
}
