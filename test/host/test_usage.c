/* sources: test/host/model_pager.c test/host/usage_properties.c src/usage/policy/lru.c */
/* The core with lru: properties under random operations, and what lru promises besides page-ins. */
#include "usage_properties.h"

#include "host.h"
#include <string.h>

static void module_names_itself(void **state)
{
    (void)state;
    assert_int_equal(usage_module.magic, USAGE_MAGIC);
    assert_int_equal(*usage_module.version, USAGE_VERSION);
    assert_string_equal(usage_module.name, "lru");
}

static void lists_records_and_blocks_agree(void **state)
{
    (void)state;
    usage_random_operations_all();
}

static void neighbours_go_together_and_clean_copies_are_kept(void **state)
{
    (void)state;
    assert_true(usage_sequential_passes(2500, 32768) >= 80);
    assert_true(usage_sequential_passes(1200, 8192) >= 80);
    assert_true(usage_sequential_passes(10240, 24576) >= 80);
}

/* A page that is used again and again never leaves, whatever streams past it. (At the first reclaim every accessed bit
 * is set and tells nothing.) */
static void a_hot_page_stays(void **state)
{
    (void)state;
    struct model_options o = {.pages = 4000, .frames = 500, .blocks = 5000, .water_low = 8, .water_high = 16};
    o.cluster = 16;
    model_start(&o);
    for (uint32_t page = 0; page < 4000; page++) {
        model_touch(page, true);
        uint32_t before = model_counts.page_ins;
        model_touch(page % 20, false);
        assert_true(page < 1000 || model_counts.page_ins == before);
    }
    model_end();
}

static void answers_keep_within_their_room(void **state)
{
    (void)state;
    struct model_options o = {
        .pages = 400, .frames = 500, .blocks = 500, .water_low = 8, .water_high = 16, .cluster = 1};
    for (uint32_t room = 1; room <= USAGE_ROOM; room++) {
        struct usage_action actions[USAGE_ROOM + 1];
        memset(actions, 0xEE, sizeof actions);
        struct usage_action untouched = actions[0];
        model_start(&o);
        for (uint32_t page = 0; page < 400; page++)
            model_touch(page, true);
        assert_true(usage_module.choose(USAGE_ZONE_ANY, 100, actions, room) <= room);
        assert_true(usage_module.clean_ahead(actions, room) <= room);
        assert_true(usage_module.spare_blocks(100, actions, room) <= room);
        assert_memory_equal(&actions[room], &untouched, sizeof untouched);
        model_end();
    }
}

#define WALKED 400u

/* One walk, `room` frames at a time: each page once, the first time in this order. */
static void walk(uint32_t room, bool in_order)
{
    frame_t frame[9];
    bool seen[WALKED] = {false};
    uint32_t n = room, count = 0;
    while (n == room) {
        n = usage_module.oldest(frame, room);
        for (uint32_t i = 0; i < n; i++, count++) {
            uint32_t page = record_page(frame_record(frame[i])).n;
            assert_true(page < WALKED && !seen[page] && (!in_order || page == count));
            seen[page] = true;
        }
    }
    assert_int_equal(count, WALKED);
}

/* From the oldest to the youngest, and none of them leaves its place; over several lists, too, and wherever an answer
 * ends. */
static void a_walk_names_each_page_once(void **state)
{
    (void)state;
    struct model_options o = {
        .pages = WALKED, .frames = 500, .blocks = 500, .water_low = 8, .water_high = 16, .cluster = 1};
    struct usage_action actions[USAGE_ROOM];
    model_start(&o);
    for (uint32_t page = 0; page < WALKED; page++)
        model_touch(page, true);
    for (uint32_t room = 1; room <= 9; room++)
        walk(room, true);
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t n = usage_module.choose(USAGE_ZONE_ANY, 16, actions, USAGE_ROOM);
        for (uint32_t k = 0; k < n; k++)
            if (actions[k].kind == USAGE_SAMPLE)
                usage_module.sampled(actions[k].frame, i % 2, false);
        for (uint32_t room = 1; room <= 9; room++)
            walk(room, false);
    }
    model_end();
}

