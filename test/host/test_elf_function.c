/* sources: src/common/elf_function.c src/common/string.c src/common/copy.c */
/* The function that an address lies in, by a program's symbol table, whole and damaged. */
#include "common/elf.h"

#include "host.h"
#include "random.h"
#include <stdlib.h>
#include <string.h>

#define TEXT 0x00100000u
#define TEXT_BYTES 0x140u
#define DATA 0x00101000u
#define SECTIONS_AT 52u
#define SECTIONS 5u
#define SYMBOLS_AT (SECTIONS_AT + SECTIONS * 40u)
#define SYMBOLS 5u
#define NAMES_AT (SYMBOLS_AT + SYMBOLS * 16u)
#define DAMAGES 200000u

static const char names[] = "\0first\0second\0number\0file.c";
static uint8_t *image;
static uint32_t length;

static void put(uint32_t at, uint32_t value) { memcpy(image + at, &value, sizeof value); }

static void section(uint32_t i, uint32_t type, uint32_t flags, uint32_t address, uint32_t offset, uint32_t bytes)
{
    uint32_t at = SECTIONS_AT + i * 40u;
    put(at + 4, type);
    put(at + 8, flags);
    put(at + 12, address);
    put(at + 16, offset);
    put(at + 20, bytes);
}

static void symbol(uint32_t i, uint32_t name, uint32_t value, uint8_t type, uint8_t home)
{
    uint32_t at = SYMBOLS_AT + i * 16u;
    put(at, name);
    put(at + 4, value);
    image[at + 12] = type;
    image[at + 14] = home;
}

static int setup(void **state)
{
    (void)state;
    length = NAMES_AT + (uint32_t)sizeof names;
    image = calloc(1, length);
    memcpy(image + NAMES_AT, names, sizeof names);
    put(32, SECTIONS_AT);
    image[46] = 40; /* bytes of a section's header */
    image[48] = SECTIONS;
    section(1, 1, 4, TEXT, 0, TEXT_BYTES);
    section(2, 1, 3, DATA, 0, 16);
    section(3, 2, 0, 0, SYMBOLS_AT, SYMBOLS * 16u);
    put(SECTIONS_AT + 3 * 40u + 24, 4); /* names are in section 4 */
    section(4, 3, 0, 0, NAMES_AT, sizeof names);
    symbol(1, 7, TEXT + 0x100, 2, 1);  /* second, a function */
    symbol(2, 1, TEXT, 0, 1);          /* first, without a type */
    symbol(3, 14, DATA, 1, 2);         /* number, an object */
    symbol(4, 21, TEXT + 0x120, 4, 1); /* file.c, a file */
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(image);
    return 0;
}

static void is_in(uint32_t address, const char *name, uint32_t offset)
{
    struct elf_function found;
    assert_true(elf_function(image, length, address, &found));
    assert_int_equal(found.name_bytes, strlen(name));
    assert_memory_equal(found.name, name, found.name_bytes);
    assert_int_equal(found.offset, offset);
}

static void is_nowhere(uint32_t address)
{
    struct elf_function found;
    assert_false(elf_function(image, length, address, &found));
}

static void test_found(void **state)
{
    (void)state;
    is_in(TEXT, "first", 0);
    is_in(TEXT + 0xFF, "first", 0xFF);
    is_in(TEXT + 0x100, "second", 0);
    is_in(TEXT + TEXT_BYTES - 1, "second", TEXT_BYTES - 1 - 0x100);
}

static void test_not_found(void **state)
{
    (void)state;
    is_nowhere(0);
    is_nowhere(TEXT - 1);
    is_nowhere(TEXT + TEXT_BYTES);
    is_nowhere(DATA);
    is_nowhere(0xFFFFFFFFu);
}

static void test_no_symbols(void **state)
{
    (void)state;
    put(SECTIONS_AT + 3 * 40u + 4, 1);
    is_nowhere(TEXT);
}

static void test_name_without_an_end(void **state)
{
    (void)state;
    put(SECTIONS_AT + 4 * 40u + 20, 10); /* "\0first\0sec" */
    is_in(TEXT, "first", 0);
    is_nowhere(TEXT + 0x100);
}

/* Cut anywhere: the sanitizer sees a byte read behind the end. */
static void test_cut(void **state)
{
    (void)state;
    for (uint32_t bytes = 0; bytes < length; bytes++) {
        struct elf_function found;
        uint8_t *exact = malloc(bytes ? bytes : 1u);
        memcpy(exact, image, bytes);
        assert_false(elf_function(exact, bytes, TEXT, &found) &&
                     found.name + found.name_bytes >= (char *)exact + bytes);
        free(exact);
    }
}

static void test_damaged(void **state)
{
    (void)state;
    uint32_t answered = 0;
    random_state = 1;
    uint8_t *whole = malloc(length);
    memcpy(whole, image, length);
    for (uint32_t i = 0; i < DAMAGES; i++) {
        struct elf_function found;
        memcpy(image, whole, length);
        for (uint32_t n = 0; n < 3; n++)
            image[below((uint32_t)length)] = (uint8_t)below(256);
        if (elf_function(image, length, TEXT + below(256), &found)) {
            answered++;
            assert_true(found.name >= (char *)image && found.name + found.name_bytes < (char *)image + length);
        }
    }
    assert_true(answered > 0 && answered < DAMAGES);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_symbols, setup, teardown),
        cmocka_unit_test_setup_teardown(test_name_without_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
