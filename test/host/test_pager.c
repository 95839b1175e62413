/* sources: test/host/fake_boot.c */
/* The pager with frames, linear and the page-usage module around it, against a plain model: what each page of a program
 * holds. Random operations in little memory; the machine's own checker is asked after each, and at the end everything
 * must have been given back. */
#include "kernel/pager/pager.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 420u
#define BLOCKS 420u /* so few that copies of what is in RAM have to go */
#define PAGES 640u  /* of the program: across a page-directory entry */
#define FIRST (TABLE_ENTRIES - 200u)
#define OPERATIONS 120000u

extern const struct usage_module usage_module;

enum holds { NOTHING, PROMISE, BARRIER, SUPPLIED }; /* NONE, allocated when touched or later, GUARD, by the handler */
struct page_model {
    enum holds holds;
    bool locked, watched;
    uint32_t value; /* of every word of it */
};
static struct page_model model[PAGES];
static struct process program, server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static uint32_t next_value, free_at_start;

static int boot(void **state)
{
    (void)state;
    return fake_boot(memory, FRAMES, records, BLOCKS) ? 0 : 1;
}

static int start(void **state)
{
    (void)state;
    random_state = 1;
    next_value = 0;
    memset(model, 0, sizeof model);
    program = server = (struct process){.flags = 0};
    server.flags = SPAWN_LOCKED;
    free_at_start = frame_count_free(FRAME_USE_USER);
    assert_int_equal(pager_space_open(&program.space, NULL), OK);
    assert_int_equal(pager_space_open(&server.space, NULL), OK);
    assert_int_equal(pager_table_make(&server.space, fake_server_window()), OK);
    fake_machine_start(&program, &server, blocks[0]);
    return 0;
}

static void check(void)
{
    fake_check(0);
    fake_charge_check(&program.space);
    assert_int_equal(commit_used(), program.space.charged + server.space.charged);
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

static err_t set(struct page_range range, enum entry_kind kind)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    err_t error;
    while (pager_directory_ready(&program.space) == (err_t)ERR_PARKED)
        fake_settle();
    while ((error = pager_range_set(&program.space, range, kind, &progress)) == (err_t)ERR_PARKED)
        fake_settle();
    return error;
}

static void page_out_all(struct page_range range)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    assert_int_equal(pager_range_out(&program.space, range, &progress), OK);
}

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

/* A page of zeros may be one that holds nothing: which, its entry says. */
static void model_watch(uint32_t i)
{
    enum entry_kind kind = pte_kind(space_entry(&program.space, (page_t){FIRST + i}, NULL));
    model[i].watched = kind != ENTRY_WATCHED_OUT;
    if (model[i].watched)
        return;
    assert_int_equal(model[i].value, 0);
    model[i].holds = SUPPLIED;
}

static void model_unwatch(uint32_t i)
{
    model[i].locked = model[i].watched = false;
    model[i].holds = PROMISE;
}

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

static void content_is(const uint32_t *word, uint32_t value)
{
    for (uint32_t i = 0; i < PAGE_BYTES / sizeof *word; i++)
        if (word[i] != value)
            fail_msg("word %u is 0x%08x, not 0x%08x", i, word[i], value);
}

/* False: the page could not be read. */
static bool touch(uint32_t i, bool write)
{
    void *content = NULL;
    bool can = fake_touch((page_t){FIRST + i}, write, &content);
    if (model[i].holds != PROMISE)
        assert_false(can);
    if (write && model[i].watched) {
        assert_false(can); /* reported; the handler ends the watch */
        assert_int_equal(set((struct page_range){{FIRST + i}, {FIRST + i + 1}}, ENTRY_NORMAL), OK);
        model_unwatch(i);
        can = fake_touch((page_t){FIRST + i}, write, &content);
    }
    if (!can)
        return false;
    content_is(content, model[i].value);
    if (!write)
        return true;
    model[i].value = below(8) ? ++next_value : 0; /* zero pages need no block */
    uint32_t *word = content;
    for (uint32_t k = 0; k < PAGE_BYTES / sizeof *word; k++)
        word[k] = model[i].value;
    return true;
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
    err_t error;
    do {
        fake_settle();
        error = pager_range_lock(&program.space, range);
    } while (error == (err_t)ERR_PARKED);
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
    while (pager_range_in(&program.space, range, &progress) == (err_t)ERR_PARKED)
        fake_settle();
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

static void end(void)
{
    struct process *const both[] = {&program, &server};
    fake_settle();
    for (uint32_t i = 0; i < 2; i++) {
        fake_space_free(&both[i]->space);
        check();
        pager_space_close(&both[i]->space);
    }
    assert_int_equal(usage_module.blocks_used(), 0);
    assert_int_equal(commit_used(), 0);
    assert_int_equal(frame_count_free(FRAME_USE_USER), free_at_start);
}

/* ---- tests ---- */

static void random_operations_lose_nothing(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        operate();
        if (i % 16 == 0)
            check();
    }
    const struct info *seen = info_page();
    assert_true(seen->swap_in > 1000 && seen->swap_out > 1000 && seen->faults_soft > 100);
    assert_true(seen->evicted_clean > 100 && seen->evicted_zero > 100 && seen->cleaned_ahead > 0);
    end();
}

