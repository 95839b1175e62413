/* sources: test/host/files_work.c */
/* Power is cut before every write and every flush of random work, and what the disk then holds is mounted: it is the
 * last commit's state, or that of the commit under way, with all its versions, and it can be gone on with. */
#include "files/files.h"

#include "files_work.h"
#include "host.h"
#include "random.h"
#include <apteryx/random.h>

static struct work work;
static struct disk after;
static uint32_t cuts, came_new;

/* Write to what the cut left, so that what it takes for free is put to the test. */
static void go_on(struct files_volume *volume, struct model *model)
{
    uint32_t page[FILES_BLOCK_BYTES / 4], number;
    struct files_version *version;
    work_fill(77, page);
    assert_int_equal(files_begin(volume, "behind the cut", &version), OK);
    for (uint32_t i = 0; i < 12; i++) {
        uint32_t block;
        assert_int_equal(files_place(version, i, files_checksum(page), &block), OK);
        assert_int_equal(after.device.write(&after, block, page), OK);
    }
    assert_int_equal(files_set_size(version, 12ull * FILES_BLOCK_BYTES), OK);
    assert_int_equal(files_publish(version, 1, &number), OK);
    assert_int_equal(files_commit(volume), OK);
    assert_int_equal(files_remove(volume, "behind the cut"), OK);
    assert_int_equal(files_commit(volume), OK);
    work_compare(volume, &after.device, model);
}

static void cut_power(void *context)
{
    (void)context;
    struct files_volume *volume;
    struct files_status status;
    cuts++;
    disk_cut(&work.disk, (enum cut)below(CUT_WAYS), &random_state, &after);
    assert_int_equal(files_mount(&after.device, &host_memory, FILES_CACHE_MIN, &volume), OK);
    files_status(volume, &status);
    assert_false(status.read_only);
    assert_int_equal(status.bad_slots, 0);
    bool is_new = status.generation == work.generation + 1;
    assert_true(is_new || status.generation == work.generation);
    came_new += is_new;
    struct model *model = is_new ? &work.model : &work.committed;
    work_compare(volume, &after.device, model);
    if (below(4) == 0)
        go_on(volume, model);
    files_unmount(volume);
}

static void every_cut_leaves_a_whole_commit(void **state)
{
    (void)state;
    random_state = 1;
    for (uint32_t seed = 20; seed < 24; seed++) {
        work_start(&work, 400, seed);
        disk_start(&after, 400);
        work.disk.before_change = cut_power;
        for (uint32_t i = 0; i < 1600; i++)
            work_step(&work);
        work.disk.before_change = NULL;
        disk_end(&after);
        work_end(&work);
    }
    assert_true(cuts > 2000);
    assert_true(came_new > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_cut_leaves_a_whole_commit)};
    return cmocka_run_group_tests_name("files_power", tests, NULL, NULL);
}
