/* sources: src/common/archive.c src/common/string.c src/common/copy.c */
/* The boot archive: files found, and every way in which a tar file can be broken. */
#include "common/archive.h"

#include "host.h"
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 512u
#define ROOM (64u * BLOCK)

static uint8_t *tar;
static uint32_t length;

static void seal(uint8_t *h)
{
    uint32_t sum = 0;
    memset(h + 148, ' ', 8);
    for (uint32_t i = 0; i < BLOCK; i++)
        sum += h[i];
    snprintf((char *)h + 148, 8, "%06o", sum);
}

static uint8_t *add(const char *name, char type, const char *content)
{
    uint8_t *h = tar + length;
    uint32_t bytes = (uint32_t)strlen(content);
    memcpy(h, name, strlen(name));
    snprintf((char *)h + 124, 12, "%011o", bytes);
    h[156] = (uint8_t)type;
    memcpy(h + 257,
           "ustar\0"
           "00",
           8);
    seal(h);
    memcpy(h + BLOCK, content, bytes);
    length += BLOCK + (bytes + BLOCK - 1) / BLOCK * BLOCK;
    return h;
}

static int begin(void **state)
{
    (void)state;
    tar = calloc(1, ROOM);
    length = 0;
    add("./", '5', "");
    add("./init", '0', "the first program");
    add("etc/init.conf", '0', "swap ata");
    add("link", '2', "");
    add("stress", '\0', "");
    return 0;
}

static int done(void **state)
{
    (void)state;
    free(tar);
    return 0;
}

static err_t find(const char *name, struct archive_file *file)
{
    uint8_t *exact = malloc(length); /* so that one byte too far is noticed */
    memcpy(exact, tar, length);
    struct archive a = {exact, length};
    err_t e = archive_find(&a, name, (uint32_t)strlen(name), file);
    if (e == OK) { /* keep what it says valid after the copy is gone */
        file->data = tar + (file->data - exact);
        file->name = (const char *)tar + ((const uint8_t *)file->name - exact);
    }
    free(exact);
    return e;
}

static void files_are_found(void **state)
{
    struct archive_file f;
    (void)state;
    length += 2 * BLOCK;
    assert_int_equal(find("init", &f), OK);
    assert_int_equal(f.bytes, 17);
    assert_memory_equal(f.data, "the first program", 17);
    assert_int_equal(find("etc/init.conf", &f), OK);
    assert_memory_equal(f.data, "swap ata", 8);
    assert_int_equal(find("stress", &f), OK);
    assert_int_equal(f.bytes, 0);
}

static void what_is_not_there(void **state)
{
    static const char *const names[] = {"", ".", "./", "ini", "init2", "link", "etc", "init.conf", "./init"};
    struct archive_file f;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(find(names[i], &f), ERR_NO_ENTRY);
    length += BLOCK; /* an end block; what lies behind it does not count */
    add("late", '0', "x");
    assert_int_equal(find("late", &f), ERR_NO_ENTRY);
    length = 0;
    assert_int_equal(find("init", &f), ERR_NO_ENTRY);
    length = BLOCK - 1;
    assert_int_equal(find("init", &f), ERR_NO_ENTRY);
}

static void a_name_of_a_hundred_letters(void **state)
{
    char name[101];
    struct archive_file f;
    (void)state;
    memset(name, 'n', 100);
    name[100] = '\0';
    add(name, '0', "x");
    assert_int_equal(find(name, &f), OK);
    assert_int_equal(f.name_bytes, 100);
}

static void broken_headers(void **state)
{
    struct archive_file f;
    (void)state;
    uint8_t *h = add("late", '0', "content");
    assert_int_equal(find("late", &f), OK);
    h[0] ^= 1; /* the sum is wrong */
    assert_int_equal(find("late", &f), ERR_IO);
    h[0] ^= 1;
    h[257] = 'U';
    seal(h);
    assert_int_equal(find("late", &f), ERR_IO);
    h[257] = 'u';
    static const char *const sizes[] = {"00000002000", "77777777777", "37777777777",
                                        "0000000000x", "           ", "-0000000001"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memcpy(h + 124, sizes[i], 11);
        seal(h);
        assert_int_equal(find("late", &f), ERR_IO);
    }
}

static void the_last_file_is_cut(void **state)
{
    struct archive_file f;
    (void)state;
    add("late", '0', "content");
    length -= BLOCK - 7; /* no padding: still whole */
    assert_int_equal(find("late", &f), OK);
    length -= 1;
    assert_int_equal(find("late", &f), ERR_IO);
    assert_int_equal(find("init", &f), OK);
}

static void random_damage(void **state)
{
    struct archive_file f;
    uint32_t found = 0;
    (void)state;
    random_state = 7;
    uint8_t *whole = malloc(ROOM);
    memcpy(whole, tar, ROOM);
    for (int round = 0; round < 20000; round++) {
        memcpy(tar, whole, ROOM);
        uint8_t *h = tar + below((uint32_t)length) / BLOCK * BLOCK;
        h[124 + below(12)] = (uint8_t)below(256);
        seal(h);
        found += find("stress", &f) == OK;
    }
    free(whole);
    assert_true(found > 0 && found < 20000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_found), TEST(what_is_not_there),    TEST(a_name_of_a_hundred_letters),
        TEST(broken_headers),  TEST(the_last_file_is_cut), TEST(random_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
