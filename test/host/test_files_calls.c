/* sources: test/host/files_work.c */
/* What files.h promises of single calls: errors, promises of space, versions that are held, pages in a row. */
#include "files/files.h"

#include "files_work.h"
#include "host.h"
#include <stdio.h>
#include <string.h>

#define BLOCKS 600u

static struct disk disk;
static struct files_volume *volume;

static int start(void **state)
{
    (void)state;
    disk_start(&disk, BLOCKS);
    assert_int_equal(files_format(&disk.device, &host_memory, 2), OK);
    assert_int_equal(files_mount(&disk.device, &host_memory, FILES_CACHE_MIN, &volume), OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    files_unmount(volume);
    disk_end(&disk);
    assert_int_equal(host_memory_out, 0);
    return 0;
}

static struct files_version *begin(const char *path)
{
    struct files_version *version = NULL;
    assert_int_equal(files_begin(volume, path, &version), OK);
    assert_true(files_unfinished(version));
    return version;
}

static uint32_t place(struct files_version *version, uint32_t page, uint32_t checksum)
{
    uint32_t block = 0;
    assert_int_equal(files_place(version, page, checksum, &block), OK);
    if (files_size(version) < ((uint64_t)page + 1) * FILES_BLOCK_BYTES)
        assert_int_equal(files_set_size(version, ((uint64_t)page + 1) * FILES_BLOCK_BYTES), OK);
    return block;
}

static uint32_t publish(struct files_version *version)
{
    uint32_t number = 0;
    assert_int_equal(files_publish(version, 5, &number), OK);
    return number;
}

static uint32_t write_version(const char *path, uint32_t pages)
{
    struct files_version *version = begin(path);
    for (uint32_t i = 0; i < pages; i++)
        place(version, i, i);
    return publish(version);
}

static uint32_t free_blocks(void)
{
    struct files_status status;
    files_status(volume, &status);
    return status.free;
}

static void bad_paths_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"/", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "./a"};
    struct files_entry entry;
    char path[FILES_PATH_MAX + 2];
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(files_look(volume, bad[i], &entry), ERR_RANGE);
        assert_int_equal(files_make_directory(volume, bad[i]), ERR_RANGE);
    }
    memset(path, 'x', sizeof path);
    path[FILES_PATH_MAX + 1] = '\0';
    assert_int_equal(files_make_directory(volume, path), ERR_TOO_LONG);
    path[FILES_PATH_MAX] = '\0';
    assert_int_equal(files_make_directory(volume, path), OK);
    assert_int_equal(files_look(volume, "...", &entry), ERR_NO_ENTRY);
    struct files_listed listed;
    assert_int_equal(files_list(volume, "", "", &listed), OK);
    assert_string_equal(listed.name, path);
    assert_int_equal(files_list(volume, path, "", &listed), ERR_NO_ENTRY);
    assert_int_equal(files_remove(volume, path), OK);
}

static void what_is_no_disk_is_refused(void **state)
{
    (void)state;
    struct files_volume *other;
    struct disk small;
    disk_start(&small, FILES_BLOCKS_MIN - 1);
    assert_int_equal(files_format(&small.device, &host_memory, 0), ERR_RANGE);
    assert_int_equal(files_mount(&small.device, &host_memory, FILES_CACHE_MIN, &other), ERR_KIND);
    disk_end(&small);
    disk_start(&small, FILES_BLOCKS_MIN);
    assert_int_equal(files_format(&small.device, &host_memory, 0), OK);
    assert_int_equal(files_mount(&small.device, &host_memory, FILES_CACHE_MIN - 1, &other), ERR_RANGE);
    for (uint32_t given = 0; given < 4; given++) {
        host_memory_fails = given;
        assert_int_equal(files_mount(&small.device, &host_memory, FILES_CACHE_MIN, &other), ERR_MEMORY);
        host_memory_fails = UINT32_MAX;
    }
    small.device.blocks--;
    assert_int_equal(files_mount(&small.device, &host_memory, FILES_CACHE_MIN, &other), ERR_RANGE);
    disk_end(&small);
}

