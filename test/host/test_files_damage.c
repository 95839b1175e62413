/* sources: test/host/files_work.c */
/* Damaged disks: what was flipped is noticed, in metadata and in contents; and whatever a disk holds, even with checksums
 * that are right, nothing crashes, hangs or leaks. */
#define _GNU_SOURCE
#include "files/inside.h"

#include "files_work.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define BLOCKS 400u
#define LINKS 4000u

static struct work work;
static struct disk disk;
static bool taken[BLOCKS];

/* A disk after some work, all committed; which of its blocks are reached. */
static void make_disk(uint32_t seed)
{
    work_start(&work, BLOCKS, seed);
    for (uint32_t i = 0; i < 1000; i++)
        work_step(&work);
    work_close_all(&work);
    work_commit(&work);
    for (uint32_t block = 0; block < BLOCKS; block++)
        taken[block] = work.volume->references[block] != 0 || block < FILES_SLOTS;
    disk_start(&disk, BLOCKS);
}

static void end_disk(void)
{
    disk_end(&disk);
    work_end(&work);
}

static void fresh_copy(void) { memcpy(disk.now, work.disk.durable, (size_t)BLOCKS * FILES_BLOCK_BYTES); }

static bool pages_are_whole(struct files_version *version)
{
    uint8_t page[FILES_BLOCK_BYTES];
    for (uint32_t i = 0; i < MODEL_PAGES; i++) {
        struct files_pointer at;
        if (files_find(version, model_page[i], 1, &at) != OK)
            return false;
        if (at.block == 0)
            continue;
        if (disk.device.read(&disk, at.block, page) != OK || files_checksum(page) != at.checksum)
            return false;
    }
    return true;
}

/* Can all that the model has be read, and does it sum up? */
static bool all_is_whole(struct files_volume *volume)
{
    for (uint32_t i = 0; i < work.model.names; i++) {
        const struct model_name *name = &work.model.name[i];
        struct files_entry entry;
        if (files_look(volume, name->path, &entry) != OK)
            return false;
        for (uint32_t k = 0; k < name->shots; k++) {
            struct files_version *version;
            if (files_open(volume, name->path, name->shot[k].number, &version) != OK)
                return false;
            bool whole = pages_are_whole(version);
            files_close(version);
            if (!whole)
                return false;
        }
    }
    return true;
}

static bool damage_is_noticed(void)
{
    struct files_volume *volume;
    struct files_status status;
    if (files_mount(&disk.device, &host_memory, FILES_CACHE_MIN, &volume) != OK)
        return true;
    files_status(volume, &status);
    bool noticed = status.read_only || status.bad_slots != 0 || !all_is_whole(volume);
    files_unmount(volume);
    return noticed;
}

static void every_flip_is_noticed(void **state)
{
    (void)state;
    random_state = 9;
    make_disk(31);
    fresh_copy();
    assert_false(damage_is_noticed());
    for (uint32_t block = 0; block < BLOCKS; block++) {
        for (uint32_t i = 0; i < 8; i++) {
            uint32_t at = i < 4 ? below(64) : below(FILES_BLOCK_BYTES);
            uint8_t *byte = &disk.now[block * FILES_BLOCK_BYTES + at], bit = (uint8_t)(1u << below(8));
            *byte ^= bit;
            assert_int_equal(damage_is_noticed(), taken[block]);
            *byte ^= bit;
        }
    }
    end_disk();
}

static void damage_makes_read_only_and_the_rest_is_read(void **state)
{
    (void)state;
    struct files_volume *volume;
    struct files_status status;
    struct files_version *version;
    uint32_t whole = 0, refused = 0;
    make_disk(31);
    for (uint32_t block = FILES_SLOTS; block < BLOCKS; block++) {
        fresh_copy();
        disk.now[block * FILES_BLOCK_BYTES + 100] ^= 1;
        assert_int_equal(files_mount(&disk.device, &host_memory, FILES_CACHE_MIN, &volume), OK);
        files_status(volume, &status);
        if (status.read_only) {
            refused++;
            assert_int_equal(files_make_directory(volume, "new"), ERR_RIGHTS);
            assert_int_equal(files_begin(volume, "new", &version), ERR_RIGHTS);
            assert_int_equal(files_commit(volume), OK); /* there is nothing to commit */
            for (uint32_t i = 0; i < work.model.names; i++)
                whole += files_look(volume, work.model.name[i].path, &(struct files_entry){0}) == OK;
        }
        files_unmount(volume);
    }
    assert_true(refused > 10);
    assert_true(whole > refused * work.model.names / 2);
    end_disk();
}

static void a_disk_that_fails_is_told(void **state)
{
    (void)state;
    struct files_volume *volume;
    make_disk(32);
    for (uint32_t fail = 1; fail < 40; fail++) {
        fresh_copy();
        disk.reads = 0;
        disk.fail_read = fail;
        err_t mounted = files_mount(&disk.device, &host_memory, FILES_CACHE_MIN, &volume);
        disk.fail_read = 0;
        if (mounted != OK) {
            assert_int_equal(mounted, ERR_IO);
            assert_int_equal(fail, 1);
            continue;
        }
        struct files_status status;
        files_status(volume, &status);
        assert_true(status.read_only || status.bad_slots == 1 || disk.reads < fail);
        files_unmount(volume);
    }
    end_disk();
}