/* What the kernel passes over (pinned, no block) must not be all that is ever offered. */
static void passed_over_is_not_offered_for_ever(void **state)
{
    (void)state;
    struct model_options o = {
        .pages = 400, .frames = 500, .blocks = 500, .water_low = 8, .water_high = 16, .cluster = 1};
    bool offered[500] = {false};
    uint32_t distinct = 0;
    model_start(&o);
    for (uint32_t page = 0; page < 400; page++)
        model_touch(page, true);
    for (uint32_t i = 0; i < 200; i++) {
        struct usage_action actions[USAGE_ROOM];
        uint32_t n = usage_module.choose(USAGE_ZONE_ANY, 16, actions, USAGE_ROOM);
        for (uint32_t k = 0; k < n; k++) {
            if (actions[k].kind == USAGE_SAMPLE)
                usage_module.sampled(actions[k].frame, false, true);
            else if (!offered[actions[k].frame.n])
                distinct += offered[actions[k].frame.n] = true;
        }
    }
    assert_int_equal(distinct, 400);
    usage_check_lists();
    model_end();
}

/* Every accessed bit of a machine that has just been filled is set: the first pages to go are found soon all the same. */
static void the_first_reclaim_is_short(void **state)
{
    (void)state;
    struct model_options o = {.pages = 20000, .frames = 20500, .blocks = 20000, .water_low = 8, .water_high = 16};
    o.cluster = 1;
    model_start(&o);
    for (uint32_t page = 0; page < 20000; page++)
        model_touch(page, true);
    model_reclaim(USAGE_ZONE_ANY, 64);
    assert_true(model_counts.taken >= 64);
    assert_true(model_counts.samples < 1000);
    model_end();
}

/* As with mapped pages, so on standby: those passed over make room for the others. */
static void standby_goes_round(void **state)
{
    (void)state;
    struct model_options o = {
        .pages = 900, .frames = 500, .blocks = 900, .water_low = 8, .water_high = 16, .cluster = 1};
    bool offered[500] = {false};
    uint32_t distinct = 0;
    model_start(&o);
    for (uint32_t page = 0; page < 900; page++)
        model_touch(page, true);
    uint32_t standby = frame_count(FRAME_STANDBY);
    assert_true(standby > 20);
    for (uint32_t i = 0; i < standby; i++) {
        struct usage_action actions[USAGE_ROOM];
        uint32_t n = usage_module.choose(USAGE_ZONE_ANY, 1, actions, USAGE_ROOM);
        for (uint32_t k = 0; k < n; k++) {
            if (actions[k].kind == USAGE_TAKE && !offered[actions[k].frame.n])
                distinct += offered[actions[k].frame.n] = true;
        }
    }
    assert_int_equal(distinct, standby);
    model_end();
}

/* However much is wanted at once: frames that are out are counted on before more is evicted. */
static void standby_stays_near_its_goal(void **state)
{
    (void)state;
    struct model_options o = {.pages = 6000, .frames = 2000, .blocks = 6600, .water_low = 72, .water_high = 134};
    o.cluster = 16;
    model_start(&o);
    for (uint32_t touch = 0; touch < 5 * o.pages; touch++) {
        model_touch(touch % o.pages, touch < o.pages);
        assert_in_range(frame_count(FRAME_STANDBY) + frame_count(FRAME_WRITING), 0, o.frames / 8 + 2 * o.cluster);
    }
    assert_true(frame_count(FRAME_STANDBY) > o.frames / 16);
    model_end();
}

