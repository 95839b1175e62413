/* sources: src/apps/refstring/string.c */
/* The reference strings of the program in the machine have the check values of their specification. */
#include "apps/refstring/string.h"

#include "host.h"

static uint32_t weights[STRING_PAGES];

static void check_of(char name, uint32_t expected)
{
    struct string s;
    uint32_t check = STRING_CHECK_START;
    assert_true(string_start(&s, name, weights));
    for (uint32_t i = 0; i < s.count; i++) {
        uint32_t page = string_next(&s);
        assert_true(page < STRING_PAGES);
        check = string_check(check, page);
    }
    assert_int_equal(check, expected);
    assert_int_equal(s.check, expected);
}

static void strings_are_as_specified(void **state)
{
    (void)state;
    check_of('a', 0x15f1bc2a);
    check_of('b', 0xe22d29c5);
    check_of('c', 0xcb472e44);
    check_of('d', 0xbd861578);
}

static void only_four_strings(void **state)
{
    struct string s;
    (void)state;
    assert_false(string_start(&s, 'e', weights));
    assert_false(string_start(&s, '`', weights));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(strings_are_as_specified), cmocka_unit_test(only_four_strings)};
    return cmocka_run_group_tests_name("refstring", tests, NULL, NULL);
}