static void a_read_that_fails_harms_nothing(void **state)
{
    (void)state;
    fake_server_fail(SWAP_READ, 7);
    uint32_t failed = 0;
    for (uint32_t i = 0; i < PAGES; i++)
        model[i].holds = PROMISE;
    assert_int_equal(set((struct page_range){{FIRST}, {FIRST + PAGES}}, ENTRY_ON_DEMAND), OK);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_true(touch(i, true));
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t page = below(PAGES);
        failed += !touch(page, below(2));
        if (i % 16 == 0)
            check();
    }
    assert_true(failed > 100);
    fake_server_fail(SWAP_READ, 0);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_true(touch(i, false));
    end();
}

/* Freed while it is written or read, neither frame nor block is used before the transfer ends. */
static void orphans_wait_for_their_transfer(void **state)
{
    (void)state;
    const struct page_range range = {{FIRST}, {FIRST + 40}};
    for (uint32_t i = 0; i < 40; i++)
        model[i].holds = PROMISE;
    assert_int_equal(set(range, ENTRY_ON_DEMAND), OK);
    next_value = 1;
    for (uint32_t i = 0; i < 40; i++)
        while (model[i].value == 0)
            assert_true(touch(i, true));
    fake_server_hold(true);
    page_out_all(range);
    fake_housekeeping();
    assert_int_equal(frame_count(FRAME_WRITING), 40);
    assert_int_equal(set(range, ENTRY_NONE), OK);
    assert_int_equal(frame_count(FRAME_ORPHAN), 40);
    assert_int_equal(usage_module.blocks_used(), 40);
    check();
    fake_settle();
    assert_int_equal(frame_count(FRAME_ORPHAN), 0);
    assert_int_equal(usage_module.blocks_used(), 0);
    end();
}

/* Every page written, then watched: whatever is evicted and read again, each first write is reported, and no other. */
static void a_watch_survives_eviction(void **state)
{
    (void)state;
    const struct page_range range = {{FIRST}, {FIRST + PAGES}};
    uint32_t in_swap = 0, reported = 0;
    for (uint32_t i = 0; i < PAGES; i++)
        model[i].holds = PROMISE;
    assert_int_equal(set(range, ENTRY_ON_DEMAND), OK);
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
                check();
        }
        assert_int_equal(set(range, ENTRY_NORMAL), OK);
        for (uint32_t i = 0; i < PAGES; i++)
            model_unwatch(i);
    }
    assert_true(in_swap > 1000 && reported > 3000);
    end();
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
        content_is(content, 0);
        *(uint32_t *)content = page;
    }
    check();
    end();
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
    check();
    end();
}

/* One page in each 4 MiB: their tables are as many as they, and go to swap and come back with them. */
#define SPANS 200u
static uint32_t sparse_value[SPANS];

static void sparse_touch(uint32_t span, bool write)
{
    void *content = NULL;
    page_t page = {(8 + span) * TABLE_ENTRIES + span};
    assert_true(fake_touch(page, write, &content));
    content_is(content, sparse_value[span]);
    if (!write)
        return;
    sparse_value[span] = ++next_value;
    for (uint32_t *word = content, *end = word + PAGE_BYTES / sizeof *word; word < end; word++)
        *word = sparse_value[span];
}

static void tables_come_back_with_their_pages(void **state)
{
    (void)state;
    memset(sparse_value, 0, sizeof sparse_value);
    for (uint32_t span = 0; span < SPANS; span++)
        assert_int_equal(
            set((struct page_range){{(8 + span) * TABLE_ENTRIES + span}, {(8 + span) * TABLE_ENTRIES + span + 1}},
                ENTRY_ON_DEMAND),
            OK);
    uint32_t out = info_page()->tables_swapped, in = info_page()->tables_swapped_in;
    for (uint32_t i = 0; i < 4000; i++) {
        uint32_t first = below(SPANS), spans = below(4) ? 1 : 1 + below(30);
        for (uint32_t span = first; span < first + spans && span < SPANS; span++)
            sparse_touch(span, below(2));
        if (i % 16 == 0)
            check();
    }
    assert_true(info_page()->tables_swapped > out + 1000 && info_page()->tables_swapped_in > in + 1000);
    assert_int_equal(set((struct page_range){{8 * TABLE_ENTRIES}, {(8 + SPANS / 2) * TABLE_ENTRIES + 5}}, ENTRY_NONE),
                     OK);
    check();
    for (uint32_t span = SPANS / 2; span < SPANS; span++)
        sparse_touch(span, false);
    end();
}

