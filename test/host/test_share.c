/* sources: test/host/fake_boot.c */
/* Granting, mapping, copying and taking back between programs, against a plain model: each place shows a cell or
 * nothing; what is mapped shows its lender's cell, what is copied has one of its own. Random operations in little
 * memory; the machine's own checker is asked, and at the end everything must have been given back. */
#include "kernel/linear/lend.h"
#include "kernel/pager/inside.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 210u
#define BLOCKS 600u
#define PROGRAMS 4u
#define PAGES 100u /* of each program: across a page-directory entry */
#define PLACES (PROGRAMS * PAGES)
#define FIRST (TABLE_ENTRIES - 40u)
#define OPERATIONS 120000u
#define NOWHERE PLACES

extern const struct usage_module usage_module;

enum holds { NOTHING, OWN, LOAN, BARRIER };
struct place_model {
    enum holds holds;
    uint32_t lender; /* LOAN: a place */
    uint32_t cell;
    bool may_write, locked;
};
static struct place_model model[PLACES];
static uint32_t value[PLACES]; /* of every word of a cell */
static struct process programs[PROGRAMS], server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static uint32_t reads_failed, tables_lost;
static bool reads_fail;
static uint32_t next_value, free_at_start, passed[PAGE_COPY + 1], refused;

static int boot(void **state)
{
    (void)state;
    return fake_boot(memory, FRAMES, records, BLOCKS) ? 0 : 1;
}

static uint32_t lend_frames(void) { return lend_slots() / LEND_PAGE_SLOTS; }

static int start(void **state)
{
    (void)state;
    random_state = 1;
    next_value = tables_lost = 0;
    memset(model, 0, sizeof model);
    server = (struct process){.flags = SPAWN_LOCKED};
    free_at_start = frame_count_free(FRAME_USE_USER) + lend_frames();
    for (uint32_t i = 0; i < PROGRAMS; i++) {
        programs[i] = (struct process){.flags = 0};
        assert_int_equal(pager_space_open(&programs[i].space, NULL), OK);
    }
    assert_int_equal(pager_space_open(&server.space, NULL), OK);
    assert_int_equal(pager_table_make(&server.space, fake_server_window()), OK);
    fake_machine_start(&programs[0], &server, blocks[0]);
    return 0;
}

static void check(void)
{
    uint32_t charged = server.space.charged;
    fake_check(tables_lost);
    for (uint32_t i = 0; i < PROGRAMS; i++) {
        fake_charge_check(&programs[i].space);
        charged += programs[i].space.charged;
    }
    assert_int_equal(commit_used(), charged);
}

/* Again until it is not parked. */
#define FINISH(error, call)                             \
    do {                                                \
        err_t finish_;                                  \
        while ((finish_ = (call)) == (err_t)ERR_PARKED) \
            fake_settle();                              \
        (error) = finish_;                              \
    } while (0)

/* ---- the model ---- */

struct run {
    uint32_t program, first, pages; /* first: of the program's */
};
static uint32_t place(struct run r, uint32_t i) { return r.program * PAGES + r.first + i; }
/* Of whom a call is to come: its directory is brought back first. */
static struct space *space_of(struct run r)
{
    struct space *space = &programs[r.program].space;
    while (pager_directory_ready(space) == (err_t)ERR_PARKED)
        fake_settle();
    return space;
}
static struct page_range range_of(struct run r)
{
    return (struct page_range){{FIRST + r.first}, {FIRST + r.first + r.pages}};
}

static struct run any_run(uint32_t most)
{
    uint32_t first = below(PAGES), pages = 1 + below(most);
    return (struct run){below(PROGRAMS), first, first + pages < PAGES ? pages : PAGES - first};
}

static uint32_t cell_new(uint32_t of)
{
    static bool taken[PLACES];
    memset(taken, 0, sizeof taken);
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[i].holds == OWN || model[i].holds == LOAN)
            taken[model[i].cell] = true;
    for (uint32_t i = 0; i < PLACES; i++)
        if (!taken[i]) {
            value[i] = of;
            return i;
        }
    fail_msg("as many cells as places");
    return 0;
}

static void loans_end(uint32_t lender)
{
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[i].holds == LOAN && model[i].lender == lender) {
            loans_end(i);
            model[i] = (struct place_model){.holds = NOTHING};
        }
}

