/* sources: src/kernel/frames/frames.c src/kernel/frames/frames_run.c src/kernel/frames/frames_start.c */
/* The frame room against a plain model: memory maps, single frames, runs, zeroing, and random operations. */
#include "kernel/frames/frames.h"

#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 2048u
#define LOW_END 1024u

static struct frame_record records[FRAMES];

static struct frame_map plain_map(void)
{
    struct frame_map map = {.limit = FRAMES};
    map.ram[0] = (struct frame_range){0, 159};
    map.ram[1] = (struct frame_range){256, 1900};
    map.ram[2] = (struct frame_range){1950, 4000}; /* beyond the limit */
    map.ram_count = 3;
    map.taken[0] = (struct frame_range){0, 1};
    map.taken[1] = (struct frame_range){256, 300};
    map.taken[2] = (struct frame_range){290, 310}; /* overlaps, and a hole is no RAM even when it is taken */
    map.taken[3] = (struct frame_range){1890, 1960};
    map.taken_count = 4;
    return map;
}

static struct frame_range start(void)
{
    struct frame_map map = plain_map();
    struct frame_range where = {0, 0};
    memset(records, 0xA5, sizeof records);
    assert_int_equal(frames_place_records(&map, LOW_END, &where), OK);
    frames_start(&map, LOW_END, records, where);
    return where;
}

static void map_is_honoured(void **state)
{
    (void)state;
    struct frame_range where = start();
    assert_int_equal(where.first, 1);
    assert_int_equal(where.end, 1 + FRAMES * 16 / PAGE_BYTES);
    assert_int_equal(frame_end(), FRAMES);
    assert_int_equal(frame_count_ram(), 159 + 1644 + 98);
    assert_int_equal(frame_count(FRAME_RECORDS), 8);
    assert_int_equal(frame_count(FRAME_KERNEL), 1 + 54 + 10 + 10);
    assert_int_equal(frame_count(FRAME_FREE), 159 + 1644 + 98 - 8 - 75);
    assert_int_equal(frame_count_free(FRAME_USE_LOW), 159 - 9 + LOW_END - 310);
    assert_true(frame_is_ram((frame_t){158}));
    assert_false(frame_is_ram((frame_t){159}));
    assert_false(frame_is_ram((frame_t){FRAMES}));
    assert_false(frame_is_ram(FRAME_NONE));
}

static void records_move_past_what_is_taken(void **state)
{
    (void)state;
    struct frame_map map = plain_map();
    struct frame_range where = {7, 7};
    map.taken[map.taken_count++] = (struct frame_range){4, 155};
    assert_int_equal(frames_place_records(&map, LOW_END, &where), OK);
    assert_int_equal(where.first, 310);
    assert_int_equal(frames_place_records(&map, 312, &where), ERR_MEMORY);
    map.ram_count = 0;
    assert_int_equal(frames_place_records(&map, LOW_END, &where), ERR_MEMORY);
}

static void zones_and_exhaustion(void **state)
{
    (void)state;
    start();
    frame_t frame;
    bool zeroed;
    uint32_t high = frame_count_free(FRAME_USE_USER) - frame_count_free(FRAME_USE_LOW);
    for (uint32_t i = 0; i < high; i++) {
        assert_int_equal(frame_take(FRAME_USE_USER, FRAME_MAPPED, &frame, &zeroed), OK);
        assert_true(frame.n >= LOW_END);
    }
    while (frame_count_free(FRAME_USE_LOW) > 0) {
        assert_int_equal(frame_take(FRAME_USE_USER, FRAME_MAPPED, &frame, &zeroed), OK);
        assert_true(frame.n < LOW_END);
    }
    assert_int_equal(frame_take(FRAME_USE_USER, FRAME_MAPPED, &frame, &zeroed), ERR_MEMORY);
    frame_return((frame_t){1500});
    assert_int_equal(frame_take(FRAME_USE_LOW, FRAME_TABLE, &frame, &zeroed), ERR_MEMORY);
    assert_int_equal(frame_take(FRAME_USE_USER, FRAME_MAPPED, &frame, &zeroed), OK);
    assert_int_equal(frame.n, 1500);
}

