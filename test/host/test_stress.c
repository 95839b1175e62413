/* sources: src/apps/stress/walk.c src/apps/stress/page.c */
#include "apps/stress/page.h"
#include "apps/stress/walk.h"
#include "host.h"
#include <string.h>

#define SEEDS 5u

static uint32_t seen[5000];

static uint32_t walk_count(enum pattern pattern, uint32_t pages, uint32_t seed)
{
    struct walk walk;
    uint32_t page, different = 0;
    memset(seen, 0, sizeof(seen));
    walk_start(&walk, pattern, pages, seed);
    while (walk_next(&walk, &page)) {
        assert_true(page < pages);
        different += seen[page]++ == 0;
    }
    return different;
}

static void every_walk_but_zipf_visits_every_page(void **state)
{
    (void)state;
    static const uint32_t pages[] = {1, 2, 3, 7, 8, 9, 63, 64, 65, 1000, 4096, 4999};
    for (uint32_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        for (enum pattern pattern = PATTERN_SEQ; pattern <= PATTERN_SCAN_HOT; pattern++) {
            uint32_t different = walk_count(pattern, pages[i], i + 1);
            assert_true(pattern == PATTERN_ZIPF ? different > 0 : different == pages[i]);
        }
}

static void random_visits_once_and_not_in_order(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        struct walk walk;
        uint32_t page, in_place = 0, i = 0;
        assert_int_equal(walk_count(PATTERN_RANDOM, 4096, seed), 4096);
        walk_start(&walk, PATTERN_RANDOM, 4096, seed);
        for (; walk_next(&walk, &page); i++)
            in_place += page == i;
        assert_int_equal(i, 4096);
        assert_true(in_place < 20);
    }
}

static void zipf_has_favourites(void **state)
{
    (void)state;
    uint32_t different = walk_count(PATTERN_ZIPF, 4096, 1), largest = 0;
    for (uint32_t i = 0; i < 4096; i++)
        largest = seen[i] > largest ? seen[i] : largest;
    assert_true(different > 1000 && different < 3000);
    assert_true(largest > 200);
}

static uint32_t page[PAGE_WORDS];
static const struct page_key key = {1, 2, 3, 4};

static void any_wrong_word_is_found(void **state)
{
    (void)state;
    struct page_fault fault;
    page_fill(page, &key);
    assert_true(page_check(page, &key, &fault));
    for (uint32_t i = 0; i < PAGE_WORDS; i++) {
        page[i] ^= 1u << i % 32;
        assert_false(page_check(page, &key, &fault));
        assert_int_equal(fault.word, i);
        page[i] ^= 1u << i % 32;
    }
    memset(page, 0, sizeof(page));
    assert_false(page_check(page, &key, &fault));
}

static void stale_and_foreign_pages_are_found(void **state)
{
    (void)state;
    static const struct page_key other[] = {{2, 2, 3, 4}, {1, 1, 3, 4}, {1, 2, 2, 4}, {1, 2, 3, 3}};
    struct page_fault fault;
    for (uint32_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        page_fill(page, &other[i]);
        assert_false(page_check(page, &key, &fault));
        memset(page, 0, sizeof(page));
        sparse_fill(page, &other[i]);
        assert_false(sparse_check(page, &key, &fault));
    }
}

static void sparse_pages_hold_one_word(void **state)
{
    (void)state;
    struct page_fault fault;
    memset(page, 0, sizeof(page));
    sparse_fill(page, &key);
    assert_true(sparse_check(page, &key, &fault));
    page[1000] = 1;
    assert_false(sparse_check(page, &key, &fault));
    assert_int_equal(fault.word, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_walk_but_zipf_visits_every_page),
        cmocka_unit_test(random_visits_once_and_not_in_order),
        cmocka_unit_test(zipf_has_favourites),
        cmocka_unit_test(any_wrong_word_is_found),
        cmocka_unit_test(stale_and_foreign_pages_are_found),
        cmocka_unit_test(sparse_pages_hold_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
