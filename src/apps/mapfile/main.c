/* mapfile: maps a file, touches its pages, and checks them.
 *
 *   mapfile FILE                   every page, through one mapping, against what is read in pieces
 *   mapfile FILE --maps N          the same through N mappings of a page each, all there at once
 *   mapfile FILE --write --pages N --seed S      publishes a version of N pages that tell who wrote them
 *   mapfile FILE --verify          every page is whole, and all are of one writer
 *
 * Each round of --verify opens the newest version anew and checks it twice. RESULT mapfile: of maps also how long all of
 * them took, and how many more frames the kernel and page tables have while all are there and shown. */
#include "apps/mapfile/pattern.h"
#include "common/units.h"
#include <apteryx/file.h>
#include <apteryx/info.h>
#include <apteryx/memory.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

static uint32_t maps, write, verify, pages, seed = 1, rounds = 1, hold, leave;

struct tally {
    uint32_t pages, lost, version, stamp, maps, round;
    uint64_t map_us, touch_us, unmap_us;
    uint32_t kernel_frames, table_frames;
};

static uint32_t file_pages(const struct file *file) { return (uint32_t)((file->size + PAGE_BYTES - 1) >> PAGE_SHIFT); }

/* ---- --write ---- */

static err_t pattern_write(struct file *file, struct tally *tally)
{
    uintptr_t start = 0;
    tally->stamp = pattern_stamp(seed, tally->round);
    TRY(file_set_size(file, (uint64_t)pages << PAGE_SHIFT));
    TRY(file_map(file, 0, pages << PAGE_SHIFT, FILE_HOW_WRITE, &start));
    for (uint32_t i = 0; i < pages; i++)
        pattern_fill((uint32_t *)(start + i * PAGE_BYTES), tally->stamp, i);
    tally->pages += pages;
    time_sleep_us((uint64_t)hold * 1000);
    return OK;
}

static err_t write_version(const char *path, struct tally *tally)
{
    struct file file;
    TRY(file_open(path, FILE_MODE_WRITE, 0, &file));
    err_t err = pattern_write(&file, tally);
    err_t closed = file_close(&file, err == OK && leave == 0, &tally->version);
    return err != OK ? err : closed;
}

/* ---- --verify ---- */

/* The stamp of the first page, whenever it is looked at, is that of all pages. */
static void pattern_read(uintptr_t start, uint32_t count, struct tally *tally)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t stamp;
        bool whole = pattern_check((const uint32_t *)(start + i * PAGE_BYTES), i, &stamp);
        tally->pages++;
        tally->lost += !whole || stamp != tally->stamp;
    }
}

static err_t verify_version(const char *path, struct tally *tally)
{
    struct file file;
    uintptr_t start = 0;
    TRY(file_open(path, FILE_MODE_READ, 0, &file));
    tally->version = file.version;
    uint32_t count = file_pages(&file);
    err_t err = count > 0 ? file_map(&file, 0, count << PAGE_SHIFT, FILE_HOW_READ, &start) : OK;
    if (err == OK && count > 0) {
        tally->stamp = ((const uint32_t *)start)[1];
        pattern_read(start, count, tally);
        time_sleep_us((uint64_t)hold * 1000);
        pattern_read(start, count, tally);
        err = file_unmap(start, count << PAGE_SHIFT);
    }
    err_t closed = file_close(&file, false, NULL);
    return err != OK ? err : closed;
}

/* ---- maps ---- */

/* One page of the file, against what is read. */
static err_t page_compare(const struct file *file, uint32_t page, uintptr_t at, struct tally *tally)
{
    static uint8_t content[PAGE_BYTES];
    uint32_t got;
    memset(content, 0, sizeof(content));
    TRY(file_read(file, (uint64_t)page << PAGE_SHIFT, content, PAGE_BYTES, &got));
    tally->pages++;
    tally->lost += memcmp(content, (const void *)at, PAGE_BYTES) != 0;
    return OK;
}

