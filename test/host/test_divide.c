/* sources: src/lib/divide.c */
/* flags: -D__udivdi3=own_udivdi3 -D__umoddi3=own_umoddi3 -D__divdi3=own_divdi3 -D__moddi3=own_moddi3 */
/* The library's 64-bit division against the host compiler's. */
#include <stdint.h>

uint64_t own_udivdi3(uint64_t a, uint64_t b), own_umoddi3(uint64_t a, uint64_t b);
int64_t own_divdi3(int64_t a, int64_t b), own_moddi3(int64_t a, int64_t b);

#include "host.h"

static void compare(uint64_t a, uint64_t b)
{
    assert_true(own_udivdi3(a, b) == a / b);
    assert_true(own_umoddi3(a, b) == a % b);
    if (a == 1ull << 63 && b == ~0ull)
        return; /* the one quotient that does not fit */
    assert_true(own_divdi3((int64_t)a, (int64_t)b) == (int64_t)a / (int64_t)b);
    assert_true(own_moddi3((int64_t)a, (int64_t)b) == (int64_t)a % (int64_t)b);
}

static void edges_divide(void **state)
{
    static const uint64_t edge[] = {
        0,          1,          2,          3,     10,      0x7FFFFFFF, 0x80000000,  0xFFFFFFFF,
        1ull << 32, ~0ull >> 1, 1ull << 63, ~0ull, 1000000, ~0ull - 1,  0x100000001, 0xFFFFFFFF00000000};
    (void)state;
    for (unsigned i = 0; i < sizeof edge / sizeof edge[0]; i++)
        for (unsigned k = 1; k < sizeof edge / sizeof edge[0]; k++)
            compare(edge[i], edge[k]);
}

static void random_numbers_divide(void **state)
{
    uint64_t x = 88172645463325252ull;
    (void)state;
    for (unsigned i = 0; i < 200000; i++) {
        uint64_t pair[2];
        for (unsigned k = 0; k < 2; k++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            pair[k] = x >> (x % 64);
        }
        compare(pair[0], pair[1] != 0 ? pair[1] : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges_divide), cmocka_unit_test(random_numbers_divide)};
    return cmocka_run_group_tests_name("divide", tests, NULL, NULL);
}
