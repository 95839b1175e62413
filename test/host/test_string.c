/* sources: src/common/string.c src/common/copy.c */
/* flags: -fno-builtin -Dmemcpy=our_memcpy -Dmemmove=our_memmove -Dmemset=our_memset */
/* flags: -Dmemcmp=our_memcmp -Dstrlen=our_strlen -Dstrcmp=our_strcmp */
#include "common/string.h"
#include "host.h"
#include <stdlib.h>

#define ROOM 96u

/* Plain loops on arrays: the model of every function here. */
static void fill_at_random(uint8_t *bytes)
{
    for (size_t i = 0; i < ROOM; i++)
        bytes[i] = (uint8_t)rand();
}

static void compare(const uint8_t *ours, const uint8_t *model)
{
    for (size_t i = 0; i < ROOM; i++)
        assert_int_equal(ours[i], model[i]);
}

static void copying_moves_every_length_and_alignment(void **state)
{
    (void)state;
    uint8_t from[ROOM], ours[ROOM], model[ROOM];
    for (size_t length = 0; length <= 40; length++)
        for (size_t at = 0; at < 16; at++) {
            fill_at_random(from);
            fill_at_random(ours);
            for (size_t i = 0; i < ROOM; i++)
                model[i] = i - at < length ? from[i - at + at / 3] : ours[i];
            assert_ptr_equal(memcpy(ours + at, from + at / 3, length), ours + at);
            compare(ours, model);
        }
}

static void moving_survives_overlap_either_way(void **state)
{
    (void)state;
    uint8_t was[ROOM], ours[ROOM], model[ROOM];
    for (size_t length = 0; length <= 40; length++)
        for (size_t from = 0; from < 24; from++)
            for (size_t to = 0; to < 24; to++) {
                fill_at_random(was);
                for (size_t i = 0; i < ROOM; i++)
                    ours[i] = was[i];
                for (size_t i = 0; i < ROOM; i++)
                    model[i] = i - to < length ? was[i - to + from] : was[i];
                assert_ptr_equal(memmove(ours + to, ours + from, length), ours + to);
                compare(ours, model);
            }
}

static void filling_stays_in_its_range(void **state)
{
    (void)state;
    uint8_t ours[ROOM], model[ROOM];
    const volatile int value = 0x3A5; /* only its low byte counts */
    for (size_t length = 0; length <= 40; length++)
        for (size_t at = 0; at < 8; at++) {
            fill_at_random(ours);
            for (size_t i = 0; i < ROOM; i++)
                model[i] = i - at < length ? 0xA5 : ours[i];
            assert_ptr_equal(memset(ours + at, value, length), ours + at);
            compare(ours, model);
        }
}

static void comparing_is_of_unsigned_bytes(void **state)
{
    (void)state;
    assert_true(memcmp("abc", "abd", 3) < 0);
    assert_true(memcmp("\x80", "\x7f", 1) > 0);
    assert_int_equal(memcmp("abc", "abd", 2), 0);
    assert_int_equal(memcmp("a", "b", 0), 0);
    assert_true(strcmp("\x80", "\x7f") > 0);
    assert_true(strcmp("ab", "abc") < 0);
    assert_true(strcmp("abc", "ab") > 0);
    assert_int_equal(strcmp("kiwi", "kiwi"), 0);
    assert_int_equal(strcmp("", ""), 0);
}

static void lengths_stop_at_the_first_nul(void **state)
{
    (void)state;
    assert_int_equal(strlen(""), 0);
    assert_int_equal(strlen("kiwi"), 4);
    assert_int_equal(strlen("ki\0wi"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copying_moves_every_length_and_alignment),
        cmocka_unit_test(moving_survives_overlap_either_way),
        cmocka_unit_test(filling_stays_in_its_range),
        cmocka_unit_test(comparing_is_of_unsigned_bytes),
        cmocka_unit_test(lengths_stop_at_the_first_nul),
    };
    srand(1);
    return cmocka_run_group_tests_name("string", tests, NULL, NULL);
}
