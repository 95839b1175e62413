#include "common/bitmap.h"
#include "host.h"
#include <stdlib.h>

#define BITS 150u /* four whole words and a piece of one */

/* A map beside an array of bools that is its model. */
struct pair {
    uint32_t map[BITMAP_WORDS(BITS)];
    bool model[BITS];
};

static uint32_t model_find(const struct pair *p, uint32_t from, bool value)
{
    while (from < BITS && p->model[from] != value)
        from++;
    return from < BITS ? from : BITS;
}

static uint32_t model_find_clear_run(const struct pair *p, uint32_t from, uint32_t count)
{
    for (; from + count <= BITS; from++) {
        uint32_t length = 0;
        while (length < count && !p->model[from + length])
            length++;
        if (length == count)
            return from;
    }
    return BITS;
}

static void change_at_random(struct pair *p)
{
    uint32_t first = (uint32_t)rand() % BITS, most = BITS - first;
    uint32_t count = (uint32_t)rand() % (most < 40 ? most + 1 : 40);
    bool value = rand() % 2;
    if (value)
        bitmap_set_range(p->map, first, count);
    else
        bitmap_clear_range(p->map, first, count);
    for (uint32_t i = 0; i < count; i++)
        p->model[first + i] = value;
}

static void compare(const struct pair *p)
{
    for (uint32_t bit = 0; bit < BITS; bit++) {
        assert_int_equal(bitmap_get(p->map, bit), p->model[bit]);
        assert_int_equal(bitmap_find(p->map, BITS, bit, true), model_find(p, bit, true));
        assert_int_equal(bitmap_find(p->map, BITS, bit, false), model_find(p, bit, false));
        uint32_t run = model_find(p, bit, !p->model[bit]) - bit;
        assert_int_equal(bitmap_run(p->map, BITS, bit, p->model[bit], BITS), run);
        assert_int_equal(bitmap_run(p->map, BITS, bit, p->model[bit], 5), run < 5 ? run : 5);
        uint32_t count = bit % 37 + 1;
        assert_int_equal(bitmap_find_clear_run(p->map, BITS, bit, count), model_find_clear_run(p, bit, count));
    }
}

static void random_operations_agree_with_the_model(void **state)
{
    (void)state;
    struct pair p = {.map = {0}};
    for (int i = 0; i < 1500; i++) {
        change_at_random(&p);
        compare(&p);
    }
}

static void bits_beyond_the_end_are_not_seen(void **state)
{
    (void)state;
    uint32_t map[2] = {0, 0xFFFFFF00u};
    assert_int_equal(bitmap_find(map, 40, 0, true), 40);
    assert_int_equal(bitmap_find_clear_run(map, 40, 0, 40), 0);
    assert_int_equal(bitmap_find_clear_run(map, 40, 1, 40), 40);
    assert_int_equal(bitmap_find(map, 40, 40, false), 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_agree_with_the_model),
        cmocka_unit_test(bits_beyond_the_end_are_not_seen),
    };
    srand(1);
    return cmocka_run_group_tests_name("bitmap", tests, NULL, NULL);
}