static void a_commit_that_fails_makes_read_only(void **state)
{
    (void)state;
    struct files_status status;
    work_start(&work, BLOCKS, 1);
    assert_int_equal(files_make_directory(work.volume, "a"), OK);
    work.disk.fail_write = work.disk.writes + 1;
    assert_int_equal(files_commit(work.volume), ERR_IO);
    work.disk.fail_write = 0;
    files_status(work.volume, &status);
    assert_true(status.read_only);
    assert_int_equal(files_commit(work.volume), ERR_RIGHTS);
    assert_int_equal(files_make_directory(work.volume, "b"), ERR_RIGHTS);
    work_end(&work);
}

/* ---- whatever a disk holds ---- */

static uint8_t *block_at(uint32_t block) { return disk.now + (size_t)block * FILES_BLOCK_BYTES; }

static void seal_slot(uint32_t slot)
{
    struct files_superblock super;
    memcpy(&super, block_at(slot), sizeof super);
    super.checksum = 0;
    memcpy(block_at(slot), &super, sizeof super);
    super.checksum = files_checksum(block_at(slot));
    memcpy(block_at(slot), &super, sizeof super);
}

/* Where on the disk as it was made a pointer to a block stands. */
static struct link {
    uint32_t child, offset; /* in bytes from the disk's beginning */
} links[LINKS];
static uint32_t link_count;

static void find_links(void)
{
    fresh_copy();
    link_count = 0;
    for (uint32_t block = FILES_SLOTS; block < BLOCKS; block++) {
        struct files_pointer at = {block, files_checksum(block_at(block))};
        uint8_t *found = disk.now, *end = disk.now + (size_t)BLOCKS * FILES_BLOCK_BYTES;
        while (taken[block] && (found = memmem(found, (size_t)(end - found), &at, sizeof at)) != NULL) {
            assert_true(link_count < LINKS);
            links[link_count++] = (struct link){block, (uint32_t)(found - disk.now)};
            found += sizeof at;
        }
    }
}

/* Change a block, and the checksums in all pointers that lead to it, and so on. */
static void change_sealed(uint32_t block, uint32_t at, uint8_t value)
{
    uint32_t changed[64] = {block}, count = 1;
    block_at(block)[at] = value;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t sum = files_checksum(block_at(changed[i]));
        for (uint32_t k = 0; k < link_count; k++) {
            if (links[k].child != changed[i])
                continue;
            memcpy(disk.now + links[k].offset + offsetof(struct files_pointer, checksum), &sum, sizeof sum);
            if (count < 64)
                changed[count++] = links[k].offset / FILES_BLOCK_BYTES;
        }
    }
    for (uint32_t slot = 0; slot < FILES_SLOTS; slot++)
        seal_slot(slot);
}

static const char *some_name(void)
{
    static const char *const more[] = {"", "new", "new/er", "a"};
    uint32_t i = below(work.model.names + 4);
    return i < work.model.names ? work.model.name[i].path : more[i - work.model.names];
}

static void write_something(struct files_volume *volume)
{
    struct files_version *version;
    uint32_t block, number;
    if (files_begin(volume, some_name(), &version) != OK)
        return;
    for (uint32_t i = 0; i < 3; i++)
        (void)!files_place(version, model_page[below(MODEL_PAGES)], 1, &block);
    (void)!files_set_size(version, (uint64_t)model_page[below(MODEL_PAGES)] * 4096);
    if (below(3) == 0 || files_publish(version, 1, &number) != OK)
        files_close(version);
}

static void do_anything(struct files_volume *volume)
{
    struct files_listed listed;
    struct files_version *version;
    switch (below(7)) {
    case 0:
        (void)!files_remove(volume, some_name());
        break;
    case 1:
        (void)!files_rename(volume, some_name(), some_name());
        break;
    case 2:
        (void)!files_keep(volume, some_name(), 1 + below(3));
        break;
    case 3:
        (void)!files_list(volume, some_name(), "", &listed);
        break;
    case 4:
        if (files_open(volume, some_name(), below(3), &version) != OK)
            break;
        (void)!pages_are_whole(version);
        files_close(version);
        break;
    case 5:
        write_something(volume);
        break;
    default:
        (void)!files_commit(volume);
    }
}

static uint32_t some_taken(void)
{
    uint32_t block = below(BLOCKS);
    while (!taken[block])
        block = (block + 1) % BLOCKS;
    return block;
}

static void no_contents_of_a_disk_do_harm(void **state)
{
    (void)state;
    uint32_t mounted = 0;
    random_state = 4;
    make_disk(33);
    find_links();
    for (uint32_t round = 0; round < 1500; round++) {
        struct files_volume *volume;
        uint32_t out = host_memory_out;
        fresh_copy();
        for (uint32_t i = 0, changes = 1 + below(4); i < changes; i++)
            change_sealed(some_taken(), below(below(2) != 0 ? 64 : FILES_BLOCK_BYTES),
                          below(3) != 0 ? (uint8_t)below(256) : (uint8_t)below(4));
        if (files_mount(&disk.device, &host_memory, FILES_CACHE_MIN, &volume) == OK) {
            mounted++;
            for (uint32_t i = 0; i < 30; i++)
                do_anything(volume);
            files_unmount(volume);
        }
        disk.pending_count = 0;
        assert_int_equal(host_memory_out, out);
    }
    assert_true(mounted > 1000);
    end_disk();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flip_is_noticed),         cmocka_unit_test(damage_makes_read_only_and_the_rest_is_read),
        cmocka_unit_test(a_disk_that_fails_is_told),     cmocka_unit_test(a_commit_that_fails_makes_read_only),
        cmocka_unit_test(no_contents_of_a_disk_do_harm),
    };
    return cmocka_run_group_tests_name("files_damage", tests, NULL, NULL);
}
