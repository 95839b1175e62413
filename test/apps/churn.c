/* churn WRITER SEED [SECONDS]: changes the files of /disk/churn in every way there is, for so long (for ever), with others
 * beside it: versions written through mappings and in pieces, published or left, files renamed over each other, removed,
 * pruned, and versions read.
 *
 * Each page tells who wrote it, and when: its stamp (apps/mapfile/pattern.h). The first page of a version has how many
 * there are in place of its number, and lists the stamps of all others, so that a version that is torn, or mixed of two,
 * is known for what it is (read_whole; on the host: test/boot/churned.py). After every few changes the writer publishes a
 * version of a file of its own, and says so when that is done: "LEDGER WRITER VERSION"; no power cut takes that back.
 * RESULT churn: writer changes published read wrong full (refused: the disk was). */
#include "apps/mapfile/pattern.h"
#include "number.h"
#include <apteryx/file.h>
#include <apteryx/print.h>
#include <apteryx/random.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

#define PAGE 4096u
#define PAGES_MAX 120u
#define LEDGER_PAGES_MAX 4u
#define KEEP_MAX 4u
#define LEDGER_EVERY 4u
#define STAMP_WRITER_SHIFT 20u

static uint32_t writer, state, sequence;
static uint32_t changes, published, read, full, wrong;
static uint32_t header[PATTERN_WORDS], content[PATTERN_WORDS];

/* Whether a version that is shown from start on is one that somebody has made. */
static bool whole(const uint32_t *first, uint32_t pages)
{
    if (first[0] != PATTERN_MAGIC || first[2] != pages)
        return false;
    for (uint32_t i = 1; i < pages; i++) {
        uint32_t stamp;
        if (!pattern_check(first + i * PATTERN_WORDS, i, &stamp) || stamp != first[PATTERN_HEAD + i])
            return false;
    }
    return true;
}

/* ---- a version is written ---- */

/* The new first page: which pages have this version's stamp from now on. Those that were not there; of others some. */
static void header_renew(uint32_t before, uint32_t pages, uint32_t stamp)
{
    if (before == 0)
        memset(header, 0, sizeof(header));
    header[0] = PATTERN_MAGIC;
    header[1] = stamp;
    header[2] = pages;
    for (uint32_t i = 1; i < PATTERN_WORDS - PATTERN_HEAD; i++)
        if (i >= pages)
            header[PATTERN_HEAD + i] = 0;
        else if (i >= before || random_below(&state, 4) == 0)
            header[PATTERN_HEAD + i] = stamp;
}

static err_t pages_map(struct file *file, uint32_t pages, uint32_t stamp)
{
    uintptr_t start = 0;
    TRY(file_map(file, 0, pages * PAGE, FILE_HOW_WRITE, &start));
    for (uint32_t i = pages; i-- > 1;)
        if (header[PATTERN_HEAD + i] == stamp)
            pattern_fill((uint32_t *)(start + i * PAGE), stamp, i);
    memcpy((void *)start, header, PAGE);
    return OK;
}

static err_t pages_write(struct file *file, uint32_t pages, uint32_t stamp)
{
    TRY(file_write(file, 0, header, PAGE));
    for (uint32_t i = 1; i < pages; i++)
        if (header[PATTERN_HEAD + i] == stamp) {
            pattern_fill(content, stamp, i);
            TRY(file_write(file, (uint64_t)i * PAGE, content, PAGE));
        }
    return OK;
}

static err_t version_fill(struct file *file, uint32_t pages_max, bool mapped)
{
    uint32_t before = (uint32_t)(file->size / PAGE), pages = before, got,
             stamp = writer << STAMP_WRITER_SHIFT | ++sequence;
    if (before > 0)
        TRY(file_read(file, 0, header, PAGE, &got));
    if (before == 0 || random_below(&state, 3) == 0)
        pages = 1 + random_below(&state, pages_max);
    header_renew(before, pages, stamp);
    TRY(file_set_size(file, (uint64_t)pages * PAGE));
    return mapped ? pages_map(file, pages, stamp) : pages_write(file, pages, stamp);
}

/* *version: what it is published as. */
static err_t version_publish(const char *path, uint32_t pages_max, bool mapped, uint32_t *version)
{
    struct file file;
    TRY(file_open(path, FILE_MODE_WRITE, 0, &file));
    err_t err = version_fill(&file, pages_max, mapped);
    err_t closed = file_close(&file, err == OK, version);
    published += err == OK && closed == OK;
    return err != OK ? err : closed;
}

