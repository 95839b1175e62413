/* sources: src/kernel/debug/symbols.c */
#include "kernel/debug/symbols.h"
#include "host.h"

/* The table that tools/symbols would make of three functions without a gap between them. */
extern const uint32_t symbol_count, symbol_addresses[], symbol_names[];
extern const char symbol_text[];
const uint32_t symbol_count = 3, symbol_addresses[] = {0x1000, 0x1040, 0x1100}, symbol_names[] = {0, 6, 13};
const char symbol_text[] = "first\0second\0third";

typedef const char *symbol_finder(uintptr_t address, uint32_t *offset);

static void assert_found(symbol_finder *find, uintptr_t address, const char *name, uint32_t offset)
{
    uint32_t found = 0;
    const char *text = find(address, &found);
    assert_non_null(text);
    assert_string_equal(text, name);
    assert_int_equal(found, offset);
}

static void instructions(void **state)
{
    (void)state;
    assert_found(symbol_find, 0x1000, "first", 0);
    assert_found(symbol_find, 0x103F, "first", 0x3F);
    assert_found(symbol_find, 0x1040, "second", 0);
    assert_found(symbol_find, 0x1100, "third", 0);
    assert_found(symbol_find, 0x1234, "third", 0x134);
}

static void callers(void **state)
{
    (void)state;
    assert_found(symbol_find_caller, 0x1005, "first", 5);
    assert_found(symbol_find_caller, 0x1040, "first", 0x40); /* its last instruction calls what never returns */
    assert_found(symbol_find_caller, 0x1041, "second", 1);
    assert_found(symbol_find_caller, 0x1100, "second", 0xC0);
}

static void unknown(void **state)
{
    uint32_t offset;
    (void)state;
    assert_null(symbol_find(0xFFF, &offset));
    assert_null(symbol_find_caller(0x1000, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions),
        cmocka_unit_test(callers),
        cmocka_unit_test(unknown),
    };
    return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
