/* sources: src/kernel/linear/space.c src/kernel/linear/own.c test/host/fake_paging.c */
/* A master and the own spaces of three threads against a plain model: which frame each thread must reach at each page.
 * Tables come and go, pages move between the spaces, and the processor (with a TLB that believes itself) runs on one
 * directory after the other: it may never see another thread's page, or what a table showed that is gone. */
#include "kernel/linear/linear.h"

#include "fake_paging.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 32u
#define OWN 3u
#define SPACES (OWN + 1) /* space 0 is the master */
#define SPANS 2u         /* in use, of process space and of thread space */
#define OPERATIONS 80000u
#define PROCESS_END ((USER_DIRECTORY_ENTRIES - SPANS) * TABLE_ENTRIES)

static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static struct space spaces[SPACES];
static frame_t free_frames[FRAMES];
static uint32_t free_count;

/* Frame of each page of the spans, 0: none. The master's are process space, the others' thread space. */
static struct {
    bool table;
    uint32_t frame[TABLE_ENTRIES];
} model[SPACES][SPANS];

static page_t page_of(uint32_t s, uint32_t span, uint32_t i)
{
    return (page_t){(s ? PROCESS_END : 0) + span * TABLE_ENTRIES + i};
}

static pte_t entry_for(uint32_t frame)
{
    return frame ? pte_make(ENTRY_NORMAL, (frame_t){frame}, (struct protection){.write = true, .user = true})
                 : pte_none();
}

static void table_come(uint32_t s, uint32_t span)
{
    if (model[s][span].table)
        return;
    space_table_install(&spaces[s], page_of(s, span, 0), free_frames[--free_count]);
    memset(&model[s][span], 0, sizeof model[s][span]);
    model[s][span].table = true;
}

static void table_go(uint32_t s, uint32_t span)
{
    frame_t table;
    for (uint32_t i = 0; model[s][span].table && i < TABLE_ENTRIES; i++)
        space_exchange(&spaces[s], page_of(s, span, i), pte_none());
    bool had = space_table_remove(&spaces[s], page_of(s, span, 0), ENTRY_NONE, &table);
    assert_int_equal(had, model[s][span].table);
    if (had) {
        memset(frame_pointer(table), 0xFF, PAGE_BYTES); /* whoever still looks there finds present entries */
        free_frames[free_count++] = table;
    }
    memset(&model[s][span], 0, sizeof model[s][span]);
}

static void page_put(uint32_t s, uint32_t span, uint32_t i)
{
    table_come(s, span);
    uint32_t frame = below(3) ? 1 + below(FRAME_COUNT_MAX - 1) : 0;
    pte_t was = space_exchange(&spaces[s], page_of(s, span, i), entry_for(frame));
    assert_int_equal(pte_present(was) ? pte_frame(was).n : 0, model[s][span].frame[i]);
    model[s][span].frame[i] = frame;
}

static void page_move(uint32_t s, uint32_t span, uint32_t i)
{
    uint32_t to = below(SPACES), to_span = below(SPANS), to_i = below(8);
    if (!model[s][span].frame[i] || !model[to][to_span].table || model[to][to_span].frame[to_i])
        return;
    pte_t moved = space_exchange(&spaces[s], page_of(s, span, i), pte_none());
    pte_t was = space_exchange(&spaces[to], page_of(to, to_span, to_i), moved);
    assert_int_equal(pte_kind(moved), ENTRY_NORMAL);
    assert_int_equal(pte_kind(was), ENTRY_NONE);
    model[to][to_span].frame[to_i] = pte_frame(moved).n;
    assert_int_equal(pte_frame(moved).n, model[s][span].frame[i]);
    model[s][span].frame[i] = 0;
}

/* A thread touches a page of process space or of its own, as processor and fault handler do it together. */
static void touch(uint32_t thread, bool own, uint32_t span, uint32_t i)
{
    uint32_t s = own ? thread : 0, frame = model[s][span].frame[i];
    page_t page = page_of(s, span, i);
    space_load(&spaces[thread]);
    bool reached = fake_access(page, true);
    if (!reached && !own) {
        space_see_master(&spaces[thread], page);
        reached = fake_access(page, true);
    }
    assert_int_equal(reached, frame != 0);
    if (reached)
        assert_int_equal(pte_frame(space_entry(&spaces[s], page, NULL)).n, frame);
}

static void check(void)
{
    uint32_t tables = 0;
    assert_int_equal(fake_stale().n, USER_PAGES);
    for (uint32_t s = 0; s < SPACES; s++) {
        tables += spaces[s].tables;
        for (uint32_t span = 0; s && span < USER_DIRECTORY_ENTRIES - SPANS; span++)
            assert_true(space_copy_is_right(&spaces[s], (page_t){span * TABLE_ENTRIES}));
    }
    assert_int_equal(free_count + tables, FRAMES - SPACES);
}

static void start(void)
{
    fake_paging_start(memory, FRAMES);
    memset(model, 0, sizeof model);
    random_state = 1;
    free_count = 0;
    for (uint32_t n = SPACES; n < FRAMES; n++)
        free_frames[free_count++] = (frame_t){n};
    space_start(&spaces[0], (frame_t){0}, 1);
    spaces[0].process_end = (page_t){PROCESS_END};
    spaces[0].overcommit = true;
    for (uint32_t s = 1; s < SPACES; s++)
        space_start_own(&spaces[s], &spaces[0], (frame_t){s}, s + 1);
    space_load(&spaces[0]);
}

static void threads_see_what_the_model_says(void **state)
{
    (void)state;
    start();
    for (uint32_t n = 0; n < OPERATIONS; n++) {
        uint32_t s = below(SPACES), span = below(SPANS), i = below(8), what = below(32);
        if (what < 1)
            table_go(s, span);
        else if (what < 8)
            page_put(s, span, i);
        else if (what < 10)
            page_move(s, span, i);
        else
            touch(1 + below(OWN), below(2), span, i);
        check();
    }
    for (uint32_t s = SPACES; s-- > 0;) {
        table_go(s, 0);
        table_go(s, 1);
        if (s)
            space_end(&spaces[s]);
    }
    space_end(&spaces[0]);
}

static void own_spaces_take_after_their_master(void **state)
{
    (void)state;
    start();
    assert_true(spaces[1].overcommit && !spaces[1].allocate_by_default);
    assert_int_equal(spaces[1].process_end.n, PROCESS_END);
    assert_int_equal(space_area_end(&spaces[0], (page_t){5}).n, PROCESS_END);
    assert_int_equal(space_area_end(&spaces[1], (page_t){PROCESS_END}).n, USER_PAGES);
    assert_true(space_protection(&spaces[1], (page_t){PROCESS_END}).write);
}

static void wrong_use_is_caught(void **state)
{
    (void)state;
    start();
    expect_assert_failure(space_directory_entry(&spaces[1], (page_t){0}));
    expect_assert_failure(space_table_install(&spaces[0], (page_t){PROCESS_END}, (frame_t){9}));
    expect_assert_failure(space_see_master(&spaces[0], (page_t){0}));
    expect_assert_failure(space_see_master(&spaces[1], (page_t){PROCESS_END}));
    expect_assert_failure(space_end(&spaces[0]));
    space_table_install(&spaces[0], (page_t){0}, (frame_t){9});
    expect_assert_failure(space_table_install(&spaces[0], (page_t){1}, (frame_t){10}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_see_what_the_model_says),
        cmocka_unit_test(own_spaces_take_after_their_master),
        cmocka_unit_test(wrong_use_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
