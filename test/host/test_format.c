#include "common/format.h"
#include "host.h"
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The host's printf is the model: format_text must say the same, byte for byte, and return the same. */
#define SAME(...)                                                         \
    do {                                                                  \
        char ours[128], theirs[128];                                      \
        int our_length = format_text(ours, sizeof(ours), __VA_ARGS__);    \
        int their_length = snprintf(theirs, sizeof(theirs), __VA_ARGS__); \
        assert_string_equal(ours, theirs);                                \
        assert_int_equal(our_length, their_length);                       \
    } while (0)

static void numbers_print_as_printf_does(void **state)
{
    (void)state;
    const int samples[] = {0, 1, -1, 9, 10, -10, 99999, INT_MAX, INT_MIN, INT_MIN + 1};
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        int v = samples[i];
        SAME("%d|%5d|%05d|%-5d|%u|%x|%8x|%08x", v, v, v, v, (unsigned)v, (unsigned)v, (unsigned)v, (unsigned)v);
        SAME("%ld %lu %lx", (long)v, (unsigned long)v, (unsigned long)v);
    }
    SAME("%*d|%-*d|%0*d", 6, -42, 6, -42, 6, -42);
}

static void long_numbers_print_as_printf_does(void **state)
{
    (void)state;
    srand(1);
    SAME("%llu %lld %llx", ULLONG_MAX, LLONG_MIN, ULLONG_MAX);
    for (int i = 0; i < 20000; i++) {
        unsigned long long v = ((unsigned long long)rand() << 33 ^ (unsigned long long)rand() << 11) >> (rand() % 64);
        SAME("%llu %lld %020llx", v, (long long)v, v);
    }
}

static void texts_print_as_printf_does(void **state)
{
    (void)state;
    const char unclosed[3] = {'a', 'b', 'c'};
    SAME("%s|%10s|%-10s|", "kiwi", "kiwi", "kiwi");
    SAME("%.2s|%.*s|%.0s|%.9s|", "kiwi", 3, "kiwi", "kiwi", "kiwi");
    SAME("%.3s|%.*s|", unclosed, 3, unclosed);
    SAME("%c%c|%3c|%-3c|100%%", 'o', 'k', 'x', 'y');
    SAME("nothing to convert");
    SAME("%s", "");
}

static void pointers_have_eight_digits(void **state)
{
    (void)state;
    char text[16];
    assert_int_equal(format_text(text, sizeof(text), "%p", (void *)0xBEEF), 10);
    assert_string_equal(text, "0x0000beef");
}

static void null_text_is_named(void **state)
{
    (void)state;
    char text[16];
    const char *volatile null = NULL;
    format_text(text, sizeof(text), "%s", null);
    assert_string_equal(text, "(null)");
}

static void unknown_conversions_stand_as_they_are(void **state)
{
    (void)state;
    char text[32];
    const char *volatile odd = "%q %5y %";
    const char *format_of_caller = odd;
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    assert_int_equal(format_text(text, sizeof(text), format_of_caller), 8);
    assert_string_equal(text, "%q %5y %");
}

static void what_does_not_fit_is_cut_off(void **state)
{
    (void)state;
    char text[5] = "....";
    assert_int_equal(format_text(text, 4, "%s", "apteryx"), 7);
    assert_memory_equal(text, "apt\0", 5);
    assert_int_equal(format_text(text, 1, "%u", 12345u), 5);
    assert_string_equal(text, "");
    expect_assert_failure(format_text(text, 0, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_print_as_printf_does), cmocka_unit_test(long_numbers_print_as_printf_does),
        cmocka_unit_test(texts_print_as_printf_does),   cmocka_unit_test(pointers_have_eight_digits),
        cmocka_unit_test(null_text_is_named),           cmocka_unit_test(unknown_conversions_stand_as_they_are),
        cmocka_unit_test(what_does_not_fit_is_cut_off),
    };
    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
