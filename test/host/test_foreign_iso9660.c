/* sources: test/host/foreign_image.c */
/* ISO 9660, with the names of Rock Ridge and without: read back and compared, then damaged; files in several extents. */
#include "foreign/foreign.h"

#include "foreign_image.h"
#include "host.h"
#include <stdio.h>
#include <string.h>

static void little_put(uint8_t *at, uint32_t value)
{
    for (uint32_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void iso_with_rock_ridge(void **state)
{
    (void)state;
    image_make("xorriso -as mkisofs -quiet -R -o @/image @/tree 2>/dev/null");
    tree_is_there();
    struct foreign_node node;
    assert_int_equal(foreign_look(&volume, "upper.txt", &node), ERR_NO_ENTRY);
    cut_off(10);
    damaged(11, 1500);
}

/* Names of eight letters and three, in upper case there. */
static void iso_with_plain_names(void **state)
{
    (void)state;
    image_make("cd @ && mkdir plain && cp tree/page plain/Readme.txt && cp tree/block plain/noext && "
               "xorriso -as mkisofs -quiet --norock -o @/image plain 2>/dev/null");
    assert_int_equal(mount(), OK);
    assert_false(volume.iso.rock_ridge);
    content_equals("readme.txt", "page", 4096);
    content_equals("README.TXT", "page", 4096);
    content_equals("noext", "block", 2048);
    assert_int_equal(list_count(""), 2);
}

/* ---- records that say what cannot be ---- */

static void iso_a_record_ends_with_its_block(void **state)
{
    (void)state;
    struct foreign_node node;
    image_make("xorriso -as mkisofs -quiet -R -o @/image @/tree 2>/dev/null");
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "many", &node), OK);
    uint8_t *end = image + (node.start + 1) * 2048, *last = end - 2048;
    while (last + last[0] < end && last[last[0]] != 0)
        last += last[0];
    last[0] = 255;
    assert_true(last + 255 > end);
    last[255] = 0; /* who believed it would go on with the block behind */
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "many/none", &node), ERR_IO);
}

/* An entry of Rock Ridge that is longer than what is left of its record is none, and the plain name stands. */
static void iso_an_entry_ends_with_its_record(void **state)
{
    (void)state;
    struct foreign_node node;
    image_make("xorriso -as mkisofs -quiet -R -o @/image @/tree 2>/dev/null");
    uint8_t *name = image_find("Page and a byte.Long Extension") - 5;
    assert_memory_equal(name, "NM", 2);
    name[2] = 255;
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "Page and a byte.Long Extension", &node), ERR_NO_ENTRY);
    assert_int_equal(foreign_look(&volume, "page_and.lon", &node), OK);
    assert_int_equal(node.bytes, 4097);
}

/* A name that goes on where it began is too long for anybody. */
static void iso_a_name_without_end(void **state)
{
    (void)state;
    image_make("xorriso -as mkisofs -quiet -R -o @/image @/tree 2>/dev/null");
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count("names"), 1);
    uint8_t *name = image_find("a-name-as-long") - 5, *more = name;
    uint32_t at = (uint32_t)(name - image);
    assert_memory_equal(name, "NM", 2);
    while (memcmp(more, "CE", 2) != 0)
        more += more[2];
    little_put(more + 4, at / 2048);
    little_put(more + 12, at % 2048);
    little_put(more + 20, (uint32_t)(more + more[2] - name));
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count("names"), 0);
}

/* ---- files in several extents ---- */

/* Offsets in a directory's record. */
#define START 2u
#define BYTES 10u
#define FLAGS 25u
#define NAME 33u

/* The record of the root directory whose plain name begins so. */
static uint8_t *record_of(const char *name)
{
    uint8_t *record = image + volume.iso.root * 2048;
    while (record[0] != 0 && memcmp(record + NAME, name, strlen(name)) != 0)
        record += record[0];
    assert_int_not_equal(record[0], 0);
    return record;
}

