#include "servers/file/index.h"
#include "host.h"
#include "random.h"
/* sources: src/servers/file/index.c */

#define SLOTS 300u
#define KEYS 500u

static struct index index_;
static uint32_t model[SLOTS]; /* the key of each slot */

/* Some keys differ in their volume alone, or in how many bytes count. */
static index_key_t wide(uint32_t key) { return index_key(1 + key % 3, key / 12, key / 3 % 4 * 1000); }

static uint32_t model_find(uint32_t key)
{
    for (uint32_t i = 0; i < SLOTS; i++)
        if (model[i] == key)
            return i;
    return INDEX_NONE;
}

static void agree(void)
{
    for (uint32_t key = 0; key < KEYS; key++)
        assert_int_equal(index_find(&index_, wide(key)), model_find(key));
}

static void taken_slots_are_side_by_side_and_empty(void **state)
{
    (void)state;
    uint32_t hand = 0;
    random_state = 3;
    assert_int_equal(index_start(&index_, SLOTS), OK);
    for (uint32_t i = 0; i < SLOTS; i++)
        model[i] = INDEX_NONE;
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t n = 1 + below(64);
        if (n > SLOTS - hand)
            hand = 0;
        uint32_t first = index_take(&index_, n);
        assert_int_equal(first, hand);
        hand += n;
        for (uint32_t i = first; i < first + n; i++) {
            uint32_t key = below(KEYS);
            model[i] = INDEX_NONE;
            if (index_find(&index_, wide(key)) == INDEX_NONE) {
                index_set(&index_, i, wide(key));
                model[i] = key;
            }
        }
        uint32_t one = below(SLOTS);
        index_forget(&index_, one);
        model[one] = INDEX_NONE;
        if (round % 50 == 0)
            agree();
    }
    agree();
    index_end(&index_);
}

static void a_slot_is_set_once(void **state)
{
    (void)state;
    assert_int_equal(index_start(&index_, 1), OK);
    assert_int_equal(index_find(&index_, 0), INDEX_NONE);
    assert_int_equal(index_take(&index_, 1), 0);
    index_set(&index_, 0, 0xF0000007u);
    assert_int_equal(index_find(&index_, 0xF0000007u), 0);
    expect_assert_failure(index_set(&index_, 0, 5));
    expect_assert_failure((void)index_take(&index_, 2));
    assert_int_equal(index_take(&index_, 1), 0);
    assert_int_equal(index_find(&index_, 0xF0000007u), INDEX_NONE);
    index_end(&index_);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_slots_are_side_by_side_and_empty),
        cmocka_unit_test(a_slot_is_set_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