static void a_taken_record_is_blank(void **state)
{
    (void)state;
    start();
    frame_t frame;
    bool zeroed;
    assert_int_equal(frame_take(FRAME_USE_LOW, FRAME_TABLE, &frame, &zeroed), OK);
    struct frame_record *r = frame_record(frame);
    assert_int_equal(record_state(r), FRAME_TABLE);
    assert_false(record_has_block(r));
    assert_int_equal(record_flags(r) | record_space(r) | record_page(r).n | record_policy(r) | record_count(r), 0);
    record_raise(r, FRAME_DIRTY);
    record_set_space(r, 9);
    frame_return(frame);
    assert_int_equal(frame_take(FRAME_USE_LOW, FRAME_MAPPED, &frame, &zeroed), OK);
    assert_int_equal(record_flags(r) | record_space(r), 0);
}

static void zeroing_ahead(void **state)
{
    (void)state;
    start();
    frame_t frame, taken;
    bool zeroed;
    assert_int_equal(frame_take(FRAME_USE_USER, FRAME_MAPPED, &taken, &zeroed), OK);
    assert_false(zeroed);
    assert_int_equal(frame_take_unzeroed(&frame), OK);
    frame_put_zeroed(frame);
    assert_int_equal(frame_count(FRAME_ZEROED), 1);
    assert_int_equal(frame_take(FRAME_USE_USER, FRAME_MAPPED, &taken, &zeroed), OK);
    assert_int_equal(taken.n, frame.n);
    assert_true(zeroed);
    frame_return(taken);
    while (frame_take_unzeroed(&frame) == OK)
        frame_put_zeroed(frame);
    assert_int_equal(frame_count(FRAME_FREE), 0);
}

static void runs_are_aligned_and_below_the_limit(void **state)
{
    (void)state;
    start();
    frame_t first;
    assert_int_equal(frame_take_run(16, 16, 159, FRAME_LOCKED, &first), OK);
    assert_int_equal(first.n, 128);
    assert_int_equal(frame_take_run(16, 1, 159, FRAME_LOCKED, &first), OK);
    assert_int_equal(first.n, 112); /* 144 … 158 are free, but only 15 */
    assert_int_equal(frame_take_run(200, 1, 159, FRAME_LOCKED, &first), ERR_MEMORY);
    assert_int_equal(frame_take_run(0, 1, 159, FRAME_LOCKED, &first), ERR_RANGE);
    assert_int_equal(frame_take_run(0xFFFFFFFFu, 1, 0xFFFFFFFFu, FRAME_LOCKED, &first), ERR_MEMORY);
    assert_int_equal(frame_take_run(1580, 1, FRAME_COUNT_MAX, FRAME_LOCKED, &first), OK);
    assert_int_equal(first.n, 310);
    assert_int_equal(frame_count(FRAME_LOCKED), 1612);
}

static void boot_memory_comes_back(void **state)
{
    (void)state;
    start();
    uint32_t before = frame_count(FRAME_FREE);
    frame_return_range((struct frame_range){1880, 4000}); /* holes and free frames in it stay as they are */
    assert_int_equal(frame_count(FRAME_FREE), before + 20);
    assert_int_equal(frame_count(FRAME_KERNEL), 55);
}

static void wrong_use_is_caught(void **state)
{
    (void)state;
    start();
    expect_assert_failure(frame_return((frame_t){400}));
    expect_assert_failure(frame_return((frame_t){200}));
    expect_assert_failure(frame_set_state((frame_t){400}, FRAME_MAPPED));
    expect_assert_failure(frame_set_state((frame_t){0}, FRAME_FREE));
    expect_assert_failure(frame_put_zeroed((frame_t){400}));
    expect_assert_failure(frame_record((frame_t){FRAMES}));
}

/* The model: what each frame should be; the room must agree with it after every operation. */
static enum frame_state model[FRAMES];

static bool model_free(uint32_t n) { return model[n] == FRAME_FREE || model[n] == FRAME_ZEROED; }

static bool model_has_run(uint32_t count, uint32_t align, uint32_t limit)
{
    for (uint32_t first = 0; first + count <= limit && first + count <= FRAMES; first += align) {
        uint32_t n = 0;
        while (n < count && model_free(first + n))
            n++;
        if (n == count)
            return true;
    }
    return false;
}

