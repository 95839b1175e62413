#include "common/number.h"
#include "host.h"
#include <stdio.h>

#define REFUSED 0x5EEDu /* what a value holds that nobody may touch */

static uint32_t read_with(bool (*read)(const char *, uint32_t *), const char *text)
{
    uint32_t value = REFUSED;
    bool read_it = read(text, &value);
    assert_true(read_it || value == REFUSED);
    return read_it ? value : REFUSED;
}

static void decimals_are_strict(void **state)
{
    (void)state;
    assert_int_equal(read_with(number_decimal, "0"), 0);
    assert_int_equal(read_with(number_decimal, "007"), 7);
    assert_int_equal(read_with(number_decimal, "4294967295"), 0xFFFFFFFFu);
    const char *const wrong[] = {"", "-1", "+1", " 1", "1 ", "1a", "0x1", "4294967296", "4294967300", "99999999999"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(read_with(number_decimal, wrong[i]), REFUSED);
}

static void hexadecimals_are_strict(void **state)
{
    (void)state;
    assert_int_equal(read_with(number_hex, "0x0"), 0);
    assert_int_equal(read_with(number_hex, "0xDeadbeeF"), 0xDEADBEEFu);
    assert_int_equal(read_with(number_hex, "0x00000019"), 0x19);
    const char *const wrong[] = {"", "0", "0x", "0X1", "x1", "1", "0x1g", "0x 1", "0x123456789", "0x000000001", "0x1 "};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(read_with(number_hex, wrong[i]), REFUSED);
}

static void either_base_is_told_by_its_prefix(void **state)
{
    (void)state;
    assert_int_equal(read_with(number_any, "0x10"), 16);
    assert_int_equal(read_with(number_any, "10"), 10);
    assert_int_equal(read_with(number_any, "1x0"), REFUSED);
}

static void every_number_comes_back(void **state)
{
    (void)state;
    char text[16];
    for (uint64_t n = 0; n <= UINT32_MAX; n = n * 3 + 1) {
        snprintf(text, sizeof(text), "%u", (unsigned)n);
        assert_int_equal(read_with(number_decimal, text), (uint32_t)n);
        snprintf(text, sizeof(text), "0x%x", (unsigned)n);
        assert_int_equal(read_with(number_hex, text), (uint32_t)n);
    }
}

static void sizes_take_binary_letters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } right[] = {{"0", 0},           {"12", 12},
                 {"4K", 4096},       {"256M", 256u << 20},
                 {"3G", 3ull << 30}, {"4294967295G", 0xFFFFFFFFull << 30}};
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        uint64_t bytes = REFUSED;
        assert_true(number_size(right[i].text, &bytes));
        assert_true(bytes == right[i].bytes);
    }
    const char *const wrong[] = {"", "K", "4k", "4KB", "4 K", "-4K", "4KK", "4T", "4.5M", "4294967296K"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        uint64_t bytes = REFUSED;
        assert_false(number_size(wrong[i], &bytes));
        assert_true(bytes == REFUSED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_strict),
        cmocka_unit_test(hexadecimals_are_strict),
        cmocka_unit_test(either_base_is_told_by_its_prefix),
        cmocka_unit_test(every_number_comes_back),
        cmocka_unit_test(sizes_take_binary_letters),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
