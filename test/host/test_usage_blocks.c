/* sources: src/usage/core/[!t]*.c src/usage/policy/fifo.c */
/* The block map against a plain array: no block twice, runs consecutive, double frees reported. */
#include "kernel/usage/contract.h"

#include "host.h"
#include "random.h"
#include <string.h>

extern const struct usage_module usage_module;

#define BLOCKS_MAX 3001u
static uint32_t map[2 * ((BLOCKS_MAX + 31) / 32)];
static bool model[BLOCKS_MAX], stale[BLOCKS_MAX]; /* taken; free, and not discarded since it was freed */

static void start(uint32_t blocks)
{
    memset(map, 0, sizeof map);
    memset(model, 0, sizeof model);
    memset(stale, 0, sizeof stale);
    assert_true(usage_module.map_bytes(blocks) <= sizeof map);
    usage_module.map_start(blocks, map);
}

static uint32_t take(uint32_t want, uint32_t blocks, block_t *first)
{
    uint32_t got = usage_module.block_take(want, first);
    assert_true(got <= want);
    for (uint32_t i = 0; i < got; i++) {
        assert_true(first->n + i < blocks);
        assert_false(model[first->n + i]);
        model[first->n + i] = true;
        stale[first->n + i] = false;
    }
    return got;
}

/* Blocks being discarded are taken; afterwards they are free, and are not discarded again. */
static void discard(uint32_t want, uint32_t blocks, uint32_t used)
{
    block_t first;
    uint32_t got = usage_module.discard_begin(want, &first);
    assert_true(got <= want);
    assert_int_equal(usage_module.blocks_used(), used + got);
    for (uint32_t i = 0; i < got; i++) {
        assert_true(first.n + i < blocks && stale[first.n + i] && !model[first.n + i]);
        assert_true(usage_module.block_taken((block_t){first.n + i}));
        usage_module.discard_end((block_t){first.n + i});
        assert_false(usage_module.block_taken((block_t){first.n + i}));
        stale[first.n + i] = false;
    }
    for (uint32_t n = 0; got == 0 && want > 0 && n < blocks; n++)
        assert_false(stale[n]);
}

static void takes_in_order_and_to_the_last(void **state)
{
    (void)state;
    block_t first;
    start(100);
    for (uint32_t at = 0; at < 96; at += 16) {
        assert_int_equal(take(16, 100, &first), 16);
        assert_int_equal(first.n, at);
    }
    assert_int_equal(take(16, 100, &first), 4);
    assert_int_equal(take(1, 100, &first), 0);
    assert_int_equal(usage_module.blocks_used(), 100);
    assert_int_equal(usage_module.block_take(0, &first), 0);
}

static void a_whole_run_is_preferred(void **state)
{
    (void)state;
    block_t first;
    start(256);
    while (take(16, 256, &first) > 0) {
    }
    for (uint32_t n = 0; n < 128; n += 3)
        assert_true(usage_module.block_free((block_t){n}));
    for (uint32_t n = 200; n < 216; n++)
        assert_true(usage_module.block_free((block_t){n}));
    assert_int_equal(usage_module.block_take(16, &first), 1); /* the next runs are all single: one of them */
    for (uint32_t n = 60; n < 128; n += 3)
        assert_int_equal(usage_module.block_take(1, &first), 1);
    assert_int_equal(usage_module.block_take(16, &first), 16);
    assert_int_equal(first.n, 200);
}

static void wrong_frees_are_reported(void **state)
{
    (void)state;
    block_t first;
    start(64);
    assert_false(usage_module.block_free((block_t){0}));
    assert_int_equal(take(2, 64, &first), 2);
    assert_true(usage_module.block_free(first));
    assert_false(usage_module.block_free(first));
    assert_false(usage_module.block_free((block_t){64}));
    assert_false(usage_module.block_free(BLOCK_NONE));
    assert_int_equal(usage_module.blocks_used(), 1);
    assert_false(usage_module.block_taken((block_t){64}));
    start(0);
    assert_int_equal(usage_module.block_take(1, &first), 0);
}

static void random_operations_agree_with_the_model(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 31, 32, 33, 1000, BLOCKS_MAX};
    for (uint32_t s = 0; s < 6; s++) {
        uint32_t blocks = sizes[s], used = 0;
        random_state = s + 1;
        start(blocks);
        for (uint32_t i = 0; i < 60000; i++) {
            block_t block = {below(blocks)};
            if (below(i / 5000 % 2 ? 24 : 8) == 0) {
                uint32_t want = 1 + below(16), got = take(want, blocks, &block);
                assert_true(got > 0 || used == blocks);
                used += got;
            } else {
                assert_int_equal(usage_module.block_taken(block), model[block.n]);
                assert_int_equal(usage_module.block_free(block), model[block.n]);
                used -= model[block.n];
                stale[block.n] = stale[block.n] || model[block.n];
                model[block.n] = false;
            }
            if (below(12) == 0)
                discard(below(9), blocks, used);
            assert_int_equal(usage_module.blocks_used(), used);
        }
    }
}

static void what_was_freed_is_discarded_once(void **state)
{
    (void)state;
    block_t first;
    start(64);
    assert_int_equal(usage_module.discard_begin(8, &first), 0); /* never used: nothing to tell */
    assert_int_equal(take(10, 64, &first), 10);
    for (uint32_t n = 2; n < 8; n++)
        assert_true(usage_module.block_free((block_t){n}));
    assert_int_equal(usage_module.discard_begin(4, &first), 4);
    assert_int_equal(first.n, 2);
    assert_false(usage_module.block_free((block_t){9}) && usage_module.block_free((block_t){9}));
    assert_int_equal(usage_module.discard_begin(8, &first), 2); /* the run ends where blocks are taken */
    assert_int_equal(first.n, 6);
    assert_int_equal(usage_module.discard_begin(8, &first), 1);
    assert_int_equal(first.n, 9);
    assert_int_equal(usage_module.discard_begin(8, &first), 0);
    usage_module.discard_end((block_t){9});
    expect_assert_failure(usage_module.discard_end((block_t){9}));
}

/* A block that is written again is of use again. */
static void what_is_taken_again_is_not_discarded(void **state)
{
    (void)state;
    block_t first;
    start(8);
    assert_int_equal(take(8, 8, &first), 8);
    for (uint32_t n = 0; n < 8; n++)
        assert_true(usage_module.block_free((block_t){n}));
    assert_int_equal(usage_module.block_take(8, &first), 8);
    assert_int_equal(usage_module.discard_begin(8, &first), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_in_order_and_to_the_last),   cmocka_unit_test(a_whole_run_is_preferred),
        cmocka_unit_test(wrong_frees_are_reported),         cmocka_unit_test(random_operations_agree_with_the_model),
        cmocka_unit_test(what_was_freed_is_discarded_once), cmocka_unit_test(what_is_taken_again_is_not_discarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