/* The first two change places on the disc, and the three become one file. */
static void extents_make(const char *options)
{
    char command[300];
    uint8_t *one[3], start[4];
    (void)snprintf(command, sizeof command,
                   "cd @ && rm -rf parts && mkdir parts && cp tree/page parts/e1 && "
                   "cp tree/big.bin parts/e3 && cp tree/block parts/e4 && head -c 6144 tree/big.bin >parts/e2 && "
                   "xorriso -as mkisofs -quiet %s -o @/image parts 2>/dev/null",
                   options);
    image_make(command);
    assert_int_equal(mount(), OK);
    one[0] = record_of("E1");
    one[1] = record_of("E2");
    one[2] = record_of("E3");
    memcpy(start, one[0] + START, 4);
    memcpy(one[0] + START, one[1] + START, 4);
    memcpy(one[1] + START, start, 4);
    little_put(one[0] + BYTES, 6144);
    little_put(one[1] + BYTES, 4096);
    for (uint32_t i = 0; i < 3; i++) {
        memcpy(one[i] + NAME, "E1", 2);
        one[i][FLAGS] |= i < 2 ? 0x80 : 0;
    }
}

static uint8_t extents_byte(uint32_t i)
{
    if (i < 6144)
        return content_byte("big.bin", i);
    return i < 10240 ? content_byte("page", i - 6144) : content_byte("big.bin", i - 10240);
}

static void extents_are_one_file(const char *options)
{
    struct foreign_node node;
    const uint8_t *at;
    extents_make(options);
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count(""), 2);
    content_equals("e4", "block", 2048);
    assert_int_equal(foreign_look(&volume, "e1", &node), OK);
    assert_int_equal(node.bytes, 10240 + 700001);
    assert_false(node.unreadable);
    for (uint32_t i = 0; (uint64_t)i * SECTOR < node.bytes; i++) {
        assert_int_equal(foreign_content(&volume, &node, i, &at), OK);
        assert_int_equal(at[7], extents_byte(i * SECTOR + 7));
    }
    for (uint32_t i = 1000; i > 0; i -= i < 9 ? 1 : 3) { /* and in any order */
        assert_int_equal(foreign_content(&volume, &node, i * 7 % 1300, &at), OK);
        assert_int_equal(at[0], extents_byte(i * 7 % 1300 * SECTOR));
    }
}

static void iso_files_in_extents(void **state)
{
    (void)state;
    extents_are_one_file("--norock");
    extents_are_one_file("-R");
}

/* What is longer than 4 GiB, what does not fill its blocks, and what has no last extent. */
static void iso_odd_extents(void **state)
{
    (void)state;
    struct foreign_node node;
    uint32_t sector, past = 0xFFFFF800u / SECTOR;
    extents_make("-R");
    uint8_t *first = image + volume.iso.root * 2048;
    while (memcmp(first + NAME, "E1", 2) != 0)
        first += first[0];
    uint8_t *second = first + first[0], *third = second + second[0];
    little_put(first + BYTES, 0xFFFFF800u);
    little_put(second + BYTES, 0xFFFFF800u);
    assert_int_equal(mount(), OK);
    volume.device.sectors = UINT32_MAX; /* a large disc, of which nothing but the directory is looked at */
    assert_int_equal(foreign_look(&volume, "e1", &node), OK);
    assert_true(node.bytes == 2ull * 0xFFFFF800u + 700001 && !node.unreadable);
    assert_int_equal(foreign_sector(&volume, &node, 2 * past + 5, &sector), OK);
    assert_int_equal(sector, (third[START] | third[START + 1] << 8) * 4 + 5);
    assert_int_equal(foreign_sector(&volume, &node, past, &sector), OK);
    assert_int_equal(sector, (second[START] | second[START + 1] << 8) * 4);
    little_put(second + BYTES, 2047);
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "e1", &node), OK);
    assert_true(node.unreadable);
    for (uint8_t *record = first; record[0] != 0; record += record[0])
        record[FLAGS] |= 0x80;
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "e1", &node), ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_with_rock_ridge),
        cmocka_unit_test(iso_with_plain_names),
        cmocka_unit_test(iso_a_record_ends_with_its_block),
        cmocka_unit_test(iso_an_entry_ends_with_its_record),
        cmocka_unit_test(iso_a_name_without_end),
        cmocka_unit_test(iso_files_in_extents),
        cmocka_unit_test(iso_odd_extents),
    };
    return cmocka_run_group_tests(tests, tree_make, tree_remove);
}
