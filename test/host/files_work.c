/* sources: src/files/[a-z]*.c test/host/files_disk.c test/host/files_model.c */
#include "files_work.h"
#include "host.h"
#include <apteryx/random.h>
#include <stdio.h>
#include <string.h>

#define KEEP_MAX 5u
#define N40 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define A "a-" N40
#define B "b-" N40 N40
#define L N40 N40 N40 N40 N40

static const char *const paths[] = {"",    A,          B,          A "/x",  A "/y",  B "/x",    B "/y", B "/z",
                                    "c",   A "/x/p",   A "/x/q",   A "-",   A ".b",  B "/" N40, A "/b", A "/x/p/z",
                                    L,     A "/b/c",   L "/d",     "a0",    B "/" A, N40,       "d",    N40 N40,
                                    "e" L, "d/" N40 A, "d/" N40 B, "d/d/d", "d/d/" L};
#define PATHS (sizeof paths / sizeof paths[0])

static uint32_t below(struct work *work, uint32_t n) { return random_below(&work->random_state, n); }

static const char *some_path(struct work *work)
{
    struct model *model = &work->model;
    if (model->names > 0 && below(work, 3) != 0)
        return model->name[below(work, model->names)].path;
    return paths[below(work, PATHS)];
}

void work_fill(uint32_t seed, void *page)
{
    uint32_t *word = page, state = random_start(seed, 1);
    if (seed == 0) {
        memset(page, 0, FILES_BLOCK_BYTES);
        return;
    }
    for (uint32_t i = 0; i < FILES_BLOCK_BYTES / sizeof *word; i++)
        word[i] = random_next(&state);
}

/* ---- comparing ---- */

static void compare_pages(struct files_version *version, const struct files_device *device, const struct shot *shot)
{
    uint32_t expected[FILES_BLOCK_BYTES / 4], page[FILES_BLOCK_BYTES / 4];
    assert_int_equal(files_size(version), shot->size);
    for (uint32_t i = 0; i < MODEL_PAGES; i++) {
        struct files_pointer at;
        assert_int_equal(files_find(version, model_page[i], 1, &at), OK);
        assert_int_equal(at.block == 0, shot->page[i] == 0);
        if (at.block == 0)
            continue;
        assert_int_equal(device->read(device->context, at.block, page), OK);
        assert_int_equal(files_checksum(page), at.checksum);
        work_fill(shot->page[i], expected);
        assert_memory_equal(page, expected, sizeof page);
    }
}

static void compare_versions(struct files_volume *volume, const struct files_device *device,
                             const struct model_name *name)
{
    struct files_published found[MODEL_SHOTS];
    uint32_t count = 0;
    assert_int_equal(files_versions(volume, name->path, 0, found, MODEL_SHOTS, &count), OK);
    assert_int_equal(count, name->shots);
    for (uint32_t i = 0; i < count; i++) {
        struct files_version *version;
        assert_int_equal(found[i].number, name->shot[i].number);
        assert_int_equal(found[i].size, name->shot[i].size);
        assert_int_equal(found[i].time, name->shot[i].time);
        assert_int_equal(files_open(volume, name->path, found[i].number, &version), OK);
        assert_int_equal(files_number(version), found[i].number);
        compare_pages(version, device, &name->shot[i]);
        files_close(version);
    }
}

static void compare_list(struct files_volume *volume, struct model *model, const char *directory)
{
    struct files_listed listed;
    char after[FILES_PATH_MAX + 1] = "", path[2 * FILES_PATH_MAX + 2];
    uint32_t count = 0, expected = 0;
    err_t next;
    for (; (next = files_list(volume, directory, after, &listed)) == OK; count++) {
        assert_true(strcmp(after, listed.name) < 0);
        strcpy(after, listed.name);
        snprintf(path, sizeof path, "%s%s%s", directory, directory[0] != '\0' ? "/" : "", listed.name);
        const struct model_name *name = model_find(model, path);
        assert_non_null(name);
        assert_int_equal(listed.entry.kind, name->directory ? FILES_KIND_DIRECTORY : FILES_KIND_FILE);
        assert_int_equal(listed.entry.newest, name->newest);
    }
    assert_int_equal(next, ERR_NO_ENTRY);
    for (uint32_t i = 0; i < model->names; i++)
        expected += model_is_in(model->name[i].path, directory);
    assert_int_equal(count, expected);
}