static void place_set(uint32_t i, enum holds holds)
{
    loans_end(i);
    model[i] = (struct place_model){.holds = NOTHING};
    if (holds == OWN)
        model[i] = (struct place_model){OWN, NOWHERE, cell_new(0), true, false};
    model[i].holds = holds;
}

static uint32_t depth_of(uint32_t i)
{
    uint32_t depth = 0;
    for (; model[i].holds == LOAN; i = model[i].lender)
        depth++;
    return depth;
}

static bool owner_has_locked(uint32_t i)
{
    while (model[i].holds == LOAN)
        i = model[i].lender;
    return model[i].locked;
}

/* ---- operations ---- */

static void content_is(const uint32_t *word, uint32_t wanted)
{
    for (uint32_t i = 0; i < PAGE_BYTES / sizeof *word; i++)
        if (word[i] != wanted)
            fail_msg("word %u is 0x%08x, not 0x%08x", i, word[i], wanted);
}

static void touch(uint32_t i, bool write)
{
    void *content = NULL;
    fake_machine_switch(&programs[i / PAGES]);
    bool can = fake_touch((page_t){FIRST + i % PAGES}, write, &content);
    bool is_there = model[i].holds == OWN || model[i].holds == LOAN, may = is_there && (!write || model[i].may_write);
    reads_failed += !can && may && reads_fail;
    assert_true(can == may || (may && reads_fail));
    if (!can)
        return;
    content_is(content, value[model[i].cell]);
    if (!write)
        return;
    uint32_t *word = content, next = below(8) ? ++next_value : 0;
    value[model[i].cell] = next;
    for (uint32_t k = 0; k < PAGE_BYTES / sizeof *word; k++)
        word[k] = next;
}

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
    err_t error;
    struct range_progress progress = {.phase = RANGE_SURVEY};
    FINISH(error, pager_range_set(space_of(r), range_of(r), kinds[which], &progress));
    assert_int_equal(error, OK);
    for (uint32_t i = 0; i < r.pages; i++)
        place_set(place(r, i), holds[which]);
}

static bool lands_on_its_lender(uint32_t i, struct run to)
{
    for (; model[i].holds == LOAN; i = model[i].lender)
        if (model[i].lender >= place(to, 0) && model[i].lender < place(to, to.pages))
            return true;
    return i >= place(to, 0) && i < place(to, to.pages);
}

/* What the model says of an item: OK, or an error that is right. */
static err_t pass_expected(struct run from, struct run to, uint32_t how, bool *writable)
{
    if (from.program == to.program && to.first < from.first + from.pages && from.first < to.first + to.pages)
        return ERR_RANGE;
    for (uint32_t i = 0; i < from.pages; i++) {
        uint32_t at = place(from, i);
        if (model[at].holds != OWN && model[at].holds != LOAN)
            return ERR_KIND;
        if (how == PAGE_COPY && model[at].locked)
            return ERR_KIND;
        *writable &= model[at].may_write;
        if (lands_on_its_lender(at, to))
            return ERR_RANGE;
        if (how == PAGE_COPY && owner_has_locked(at))
            return ERR_KIND;
        if (how == PAGE_MAP && depth_of(at) == LEND_DEPTH_MAX)
            return ERR_LIMIT;
    }
    if (how != PAGE_MAP)
        *writable = true;
    return OK;
}

static void place_granted(uint32_t from, uint32_t to)
{
    model[to] = model[from];
    model[from] = (struct place_model){.holds = NOTHING};
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[i].holds == LOAN && model[i].lender == from)
            model[i].lender = to;
}

static void model_pass(struct run from, struct run to, uint32_t how, bool writable)
{
    for (uint32_t i = 0; i < to.pages; i++)
        place_set(place(to, i), NOTHING);
    for (uint32_t i = 0; i < from.pages; i++) {
        uint32_t at = place(from, i), there = place(to, i);
        if (how == PAGE_GRANT)
            place_granted(at, there);
        else if (how == PAGE_MAP)
            model[there] = (struct place_model){LOAN, at, model[at].cell, writable, false};
        else
            model[there] = (struct place_model){OWN, NOWHERE, cell_new(value[model[at].cell]), true, false};
    }
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
    err_t error, wanted = pass_expected(from, to, how, &writable);
    FINISH(error, (p.writable = asked, pager_pass_prepare(&p)));
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
    err_t error;
    FINISH(error, pager_range_unmap(space_of(r), range_of(r), &progress));
    assert_int_equal(error, OK);
    for (uint32_t i = 0; i < r.pages; i++)
        loans_end(place(r, i));
}