/* Written, and given up. */
static err_t version_leave(const char *path)
{
    struct file file;
    TRY(file_open(path, FILE_MODE_WRITE, 0, &file));
    err_t err = version_fill(&file, PAGES_MAX, random_below(&state, 2) == 0);
    err_t closed = file_close(&file, false, NULL);
    return err != OK ? err : closed;
}

/* ---- one is read ---- */

/* Any of those that are kept. */
static err_t version_choose(const char *path, uint32_t *version)
{
    static struct file_number numbers[FILE_VERSIONS_A_MESSAGE];
    uint32_t count;
    TRY(file_versions(path, 0, numbers, &count));
    *version = count > 0 ? numbers[random_below(&state, count)].number : 0;
    return OK;
}

static err_t read_whole(const char *path)
{
    struct file file;
    uint32_t version;
    uintptr_t start = 0;
    TRY(version_choose(path, &version));
    TRY(file_open(path, FILE_MODE_READ, version, &file));
    uint32_t bytes = (uint32_t)file.size;
    err_t err = file_map(&file, 0, bytes, FILE_HOW_READ, &start);
    if (err == OK) {
        if (!whole((const uint32_t *)start, bytes / PAGE)) {
            print("churn: version %u of %s is not whole\n", file.version, path);
            wrong++;
        }
        read++;
        err = file_unmap(start, bytes);
    }
    err_t closed = file_close(&file, false, NULL);
    return err != OK ? err : closed;
}

/* ---- one change of any kind ---- */

static const char *path_draw(void)
{
    static const char *const path[] = {"/disk/churn/a/0", "/disk/churn/a/1", "/disk/churn/a/2", "/disk/churn/a/3",
                                       "/disk/churn/b/0", "/disk/churn/b/1", "/disk/churn/b/2", "/disk/churn/b/3"};
    return path[random_below(&state, sizeof(path) / sizeof(path[0]))];
}

static err_t change(void)
{
    const char *path = path_draw();
    uint32_t kind = random_below(&state, 16), version;
    if (kind < 6)
        return version_publish(path, PAGES_MAX, true, &version);
    if (kind < 9)
        return version_publish(path, PAGES_MAX, false, &version);
    if (kind < 11)
        return file_rename(path, path_draw());
    if (kind == 11)
        return file_remove(path);
    if (kind == 12)
        return file_keep(path, 1 + random_below(&state, KEEP_MAX));
    if (kind == 13)
        return version_leave(path);
    return read_whole(path);
}

/* What others may have done to the file meanwhile, or what a small disk lacks, is nobody's mistake. */
static void expect(const char *what, err_t err)
{
    full += err == ERR_COMMIT;
    if (err == OK || err == ERR_NO_ENTRY || err == ERR_COMMIT)
        return;
    print("churn: %s: %s\n", what, err_name(err));
    wrong++;
}

/* What was there before this run is there, or is made. */
static void folders_make(void)
{
    static const char *const path[] = {"/disk/churn", "/disk/churn/a", "/disk/churn/b"};
    for (uint32_t i = 0; i < 3; i++) {
        err_t err = file_make_directory(path[i]);
        if (err != ERR_BUSY)
            expect(path[i], err);
        expect(path[i], file_keep(path[i], KEEP_MAX));
    }
}

int main(int argc, char **argv)
{
    char ledger[] = "/disk/ledger.0";
    if (argc < 3)
        return 2;
    writer = number(argv[1]);
    sequence = number(argv[2]) % 1000 << 10; /* stamps of one run are not those of the next */
    state = random_start(number(argv[2]), writer);
    ledger[strlen(ledger) - 1] = (char)('0' + writer % 10);
    uint64_t end = argc > 3 ? time_now_us() + number(argv[3]) * 1000000ull : ~0ull;
    folders_make();
    while (time_now_us() < end) {
        uint32_t version = 0;
        expect("change", change());
        if (changes++ % LEDGER_EVERY != 0)
            continue;
        err_t err = version_publish(ledger, LEDGER_PAGES_MAX, false, &version);
        expect(ledger, err);
        if (err == OK)
            print("LEDGER %u %u\n", writer, version);
    }
    result("churn", "writer=%u changes=%u published=%u read=%u wrong=%u full=%u", writer, changes, published, read,
           wrong, full);
    return wrong != 0;
}