static void an_open_version_stays_whatever_happens(void **state)
{
    (void)state;
    struct files_version *first, *removed;
    struct files_pointer at, before;
    uint32_t count, empty;
    struct files_published found[8];
    assert_int_equal(write_version("a", 3), 1);
    assert_int_equal(files_open(volume, "a", 0, &first), OK);
    assert_int_equal(files_find(first, 1, 1, &before), OK);
    for (uint32_t number = 2; number < 6; number++)
        assert_int_equal(write_version("a", 3), number);
    assert_int_equal(files_versions(volume, "a", 0, found, 8, &count), OK);
    assert_int_equal(count, 3); /* the rule keeps two, and one is open */
    assert_int_equal(found[0].number, 1);
    files_close(first);
    assert_int_equal(files_prune(volume, "a"), OK);
    assert_int_equal(files_versions(volume, "a", 0, found, 8, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(files_commit(volume), OK);

    assert_int_equal(files_open(volume, "a", 5, &removed), OK);
    assert_int_equal(files_find(removed, 1, 1, &before), OK);
    assert_int_equal(files_remove(volume, "a"), OK);
    assert_int_equal(files_commit(volume), OK);
    empty = free_blocks();
    assert_int_equal(write_version("b", 100), 1);
    assert_int_equal(files_find(removed, 1, 1, &at), OK);
    assert_memory_equal(&at, &before, sizeof at);
    assert_int_equal(files_remove(volume, "b"), OK);
    assert_int_equal(files_commit(volume), OK);
    assert_int_equal(free_blocks(), empty);
    files_close(removed);
    assert_int_equal(free_blocks(), empty + 4); /* three pages, a pointer block */
}

/* Names, until there is no space for one more. */
static void fill_with_names(void)
{
    char name[128];
    err_t made;
    memset(name, 'n', sizeof name);
    uint32_t count = 0;
    do {
        snprintf(name + 100, sizeof name - 100, "%u", count++);
        made = files_make_directory(volume, name);
        assert_int_equal(files_commit(volume), OK);
    } while (made == OK);
    assert_int_equal(made, ERR_COMMIT);
    assert_true(count > 20);
}

static void what_was_reserved_is_there(void **state)
{
    (void)state;
    struct files_version *promised = begin("promised"), *other = begin("other");
    struct files_status status;
    uint32_t block, number, page = 0;
    assert_int_equal(files_reserve(promised, 0, 5000), ERR_COMMIT);
    assert_int_equal(files_reserve(promised, 10, 100), OK);
    files_status(volume, &status);
    assert_int_equal(files_reserve(promised, 20, 50), OK);
    uint32_t reserved = status.reserved;
    files_status(volume, &status);
    assert_int_equal(status.reserved, reserved);
    while (files_place(other, page, 1, &block) == OK)
        page++;
    assert_true(page > 300);
    host_memory_fails = 0;
    for (uint32_t i = 10; i < 110; i++)
        assert_int_equal(files_place(promised, i, i, &block), OK);
    host_memory_fails = UINT32_MAX;
    assert_int_equal(files_place(promised, 110, 1, &block), ERR_COMMIT);
    assert_int_equal(files_set_size(promised, 110ull * FILES_BLOCK_BYTES), OK);
    assert_int_equal(files_publish(promised, 0, &number), OK);
    assert_int_equal(files_set_size(other, (uint64_t)page * FILES_BLOCK_BYTES), OK);
    assert_int_equal(files_publish(other, 0, &number), OK);
    assert_int_equal(files_commit(volume), OK);
    fill_with_names();
    assert_int_equal(files_remove(volume, "other"), OK);
    assert_int_equal(files_commit(volume), OK);
    assert_int_equal(files_make_directory(volume, "again"), OK);
}

static void a_dropped_version_leaves_no_trace(void **state)
{
    (void)state;
    uint32_t before = free_blocks();
    struct files_version *version = begin("a");
    struct files_status status;
    place(version, 0, 1);
    place(version, 3000, 1);
    files_close(version);
    files_status(volume, &status);
    assert_int_equal(status.free, before);
    assert_int_equal(status.reserved, 0);
    assert_false(status.changed);
    files_close(NULL);
}

static void a_page_keeps_its_place_until_it_is_published(void **state)
{
    (void)state;
    struct files_version *version = begin("a");
    struct files_pointer at;
    uint32_t block = place(version, 5, 1);
    assert_int_equal(place(version, 5, 2), block);
    assert_int_equal(files_find(version, 5, 1, &at), OK);
    assert_int_equal(at.block, block);
    assert_int_equal(at.checksum, 2);
    publish(version);
    version = begin("a");
    assert_int_equal(files_number(version), 1);
    assert_int_not_equal(place(version, 5, 3), block);
    files_close(version);
}

static void writers_side_by_side_have_their_pages_in_a_row(void **state)
{
    (void)state;
    struct files_version *version[4];
    struct files_pointer at[64];
    for (uint32_t i = 0; i < 4; i++)
        version[i] = begin((const char *[]){"a", "b", "c", "d"}[i]);
    for (uint32_t page = 0; page < 64; page++)
        for (uint32_t i = 0; i < 4; i++)
            place(version[i], page, page);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(files_find(version[i], 0, 64, at), OK);
        for (uint32_t page = 0, run; page < 64; page += run) {
            run = files_run(at + page, 64 - page);
            assert_true(run >= 16);
        }
        files_close(version[i]);
    }
    memset(at, 0, sizeof at);
    at[3].block = 7;
    assert_int_equal(files_run(at, 64), 3);
    assert_int_equal(files_run(at + 3, 61), 1);
}

static void readers_write_nothing(void **state)
{
    (void)state;
    struct files_version *version;
    struct files_pointer at;
    uint32_t block, number;
    write_version("a", 1);
    assert_int_equal(files_open(volume, "a", 1, &version), OK);
    assert_int_equal(files_reserve(version, 0, 1), ERR_KIND);
    assert_int_equal(files_place(version, 0, 1, &block), ERR_KIND);
    assert_int_equal(files_set_size(version, 0), ERR_KIND);
    assert_int_equal(files_publish(version, 0, &number), ERR_KIND);
    assert_int_equal(files_find(version, FILES_PAGES_MAX, 2, &at), ERR_RANGE);
    files_close(version);
    version = begin("a");
    assert_int_equal(files_set_size(version, UINT64_MAX), ERR_RANGE);
    assert_int_equal(files_set_size(version, (uint64_t)FILES_PAGES_MAX * FILES_BLOCK_BYTES), OK);
    assert_int_equal(files_reserve(version, FILES_PAGES_MAX, 1), ERR_RANGE);
    assert_int_equal(files_place(version, FILES_PAGES_MAX - 1, 9, &block), OK);
    publish(version);
    assert_int_equal(files_open(volume, "a", 2, &version), OK);
    assert_int_equal(files_find(version, FILES_PAGES_MAX - 1, 1, &at), OK);
    assert_int_equal(at.block, block);
    files_close(version);
}

static void a_name_is_published_where_it_was_begun(void **state)
{
    (void)state;
    struct files_version *version = begin("a"), *lost;
    struct files_entry entry;
    uint32_t number;
    place(version, 0, 1);
    assert_int_equal(files_make_directory(volume, "a"), OK);
    assert_int_equal(files_publish(version, 0, &number), ERR_KIND);
    lost = begin("a/b");
    assert_int_equal(files_rename(volume, "a", "c"), OK);
    assert_int_equal(files_publish(lost, 0, &number), ERR_NO_ENTRY);
    files_close(lost);
    assert_int_equal(publish(version), 1);
    assert_int_equal(files_look(volume, "a", &entry), OK);
    assert_int_equal(entry.size, FILES_BLOCK_BYTES);
    assert_int_equal(entry.time, 5);
}

static void checksums_are_those_of_zlib(void **state)
{
    (void)state;
    uint8_t block[FILES_BLOCK_BYTES];
    memset(block, 0, sizeof block);
    assert_int_equal(files_checksum(block), 0xC71C0011u);
    for (uint32_t i = 0; i < sizeof block; i++)
        block[i] = (uint8_t)(i * 7);
    assert_int_equal(files_checksum(block), 0xD3B3C7BCu);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(bad_paths_are_refused),
        TEST(what_is_no_disk_is_refused),
        TEST(an_open_version_stays_whatever_happens),
        TEST(what_was_reserved_is_there),
        TEST(a_dropped_version_leaves_no_trace),
        TEST(a_page_keeps_its_place_until_it_is_published),
        TEST(writers_side_by_side_have_their_pages_in_a_row),
        TEST(readers_write_nothing),
        TEST(a_name_is_published_where_it_was_begun),
        TEST(checksums_are_those_of_zlib),
    };
    return cmocka_run_group_tests_name("files_calls", tests, NULL, NULL);
}