static void lock(void)
{
    struct run r = any_run(10);
    err_t error;
    bool on = below(2), can = true;
    for (uint32_t i = 0; i < r.pages; i++)
        can &= model[place(r, i)].holds == OWN;
    FINISH(error,
           on ? pager_range_lock(space_of(r), range_of(r)) : pager_range_mark(space_of(r), range_of(r), ENTRY_NORMAL));
    if (!can)
        assert_true(error != OK || !on);
    for (uint32_t i = 0; error == OK && i < r.pages; i++)
        model[place(r, i)].locked = on && can;
}

/* What needs no disk goes at once, and with it all that was lent, wherever the tables are. */
static void leave_begin(uint32_t program)
{
    struct thread *thread = current;
    current = NULL;
    for (page_t next = {0}; pager_space_free_step(&programs[program].space, &next, false) == ERR_MORE;)
        ;
    current = thread;
    for (uint32_t i = program * PAGES; i < (program + 1) * PAGES; i++)
        loans_end(i);
    check();
    for (uint32_t i = 0; i < PLACES; i++)
        if (i / PAGES != program)
            touch(i, false);
}

static void leave_end(uint32_t program)
{
    fake_settle();
    fake_space_free(&programs[program].space);
    fake_machine_switch(&programs[(program + 1) % PROGRAMS]);
    pager_space_close(&programs[program].space);
    assert_int_equal(pager_space_open(&programs[program].space, NULL), OK);
    for (uint32_t i = program * PAGES; i < (program + 1) * PAGES; i++)
        place_set(i, NOTHING);
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
    err_t error;
    struct range_progress progress = {.phase = RANGE_SURVEY};
    FINISH(error, pager_range_in(space_of(r), range_of(r), &progress));
    assert_int_equal(error, OK);
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

static void end(void)
{
    fake_settle();
    for (uint32_t i = 0; i <= PROGRAMS; i++) {
        struct space *space = i < PROGRAMS ? &programs[i].space : &server.space;
        fake_space_free(space);
        if (i < PROGRAMS)
            memset(&model[i * PAGES], 0, PAGES * sizeof *model);
        check();
    }
    for (uint32_t i = 0; i < PROGRAMS; i++)
        pager_space_close(&programs[i].space);
    pager_space_close(&server.space);
    assert_int_equal(usage_module.blocks_used(), 0);
    assert_int_equal(commit_used(), 0);
    assert_int_equal(lend_room(), lend_slots());
    assert_int_equal(frame_count_free(FRAME_USE_USER) + lend_frames(), free_at_start);
}

/* ---- tests ---- */

/* Pages 0 … 39 of each program lie in a page table of their own. */
#define TABLE_RUN(program) ((struct run){(program), 0, 40})

static void own_and_lend(uint32_t owner, uint32_t borrower)
{
    struct run from = TABLE_RUN(owner), to = TABLE_RUN(borrower);
    struct page_pass p = {space_of(from), space_of(to), range_of(from), range_of(to).first, PAGE_MAP, true};
    err_t error;
    FINISH(error, pager_range_mark(space_of(from), range_of(from), ENTRY_ON_DEMAND));
    assert_int_equal(error, OK);
    for (uint32_t i = 0; i < from.pages; i++) {
        place_set(place(from, i), OWN);
        touch(place(from, i), true);
    }
    FINISH(error, pager_pass_prepare(&p));
    assert_int_equal(error, OK);
    pager_pass(&p);
    pager_pass_release(&p);
    model_pass(from, to, PAGE_MAP, true);
}

/* More pages than there is memory, in the programs' other tables. */
static void crowd(void)
{
    for (uint32_t i = 0; i < PROGRAMS; i++) {
        struct run r = {i, 40, PAGES - 40};
        err_t error;
        FINISH(error, pager_range_mark(space_of(r), range_of(r), ENTRY_ON_DEMAND));
        assert_int_equal(error, OK);
        for (uint32_t k = 0; k < r.pages; k++) {
            place_set(place(r, k), OWN);
            touch(place(r, k), true);
        }
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

/* Its nodes are dead as long as the table is out; their numbers are not used again. */
static void taken_back_while_the_receiver_s_table_is_out(void **state)
{
    (void)state;
    struct run from = TABLE_RUN(0);
    struct range_progress progress = {.phase = RANGE_SURVEY};
    own_and_lend(0, 1);
    table_goes_out(1);
    err_t error;
    FINISH(error, pager_range_unmap(space_of(from), range_of(from), &progress));
    assert_int_equal(error, OK);
    for (uint32_t i = 0; i < from.pages; i++)
        loans_end(place(from, i));
    assert_int_equal(programs[1].space.nodes, 40);
    assert_int_equal(programs[0].space.nodes, 0);
    check();
    own_and_lend(2, 3); /* with other numbers */
    check();
    touch_all(1);
    assert_int_equal(programs[1].space.nodes, 0);
    touch_all(3);
    touch_all(0);
    end();
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
    leave(0);
    assert_int_equal(programs[1].space.nodes, 0);
    touch_all(3);
    end();
}

/* The receiver ends, its table out, and the owner takes back. */
static void taken_back_from_both_ends(void **state)
{
    (void)state;
    struct run from = TABLE_RUN(0);
    struct range_progress progress = {.phase = RANGE_SURVEY};
    own_and_lend(0, 1);
    table_goes_out(1);
    table_goes_out(0);
    leave_begin(1);
    err_t error;
    FINISH(error, pager_range_unmap(space_of(from), range_of(from), &progress));
    assert_int_equal(error, OK);
    check();
    leave_end(1);
    touch_all(0);
    end();
}

static void the_borrower_s_table_cannot_be_read(bool ends)
{
    own_and_lend(0, 1);
    table_goes_out(1);
    touch(PAGES + 50, true); /* its other table is here */
    fake_server_fail(SWAP_READ, 1);
    tables_lost = 1; /* and said so in the log */
    if (ends) {
        struct thread *thread = current;
        current = NULL;
        for (page_t next = {0}; pager_space_free_step(&programs[1].space, &next, false) == ERR_MORE;)
            ;
        current = thread;
        leave_end(1);
    } else {
        err_t error;
        FINISH(error, pager_range_mark(&programs[1].space, (struct page_range){{0}, {TABLE_ENTRIES}}, ENTRY_NONE));
        assert_int_equal(error, OK);
        for (uint32_t i = 0; i < 40; i++)
            place_set(place(TABLE_RUN(1), i), NOTHING);
    }
    fake_server_fail(SWAP_READ, 0);
    assert_int_equal(programs[1].space.nodes, 0);
    check();
    touch_all(0);
    touch_all(1);
    assert_int_equal(programs[0].space.nodes, 0);
    end();
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

static void many_operations(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        operate();
        if (i % 16 == 0)
            check();
    }
}

/* What could not be read is in swap still: the page, for all its places. */
static void reads_that_fail_harm_nothing(void **state)
{
    (void)state;
    many_operations(OPERATIONS / 16);
    fake_settle();
    reads_fail = true;
    fake_server_fail(SWAP_READ, 7);
    for (uint32_t i = 0; i < OPERATIONS / 8; i++) {
        if (below(6) == 0)
            push_out();
        touch_some();
        if (i % 16 == 0)
            check();
    }
    assert_true(reads_failed > 100);
    reads_fail = false;
    fake_server_fail(SWAP_READ, 0);
    for (uint32_t i = 0; i < PLACES; i++)
        touch(i, false);
    end();
}

static void random_operations_lose_nothing(void **state)
{
    (void)state;
    many_operations(OPERATIONS);
    const struct info *seen = info_page();
    assert_true(seen->swap_in > 1000 && seen->swap_out > 1000 && seen->faults_soft > 1000 && seen->faults_cow > 1000);
    assert_true(passed[PAGE_GRANT] > 500 && passed[PAGE_MAP] > 500 && passed[PAGE_COPY] > 500 && refused > 500);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(taken_back_while_the_receiver_s_table_is_out, start),
        cmocka_unit_test_setup(the_owner_ends_while_its_table_is_out, start),
        cmocka_unit_test_setup(taken_back_from_both_ends, start),
        cmocka_unit_test_setup(a_lost_table_s_places_go, start),
        cmocka_unit_test_setup(a_lost_table_s_dead_are_buried, start),
        cmocka_unit_test_setup(random_operations_lose_nothing, start),
        cmocka_unit_test_setup(reads_that_fail_harm_nothing, start),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