/* `count` mappings, each of `each` pages, all over the file; at[i] is where the i-th appears. */
static err_t maps_make(const struct file *file, uintptr_t *at, uint32_t count, uint32_t each, struct tally *tally)
{
    uint32_t kernel = info()->frames_kernel, tables = info()->frames_tables;
    uint64_t begin = time_now_us();
    for (; tally->maps < count; tally->maps++) {
        at[tally->maps] = 0;
        TRY(file_map(file, tally->maps * each % file_pages(file), each << PAGE_SHIFT, FILE_HOW_READ, &at[tally->maps]));
    }
    tally->map_us = time_now_us() - begin;
    begin = time_now_us();
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < each; k++)
            (void)*(volatile uint8_t *)(at[i] + k * PAGE_BYTES);
    tally->touch_us = time_now_us() - begin;
    tally->kernel_frames = info()->frames_kernel - kernel;
    tally->table_frames = info()->frames_tables - tables;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < each; k++)
            TRY(page_compare(file, i * each % file_pages(file) + k, at[i] + k * PAGE_BYTES, tally));
    time_sleep_us((uint64_t)hold * 1000);
    return OK;
}

static err_t maps_end(const uintptr_t *at, uint32_t each, struct tally *tally)
{
    uint64_t begin = time_now_us();
    for (uint32_t i = 0; i < tally->maps; i++)
        TRY(file_unmap(at[i], each << PAGE_SHIFT));
    tally->unmap_us = time_now_us() - begin;
    return OK;
}

static err_t map_version(const char *path, struct tally *tally)
{
    struct file file;
    TRY(file_open(path, FILE_MODE_READ, 0, &file));
    tally->version = file.version;
    tally->maps = 0;
    uint32_t count = maps > 0 ? maps : 1, each = maps > 0 ? 1 : file_pages(&file);
    uintptr_t *at = malloc(count * sizeof(at[0]));
    err_t err = at == NULL ? ERR_MEMORY : OK;
    if (err == OK && file.size > 0) {
        err = maps_make(&file, at, count, each, tally);
        err_t ended = maps_end(at, each, tally);
        err = err != OK ? err : ended;
    }
    free(at);
    err_t closed = file_close(&file, false, NULL);
    return err != OK ? err : closed;
}

static const char *arguments(int argc, char **argv)
{
    static const struct option option[] = {
        {"--maps", OPTION_NUMBER, {.number = &maps}, "so many mappings of a page each, all at once"},
        {"--write", OPTION_FLAG, {.number = &write}, "publish a version that tells who wrote it"},
        {"--pages", OPTION_NUMBER, {.number = &pages}, "how long that is"},
        {"--seed", OPTION_NUMBER, {.number = &seed}, "who wrote it"},
        {"--verify", OPTION_FLAG, {.number = &verify}, "check such a version"},
        {"--rounds", OPTION_NUMBER, {.number = &rounds}, "how often, each time the newest version (1)"},
        {"--hold", OPTION_NUMBER, {.number = &hold}, "milliseconds for which everything stays mapped"},
        {"--leave", OPTION_FLAG, {.number = &leave}, "with --write: publish nothing"},
    };
    const char *path = NULL;
    (void)options_read(&(struct options){.usage = "mapfile FILE [--maps N] [--rounds N] [--hold MS]\n"
                                                  "       mapfile FILE --write --pages N [--seed S] [--leave]\n"
                                                  "       mapfile FILE --verify",
                                         .about = "Maps a file, touches its pages, and checks them.",
                                         .option = option,
                                         .count = sizeof(option) / sizeof(option[0]),
                                         .words = &path,
                                         .words_max = 1},
                       argc, argv);
    if (path == NULL)
        usage_error("mapfile", "which file?", "FILE");
    if (seed >= 65536 || rounds >= 65536)
        usage_error("mapfile", "not above 65535:", "--seed, --rounds");
    if (write && pages == 0)
        usage_error("mapfile", "how long?", "--pages");
    return path;
}

int main(int argc, char **argv)
{
    const char *path = arguments(argc, argv);
    struct tally tally = {0};
    err_t err = OK;
    for (; err == OK && tally.round < rounds; tally.round++)
        err = write ? write_version(path, &tally) : verify ? verify_version(path, &tally) : map_version(path, &tally);
    if (err != OK)
        print("mapfile: %s: %s\n", path, err_name(err));
    result("mapfile",
           "pages=%u lost=%u version=%u seed=%u maps=%u map_us=%llu touch_us=%llu unmap_us=%llu error=%s rounds=%u "
           "kernel_frames=%d table_frames=%d",
           tally.pages, tally.lost, tally.version, pattern_seed(tally.stamp), tally.maps,
           (unsigned long long)tally.map_us, (unsigned long long)tally.touch_us, (unsigned long long)tally.unmap_us,
           err_name(err), tally.round, (int)tally.kernel_frames, (int)tally.table_frames);
    return err == OK && tally.lost == 0 ? 0 : 1;
}