/* The oldest quarter is written ahead, once, and again only when it is found dirty. */
static void old_pages_are_cleaned_ahead_once(void **state)
{
    (void)state;
    struct model_options o = {
        .pages = 400, .frames = 500, .blocks = 500, .water_low = 8, .water_high = 16, .cluster = 1};
    struct usage_action actions[USAGE_ROOM];
    model_start(&o);
    for (uint32_t page = 0; page < 400; page++)
        model_touch(page, true);
    for (uint32_t i = 0; i < 5; i++)
        model_clean_ahead();
    assert_int_equal(model_counts.cleaned, 100);
    assert_int_equal(usage_module.clean_ahead(actions, USAGE_ROOM), 0);
    usage_module.sampled((frame_t){7}, false, true); /* frame 7 is among the oldest */
    assert_int_equal(usage_module.clean_ahead(actions, USAGE_ROOM), 1);
    assert_int_equal(actions[0].frame.n, 7);
    assert_int_equal(actions[0].kind, USAGE_CLEAN);
    model_end();
}

/* The one low page that can go lies behind thousands of page tables. */
static void low_frames_are_found_behind_tables(void **state)
{
    (void)state;
    enum { FRAMES = 12000, LOW_END = 9000, PAGE_AT = 8500 };
    static struct frame_record records[FRAMES];
    const struct usage_setup setup = {records, FRAMES, LOW_END, FRAMES};
    struct usage_action actions[USAGE_ROOM];
    for (uint32_t n = 0; n < FRAMES; n++) {
        record_set_block(&records[n], BLOCK_NONE);
        record_set_state(&records[n], n < LOW_END ? FRAME_TABLE : FRAME_MAPPED);
    }
    usage_module.start(&setup);
    for (uint32_t n = LOW_END; n < FRAMES; n++)
        usage_module.inserted((frame_t){n}, USAGE_ZERO_FILL, USAGE_DISTANCE_UNKNOWN);
    assert_int_equal(usage_module.choose(USAGE_ZONE_LOW, 8, actions, USAGE_ROOM), 0);
    record_set_state(&records[PAGE_AT], FRAME_MAPPED);
    usage_module.inserted((frame_t){PAGE_AT}, USAGE_ZERO_FILL, USAGE_DISTANCE_UNKNOWN);
    for (uint32_t i = 0; i < 4; i++) { /* wherever the last answer left off */
        assert_int_equal(usage_module.choose(USAGE_ZONE_LOW, 8, actions, USAGE_ROOM), 1);
        assert_int_equal(actions[0].kind, USAGE_EVICT);
        assert_int_equal(actions[0].frame.n, PAGE_AT);
    }
}

static void wrong_events_are_caught(void **state)
{
    (void)state;
    struct model_options o = {.pages = 40, .frames = 50, .blocks = 50, .water_low = 4, .water_high = 8, .cluster = 1};
    model_start(&o);
    model_touch(0, true);
    expect_assert_failure(usage_module.soft_touched((frame_t){0})); /* mapped */
    expect_assert_failure(usage_module.evicted((frame_t){1}));      /* free */
    usage_module.removed((frame_t){1});                             /* not in the order: nothing happens */
    usage_module.sampled((frame_t){1}, true, true);
    usage_check_lists();
    model_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(module_names_itself),
        cmocka_unit_test(lists_records_and_blocks_agree),
        cmocka_unit_test(neighbours_go_together_and_clean_copies_are_kept),
        cmocka_unit_test(a_hot_page_stays),
        cmocka_unit_test(answers_keep_within_their_room),
        cmocka_unit_test(a_walk_names_each_page_once),
        cmocka_unit_test(passed_over_is_not_offered_for_ever),
        cmocka_unit_test(the_first_reclaim_is_short),
        cmocka_unit_test(standby_goes_round),
        cmocka_unit_test(standby_stays_near_its_goal),
        cmocka_unit_test(old_pages_are_cleaned_ahead_once),
        cmocka_unit_test(low_frames_are_found_behind_tables),
        cmocka_unit_test(wrong_events_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