/* What comes back is not what went out: nobody gets it. */
static void a_changed_table_is_not_believed(void **state)
{
    (void)state;
    memset(sparse_value, 0, sizeof sparse_value);
    for (uint32_t span = 0; span < SPANS; span++) {
        page_t page = {(8 + span) * TABLE_ENTRIES + span};
        assert_int_equal(set((struct page_range){page, {page.n + 1}}, ENTRY_ON_DEMAND), OK);
        sparse_touch(span, true);
    }
    fake_settle();
    uint32_t refused = 0;
    for (uint32_t span = 0; span < SPANS; span++) {
        page_t page = {(8 + span) * TABLE_ENTRIES + span};
        pde_t pde = space_directory_entry(&program.space, page);
        void *content;
        if (pde_kind(pde) != ENTRY_SWAP)
            continue;
        uint32_t *word = (uint32_t *)(void *)blocks[pde_block(pde).n] + below(TABLE_ENTRIES);
        uint32_t was = *word;
        *word ^= 1u << below(32);
        assert_false(fake_touch(page, false, &content));
        check();
        *word = was;
        sparse_touch(span, false);
        refused++;
    }
    assert_true(refused > 5);
    end();
}

static void dma_buffer(struct space *space, uint32_t device, frame_t *frame)
{
    uint32_t physical;
    const struct page_range range = {{FIRST}, {FIRST + 2}};
    assert_int_equal(pager_range_dma(space, range, (struct dma_wanted){0, device}, &physical), OK);
    *frame = (frame_t){physical / PAGE_BYTES};
}

/* What a driver's device may still use is not free until the next driver of that device makes a buffer. */
static void a_dead_drivers_buffers_wait_for_its_successor(void **state)
{
    (void)state;
    struct space first, other, next;
    frame_t frame;
    assert_int_equal(pager_space_open(&first, NULL), OK);
    dma_buffer(&first, 7, &frame);
    fake_space_free(&first);
    pager_space_close(&first);
    assert_int_equal(pager_space_open(&other, NULL), OK);
    dma_buffer(&other, 8, &(frame_t){0});
    assert_int_equal(frame_count(FRAME_LOCKED), 4);
    assert_true(record_state(frame_record(frame)) == FRAME_LOCKED && record_has(frame_record(frame), FRAME_QUARANTINE));
    assert_int_equal(pager_space_open(&next, NULL), OK);
    dma_buffer(&next, 7, &frame);
    assert_int_equal(frame_count(FRAME_LOCKED), 4);
    assert_false(record_has(frame_record(frame), FRAME_QUARANTINE));
    fake_space_free(&other);
    fake_space_free(&next);
    pager_space_close(&other);
    pager_space_close(&next);
    assert_int_equal(pager_space_open(&first, NULL), OK);
    for (uint32_t device = 7; device <= 8; device++) { /* given back by a living driver, they are free at once */
        struct range_progress progress = {.phase = RANGE_SURVEY};
        const struct page_range range = {{FIRST}, {FIRST + 2}};
        dma_buffer(&first, device, &frame);
        assert_int_equal(pager_range_set(&first, range, ENTRY_NONE, &progress), OK);
    }
    assert_int_equal(frame_count(FRAME_LOCKED), 0);
    fake_space_free(&first);
    pager_space_close(&first);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(orphans_wait_for_their_transfer, start),
        cmocka_unit_test_setup(promises_are_kept_or_refused, start),
        cmocka_unit_test_setup(a_refused_range_leaves_no_table, start),
        cmocka_unit_test_setup(a_watch_survives_eviction, start),
        cmocka_unit_test_setup(a_read_that_fails_harms_nothing, start),
        cmocka_unit_test_setup(random_operations_lose_nothing, start),
        cmocka_unit_test_setup(tables_come_back_with_their_pages, start),
        cmocka_unit_test_setup(a_changed_table_is_not_believed, start),
        cmocka_unit_test_setup(a_dead_drivers_buffers_wait_for_its_successor, start),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
