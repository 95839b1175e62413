/* sources: test/host/files_work.c */
/* The file system against a plain model: random work, with room and without, with failures; and a large tree. */
#include "files/files.h"

#include "files_work.h"
#include "host.h"
#include "random.h"
#include <stdio.h>
#include <string.h>

static struct work work;

/* Sums up what was refused and what failed. */
static void work_for(uint32_t blocks, bool fails, uint32_t *refused, uint32_t *failed)
{
    *refused = *failed = 0;
    for (uint32_t seed = 1; seed <= 8; seed++) {
        work_start(&work, blocks, seed);
        work.fails = fails;
        for (uint32_t i = 0; i < 3000; i++) {
            work_step(&work);
            if (i % 64 == 0)
                work_compare(work.volume, &work.disk.device, &work.model);
        }
        work_compare(work.volume, &work.disk.device, &work.model);
        *refused += work.refused;
        *failed += work.failed;
        work_end(&work);
    }
}

static void random_work_agrees_with_the_model(void **state)
{
    (void)state;
    uint32_t refused, failed;
    work_for(4096, false, &refused, &failed);
    assert_int_equal(refused, 0);
}

static void on_a_full_disk_what_is_refused_changes_nothing(void **state)
{
    (void)state;
    uint32_t refused, failed;
    work_for(110, false, &refused, &failed);
    assert_true(refused > 200);
}

static void what_fails_changes_nothing(void **state)
{
    (void)state;
    uint32_t refused, failed;
    work_for(2000, true, &refused, &failed);
    assert_true(failed > 80);
}

/* ---- a large tree ---- */

#define NAMES 1500u

static bool there[NAMES];

/* Names of all lengths, in no order. */
static void name_of(uint32_t i, char *name)
{
    uint32_t h = random_start(i, 3), length = 8 + h % 180;
    memset(name, 'a' + (int)(h % 7), length);
    memcpy(name, &(const char[]){(char)('a' + h / 7 % 26), (char)('a' + h / 200 % 26)}, 2);
    snprintf(name + length, 8, "%u", i);
}

static void compare_names(struct files_volume *volume)
{
    struct files_listed listed = {.name = ""};
    char after[FILES_PATH_MAX + 1] = "", name[FILES_PATH_MAX + 1];
    uint32_t count = 0, expected = 0;
    for (; files_list(volume, "", after, &listed) == OK; count++) {
        assert_true(strcmp(after, listed.name) < 0);
        strcpy(after, listed.name);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        name_of(i, name);
        expected += there[i];
        assert_int_equal(files_look(volume, name, &listed.entry), there[i] ? OK : ERR_NO_ENTRY);
    }
    assert_int_equal(count, expected);
}

static void change_a_name(struct files_volume *volume, uint32_t grow)
{
    char name[FILES_PATH_MAX + 1];
    uint32_t i = below(NAMES);
    name_of(i, name);
    if (below(100) < grow) {
        assert_int_equal(files_make_directory(volume, name), there[i] ? ERR_BUSY : OK);
        there[i] = true;
    } else {
        assert_int_equal(files_remove(volume, name), there[i] ? OK : ERR_NO_ENTRY);
        there[i] = false;
    }
}

static void a_large_tree_grows_and_shrinks(void **state)
{
    (void)state;
    struct disk disk;
    struct files_volume *volume;
    struct files_status empty, now;
    random_state = 5;
    memset(there, 0, sizeof there);
    disk_start(&disk, 1200);
    assert_int_equal(files_format(&disk.device, &host_memory, 0), OK);
    assert_int_equal(files_mount(&disk.device, &host_memory, FILES_CACHE_MIN, &volume), OK);
    files_status(volume, &empty);
    for (uint32_t round = 0; round < 8; round++) {
        for (uint32_t i = 0; i < 1500; i++)
            change_a_name(volume, round % 2 == 0 ? 90 : 10);
        compare_names(volume);
        assert_int_equal(files_commit(volume), OK);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        char name[FILES_PATH_MAX + 1];
        name_of(i, name);
        assert_int_equal(files_remove(volume, name), there[i] ? OK : ERR_NO_ENTRY);
    }
    assert_int_equal(files_commit(volume), OK);
    files_status(volume, &now);
    assert_int_equal(now.free, empty.free);
    files_unmount(volume);
    disk_end(&disk);
    assert_int_equal(host_memory_out, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_work_agrees_with_the_model),
        cmocka_unit_test(on_a_full_disk_what_is_refused_changes_nothing),
        cmocka_unit_test(what_fails_changes_nothing),
        cmocka_unit_test(a_large_tree_grows_and_shrinks),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