void work_compare(struct files_volume *volume, const struct files_device *device, struct model *model)
{
    struct files_entry entry;
    compare_list(volume, model, "");
    assert_int_equal(files_look(volume, "", &entry), OK);
    assert_int_equal(entry.keep, model->keep);
    for (uint32_t i = 0; i < model->names; i++) {
        const struct model_name *name = &model->name[i];
        assert_int_equal(files_look(volume, name->path, &entry), OK);
        assert_int_equal(entry.keep, name->keep);
        assert_int_equal(entry.versions, name->shots);
        if (name->directory)
            compare_list(volume, model, name->path);
        else
            compare_versions(volume, device, name);
    }
}

/* ---- working ---- */

static struct model_open *some_open(struct work *work, bool unfinished)
{
    uint32_t first = below(work, MODEL_OPEN);
    for (uint32_t i = 0; i < MODEL_OPEN; i++) {
        struct model_open *open = &work->open[(first + i) % MODEL_OPEN];
        if (open->version != NULL && open->unfinished == unfinished)
            return open;
    }
    return NULL;
}

/* Let one of the next writes fail, and all behind it, or the next memory that is asked for. */
static void fail_something(struct work *work)
{
    work->failing = true;
    if (below(work, 2) != 0)
        work->disk.fail_write = work->disk.writes + 1 + below(work, 6);
    else
        host_memory_fails = below(work, 3);
}

static void fail_nothing(struct work *work)
{
    work->failing = false;
    work->disk.fail_write = 0;
    host_memory_fails = UINT32_MAX;
}

/* What the library answered, and what it should have. No space is always a reason, and what was made to fail. */
static bool same(struct work *work, err_t got, err_t expected)
{
    bool failed = work->failing && (got == ERR_IO || got == ERR_MEMORY);
    work->refused += got == ERR_COMMIT;
    work->failed += failed;
    if (got == ERR_COMMIT || failed)
        return false;
    assert_int_equal(got, expected);
    return got == OK;
}

/* A change of names: the model's is carried out on a copy, in case there is no space. */
static void change_names(struct work *work)
{
    static struct model after;
    const char *path = some_path(work), *to = some_path(work);
    uint32_t keep = 1 + below(work, KEEP_MAX);
    after = work->model;
    err_t got, expected;
    switch (below(work, 12)) {
    case 0:
        expected = model_remove(&after, path);
        got = files_remove(work->volume, path);
        break;
    case 1:
        expected = model_rename(&after, path, to);
        got = files_rename(work->volume, path, to);
        break;
    case 2:
    case 3:
        expected = model_keep(&after, path, keep, work->open);
        got = files_keep(work->volume, path, keep);
        break;
    case 4:
        expected = model_prune(&after, path, work->open);
        got = files_prune(work->volume, path);
        break;
    default:
        expected = after.names < MODEL_NAMES ? model_make_directory(&after, path) : OK;
        got = work->model.names < MODEL_NAMES ? files_make_directory(work->volume, path) : OK;
    }
    if (same(work, got, expected))
        work->model = after;
}

static void open_something(struct work *work)
{
    struct model_open *open = &work->open[below(work, MODEL_OPEN)], opened;
    char path[FILES_PATH_MAX + 1];
    struct files_version *version = NULL;
    if (open->version != NULL)
        return;
    strcpy(path, some_path(work));
    uint32_t number = below(work, 3) == 0 ? 1 + below(work, 4) : 0;
    bool begin = below(work, 3) != 0;
    err_t expected = begin ? model_begin(&work->model, path, &opened) : model_open(&work->model, path, number, &opened);
    err_t got = begin ? files_begin(work->volume, path, &version) : files_open(work->volume, path, number, &version);
    if (!same(work, got, expected))
        return;
    *open = opened;
    open->version = version;
}

static void close_something(struct work *work)
{
    struct model_open *open = some_open(work, below(work, 4) == 0);
    if (open == NULL)
        return;
    compare_pages(open->version, &work->disk.device, &open->shot);
    files_close(open->version);
    open->version = NULL;
}

