/* sources: test/host/file_machine.c */
/* FILE pages against a plain model. Whatever is evicted, asked for again, taken, marked anew or refused: each page holds
 * what the model says, the machine's checker is content after each step, and at the end everything is given back. */
#include "kernel/pager/file.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "file_machine.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define OPERATIONS 40000u

static uint32_t own_value, taken_flying;

static int start(void **state)
{
    random_state = 3;
    own_value = 0x80000000u; /* no page of the file has such a one */
    return machine_start(state);
}

/* ---- operations ---- */

static void touch(uint32_t page, bool write)
{
    void *content;
    bool may = runs->how != NOT_MAPPED && (!write || runs->how != READ);
    if (runs->page[page].normal)
        may = true;
    bool can = fake_touch((page_t){FIRST + page}, write, &content);
    assert_int_equal(can, may);
    if (!can)
        return;
    fake_page_is(content, wanted(page));
    if (!write)
        return;
    page_write(page, content);
    runs->page[page].normal = runs->how == COPY || runs->page[page].normal;
}

static void touch_some(void)
{
    uint32_t first = below(FILE_PAGES), pages = below(3) ? 1 + below(40) : 1;
    bool write = below(3) == 0;
    for (uint32_t page = first; page < first + pages && page < FILE_PAGES; page++)
        touch(page, write);
}

static void touch_own(void)
{
    uint32_t first = below(OWN_PAGES), pages = 1 + below(50);
    for (uint32_t page = first; page < first + pages && page < OWN_PAGES; page++) {
        void *content;
        assert_true(fake_touch((page_t){OWN + page}, true, &content));
        fake_page_is(content, runs->own[page]);
        runs->own[page] = ++own_value;
        fake_page_fill(content, own_value);
    }
}

static void page_out_some(void)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    uint32_t first = below(FILE_PAGES), end = first + 1 + below(80);
    const struct page_range range = {{FIRST + first}, {FIRST + (end < FILE_PAGES ? end : FILE_PAGES)}};
    assert_int_equal(pager_range_out(&runs->process.space, range, &progress), OK);
    if (below(2))
        fake_housekeeping();
}

static bool has_normal(void)
{
    for (uint32_t page = 0; page < FILE_PAGES; page++)
        if (runs->page[page].normal)
            return true;
    return false;
}

static void unmap(void)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    const struct page_range range = {{FIRST}, {FIRST + FILE_PAGES}};
    mark(&runs->process.space, FIRST, FILE_PAGES, ENTRY_NONE);
    if (has_normal())
        (void)FINISH(pager_range_set(&runs->process.space, range, ENTRY_NONE, &progress));
    memset(runs->page, 0, sizeof runs->page);
    runs->how = NOT_MAPPED;
}

static void map_again(void)
{
    fake_settle(); /* the server knows all that was sent */
    unmap();
    if (below(8) == 0)
        return;
    runs->how = (enum how)(READ + below(3));
    mark(&runs->process.space, FIRST, FILE_PAGES, ENTRY_FILE_OUT);
}

static void page_out(page_t page)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    const struct page_range range = {page, {page.n + 1}};
    assert_int_equal(pager_range_out(&runs->process.space, range, &progress), OK);
}

/* What the server is told of the page is what it holds; what it says is clean, the server has, or the file. */
static void take_one(void)
{
    uint32_t page = below(FILE_PAGES);
    struct file_take t = {
        .client = &runs->process.space, .server = &file_server.space, .page = {FIRST + page}, .to = {SPARE}};
    mark(&file_server.space, SPARE, 1, ENTRY_NONE); /* it may have been copied from */
    mark(&file_server.space, SPARE, 1, ENTRY_FILE_OUT);
    (void)FINISH(pager_directory_ready(t.client));
    if (below(2) && runs->page[page].own) {
        page_out((page_t){FIRST + page});
        if (below(2))
            pager_submit(); /* sent, and not answered yet */
    }
    assert_int_equal(FINISH(pager_file_take(&t)), OK);
    if (t.taken == FILE_TAKEN_NONE)
        return;
    if (t.taken == FILE_TAKEN_FLYING) {
        uint32_t refuse = doings.refuse_one_in;
        taken_flying++;
        doings.refuse_one_in = 0; /* nobody else has it now */
        fake_settle();
        doings.refuse_one_in = refuse;
        assert_true(runs->page[page].saved && runs->page[page].kept == wanted(page));
    } else {
        pte_t entry = space_entry(&file_server.space, (page_t){SPARE}, NULL);
        fake_page_is(frame_pointer(pte_frame(entry)), wanted(page));
        if (t.taken == FILE_TAKEN_CLEAN)
            assert_int_equal(runs->page[page].saved ? runs->page[page].kept : file_value(page), wanted(page));
        fake_settle();
        runs->page[page].saved = true;
        runs->page[page].kept = wanted(page);
        assert_int_equal(pager_file_release(&file_server.space, (page_t){SPARE}, false), OK);
    }
    mark(&runs->process.space, FIRST + page, 1, ENTRY_FILE_OUT);
}

/* Written, while what was in it before is on its way out. */
static void write_in_flight(void)
{
    uint32_t page = below(FILE_PAGES);
    if (runs->how != WRITE)
        return;
    fake_settle();
    touch(page, true);
    page_out((page_t){FIRST + page});
    doings.disturbed = true;
    fake_housekeeping();
    doings.disturbed = false;
}

static void idle(void)
{
    fake_settle();
    for (uint32_t steps = below(60); steps > 0 && pager_idle_step(); steps--)
        fake_housekeeping();
}

static void operate(void)
{
    uint32_t what = below(64);
    if (what < 30)
        touch_some();
    else if (what < 44)
        touch_own();
    else if (what < 50)
        page_out_some();
    else if (what < 54)
        take_one();
    else if (what < 56)
        map_again();
    else if (what < 57)
        idle();
    else if (what < 61)
        write_in_flight();
    else {
        runs = &clients[below(CLIENTS)];
        fake_machine_switch(&runs->process);
    }
}

/* ---- the test ---- */

static void against_the_model(void **state)
{
    (void)state;
    map_again();
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        doings.refuse_one_in = i % 5000 < 500 ? 3 : 0;
        operate();
        machine_check();
    }
    assert_true(doings.written > 1000 && doings.granted > 1000 && doings.shown > 1000 && doings.copied > 1000);
    assert_true(taken_flying > 5 && info_page()->tables_swapped > 100);
    assert_true(info_page()->file_dropped > 10000 && info_page()->swap_out > 1000);
    machine_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(against_the_model, start),
    };
    return cmocka_run_group_tests(tests, machine_boot, NULL);
}