static void random_take(void)
{
    enum frame_use use = below(2) ? FRAME_USE_USER : FRAME_USE_LOW;
    uint32_t low = 0, high = 0;
    for (uint32_t n = 0; n < FRAMES; n++)
        *(n < LOW_END ? &low : &high) += model_free(n);
    frame_t frame;
    bool zeroed;
    err_t e = frame_take(use, FRAME_MAPPED, &frame, &zeroed);
    assert_int_equal(e, low > 0 || (use == FRAME_USE_USER && high > 0) ? OK : ERR_MEMORY);
    if (e != OK)
        return;
    assert_true(model_free(frame.n));
    assert_int_equal(zeroed, model[frame.n] == FRAME_ZEROED);
    assert_int_equal(frame.n < LOW_END, use == FRAME_USE_LOW || high == 0);
    model[frame.n] = FRAME_MAPPED;
}

static void random_run(void)
{
    uint32_t count = 1 + below(24), align = 1u << below(5), limit = below(FRAMES + 64);
    frame_t first;
    err_t e = frame_take_run(count, align, limit, FRAME_LOCKED, &first);
    assert_int_equal(e, model_has_run(count, align, limit) ? OK : ERR_MEMORY);
    if (e != OK)
        return;
    assert_true(first.n % align == 0 && first.n + count <= limit);
    for (uint32_t n = first.n; n < first.n + count; n++) {
        assert_true(model_free(n));
        model[n] = FRAME_LOCKED;
    }
}

static void random_return(void)
{
    uint32_t n = below(FRAMES);
    if (model[n] == FRAME_NOT_RAM || model_free(n))
        return;
    if (below(4) == 0) {
        frame_set_state((frame_t){n}, FRAME_ORPHAN);
        model[n] = FRAME_ORPHAN;
        return;
    }
    frame_return((frame_t){n});
    model[n] = FRAME_FREE;
}

static void random_zero(void)
{
    frame_t frame;
    if (frame_take_unzeroed(&frame) != OK) {
        for (uint32_t n = 0; n < FRAMES; n++)
            assert_true(model[n] != FRAME_FREE);
        return;
    }
    assert_int_equal(model[frame.n], FRAME_FREE);
    frame_put_zeroed(frame);
    model[frame.n] = FRAME_ZEROED;
}

static void compare(void)
{
    uint32_t count[FRAME_STATE_COUNT] = {0}, low = 0;
    for (uint32_t n = 0; n < FRAMES; n++) {
        assert_int_equal(record_state(frame_record((frame_t){n})), model[n]);
        count[model[n]]++;
        low += n < LOW_END && model_free(n);
    }
    for (uint32_t s = FRAME_FREE; s < FRAME_STATE_COUNT; s++)
        assert_int_equal(frame_count((enum frame_state)s), count[s]);
    assert_int_equal(frame_count_free(FRAME_USE_LOW), low);
    assert_int_equal(frame_count_free(FRAME_USE_USER), count[FRAME_FREE] + count[FRAME_ZEROED]);
}

static void random_operations_agree_with_the_model(void **state)
{
    (void)state;
    random_state = 1;
    start();
    for (uint32_t n = 0; n < FRAMES; n++)
        model[n] = record_state(frame_record((frame_t){n}));
    for (uint32_t i = 0; i < 40000; i++) {
        uint32_t what = below(i / 4000 % 2 ? 64 : 16); /* phases that fill, phases that drain */
        if (what < 6)
            random_take();
        else if (what < 7)
            random_run();
        else if (what < 9)
            random_zero();
        else
            random_return();
        if (i % 64 == 0)
            compare();
    }
    compare();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_is_honoured),
        cmocka_unit_test(records_move_past_what_is_taken),
        cmocka_unit_test(zones_and_exhaustion),
        cmocka_unit_test(a_taken_record_is_blank),
        cmocka_unit_test(zeroing_ahead),
        cmocka_unit_test(runs_are_aligned_and_below_the_limit),
        cmocka_unit_test(boot_memory_comes_back),
        cmocka_unit_test(wrong_use_is_caught),
        cmocka_unit_test(random_operations_agree_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