static void place_something(struct work *work)
{
    struct model_open *open = some_open(work, true);
    uint32_t i = below(work, MODEL_PAGES), seed = random_next(&work->random_state) | 1u, block = 0;
    uint32_t page[FILES_BLOCK_BYTES / 4];
    if (open == NULL)
        return;
    work_fill(seed, page);
    if (!same(work, files_place(open->version, model_page[i], files_checksum(page), &block), OK))
        return;
    fail_nothing(work);
    assert_int_equal(work->disk.device.write(&work->disk, block, page), OK);
    open->shot.page[i] = seed;
    uint64_t end = ((uint64_t)model_page[i] + 1) * FILES_BLOCK_BYTES;
    bool stays_behind = seed % 32 == 1;
    if (open->shot.size < end && !stays_behind && same(work, files_set_size(open->version, end), OK))
        model_set_size(open, end);
}

static void resize_something(struct work *work)
{
    struct model_open *open = some_open(work, true);
    uint64_t size = (uint64_t)model_page[below(work, MODEL_PAGES)] * FILES_BLOCK_BYTES + below(work, 5000);
    if (open == NULL)
        return;
    if (same(work, files_set_size(open->version, size), OK))
        model_set_size(open, size);
}

static void reserve_something(struct work *work)
{
    struct model_open *open = some_open(work, true);
    uint32_t first = below(work, 1500);
    if (open != NULL)
        (void)same(work, files_reserve(open->version, first, below(work, 20)), OK);
}

static void publish_something(struct work *work)
{
    static struct model after;
    struct model_open *open = some_open(work, true);
    if (open == NULL || work->model.names == MODEL_NAMES)
        return;
    after = work->model;
    uint32_t number = 0, expected_number = 0;
    uint64_t time = random_next(&work->random_state);
    err_t expected = model_publish(&after, open, time, work->open, &expected_number);
    struct files_entry entry;
    if (!same(work, files_publish(open->version, time, &number), expected))
        return;
    assert_int_equal(number, expected_number);
    open->version = NULL;
    work->model = after;
    assert_int_equal(files_look(work->volume, open->path, &entry), OK);
    model_find(&work->model, open->path)->id = entry.id;
}

void work_commit(struct work *work)
{
    struct files_status status;
    assert_int_equal(files_commit(work->volume), OK);
    files_status(work->volume, &status);
    work->committed = work->model;
    work->generation = status.generation;
}

void work_close_all(struct work *work)
{
    for (uint32_t i = 0; i < MODEL_OPEN; i++) {
        files_close(work->open[i].version);
        work->open[i].version = NULL;
    }
}

/* Nothing is free that was not, nothing is lost: the walk at mount counts what the references did. */
static void mount_again(struct work *work)
{
    struct files_status before, after;
    work_close_all(work);
    work_commit(work);
    files_status(work->volume, &before);
    files_unmount(work->volume);
    assert_int_equal(files_mount(&work->disk.device, &host_memory, FILES_CACHE_MIN, &work->volume), OK);
    files_status(work->volume, &after);
    assert_int_equal(before.free, after.free);
    assert_int_equal(before.reserved, 0);
    assert_int_equal(before.generation, after.generation);
    assert_false(after.read_only || after.changed || after.bad_slots != 0);
    work_compare(work->volume, &work->disk.device, &work->model);
}

void work_step(struct work *work)
{
    uint32_t what = below(work, 100);
    if (work->fails && what < 88 && below(work, 8) == 0)
        fail_something(work);
    if (what < 18)
        change_names(work);
    else if (what < 32)
        open_something(work);
    else if (what < 40)
        close_something(work);
    else if (what < 72)
        place_something(work);
    else if (what < 77)
        resize_something(work);
    else if (what < 80)
        reserve_something(work);
    else if (what < 88)
        publish_something(work);
    else if (what < 99)
        work_commit(work);
    else
        mount_again(work);
    fail_nothing(work);
}

void work_start(struct work *work, uint32_t blocks, uint32_t seed)
{
    memset(work, 0, sizeof *work);
    work->random_state = random_start(seed, 7);
    work->model.keep = work->committed.keep = 3;
    disk_start(&work->disk, blocks);
    assert_int_equal(files_format(&work->disk.device, &host_memory, 3), OK);
    assert_int_equal(files_mount(&work->disk.device, &host_memory, FILES_CACHE_MIN, &work->volume), OK);
    work->generation = 1;
}

void work_end(struct work *work)
{
    work_close_all(work);
    files_unmount(work->volume);
    disk_end(&work->disk);
    assert_int_equal(host_memory_out, 0);
}
