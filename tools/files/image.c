/* Disk images on the host (image.h). */
#include "image.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR_BYTES 512u
#define ALIGNMENT 0x100000u    /* partitions begin on a whole MiB */
#define CYLINDER_SECTORS 1008u /* Bochs takes whole cylinders only: 16 tracks of 63 sectors */
#define TABLE_OFFSET 446u      /* of the partition table in sector 0, the master boot record */
#define TABLE_ENTRIES 4u
#define CACHE_BLOCKS 256u

/* An entry of the partition table. */
struct partition {
    uint8_t boot;
    uint8_t first_chs[3];
    uint8_t type;
    uint8_t last_chs[3];
    uint32_t first;
    uint32_t sectors;
};
_Static_assert(sizeof(struct partition) == 16, "as the master boot record has it");

static const char *unfinished;

/* Ctrl-C and the like: nothing is left behind, and the program ends as it would have. */
static void interrupted(int number)
{
    if (unfinished != NULL)
        unlink(unfinished);
    signal(number, SIG_DFL);
    raise(number);
}

void fail_removes(const char *path)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    unfinished = path;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (signal(ends[i], interrupted) == SIG_IGN)
            signal(ends[i], SIG_IGN); /* as whoever started it wants it */
}

void fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "tools/%s: ", program_name);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    if (unfinished != NULL)
        unlink(unfinished);
    exit(1);
}

void fail_usage(const char *usage)
{
    fprintf(stderr, "%.*s\ntry tools/%s --help\n", (int)strcspn(usage, "\n"), usage, program_name);
    exit(2);
}

const char *error_text(err_t error)
{
#define ERROR_TEXT(number, name, text) [number] = (text),
    static const char *const texts[] = {ERRORS(ERROR_TEXT)};
#undef ERROR_TEXT
    return error == ERR_NO_ENTRY ? "not there" : error == ERR_RANGE ? "not a path" : texts[error];
}

static void *take(void *context, uint32_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void release(void *context, void *memory, uint32_t bytes)
{
    (void)context;
    (void)bytes;
    free(memory);
}

const struct files_memory image_memory = {take, release, NULL};

static off_t offset_of(const struct image *image, uint32_t block)
{
    return (off_t)(image->start + (uint64_t)block * FILES_BLOCK_BYTES);
}

static err_t read_block(void *context, uint32_t block, void *buffer)
{
    const struct image *image = context;
    return pread(image->file, buffer, FILES_BLOCK_BYTES, offset_of(image, block)) == FILES_BLOCK_BYTES ? OK : ERR_IO;
}

static err_t write_block(void *context, uint32_t block, const void *buffer)
{
    const struct image *image = context;
    errno = ENOSPC; /* what it means that not all was written */
    if (pwrite(image->file, buffer, FILES_BLOCK_BYTES, offset_of(image, block)) != FILES_BLOCK_BYTES)
        fail("the image can't be written: %s", strerror(errno));
    return OK;
}

static err_t flush(void *context)
{
    (void)context; /* the image is nobody's before it is done */
    return OK;
}

static void set_device(struct image *image, uint64_t start, uint64_t blocks)
{
    image->start = start;
    image->device = (struct files_device){read_block, write_block, flush, image,
                                          blocks < FILES_BLOCKS_MAX ? (uint32_t)blocks : FILES_BLOCKS_MAX};
}

/* Where the file system lies in an image of so many bytes. */
static void find_partition(struct image *image, const char *path, uint64_t bytes)
{
    uint8_t sector[SECTOR_BYTES];
    uint32_t magic;
    set_device(image, 0, bytes / FILES_BLOCK_BYTES);
    if (pread(image->file, sector, sizeof sector, 0) != (ssize_t)sizeof sector)
        fail("%s: no disk image", path);
    memcpy(&magic, sector, sizeof magic);
    if (magic == FILES_MAGIC || sector[SECTOR_BYTES - 2] != 0x55 || sector[SECTOR_BYTES - 1] != 0xAA)
        return;
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        struct partition entry;
        memcpy(&entry, sector + TABLE_OFFSET + i * sizeof entry, sizeof entry);
        uint64_t start = (uint64_t)entry.first * SECTOR_BYTES, length = (uint64_t)entry.sectors * SECTOR_BYTES;
        if (entry.type != FILES_PARTITION_TYPE)
            continue;
        if (start + length > bytes)
            fail("%s: partition %u goes beyond the image", path, i + 1);
        set_device(image, start, length / FILES_BLOCK_BYTES);
        return;
    }
    fail("%s: no partition of type 0x%X", path, FILES_PARTITION_TYPE);
}

void image_open(struct image *image, const char *path)
{
    image->file = open(path, O_RDONLY);
    if (image->file < 0)
        fail("%s: %s", path, strerror(errno));
    off_t bytes = lseek(image->file, 0, SEEK_END);
    if (bytes < 0)
        fail("%s: %s", path, strerror(errno));
    find_partition(image, path, (uint64_t)bytes);
}

struct files_volume *image_mount(const struct image *image)
{
    struct files_volume *volume;
    err_t mounted = files_mount(&image->device, &image_memory, CACHE_BLOCKS, &volume);
    if (mounted == ERR_KIND)
        fail("no file system of Apteryx's in it");
    if (mounted != OK)
        fail("the file system can't be read: %s", error_text(mounted));
    struct files_status status;
    files_status(volume, &status);
    if (status.read_only || status.bad_slots != 0)
        fprintf(stderr, "tools/%s: the file system is damaged: tools/fsck says where\n", program_name);
    return volume;
}

static struct partition partition(uint8_t type, uint64_t start, uint64_t bytes)
{
    /* the old numbers of cylinder, head and sector: beyond what they reach */
    return (struct partition){0,
                              {0xFE, 0xFF, 0xFF},
                              type,
                              {0xFE, 0xFF, 0xFF},
                              (uint32_t)(start / SECTOR_BYTES),
                              (uint32_t)(bytes / SECTOR_BYTES)};
}

void image_create(struct image *image, const char *path, uint64_t blocks, uint64_t swap_bytes)
{
    uint8_t sector[SECTOR_BYTES] = {0};
    uint64_t bytes = blocks * FILES_BLOCK_BYTES;
    uint64_t swap_start = (ALIGNMENT + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct partition table[TABLE_ENTRIES] = {partition(FILES_PARTITION_TYPE, ALIGNMENT, bytes)};
    if (swap_bytes != 0)
        table[1] = partition(FILES_SWAP_PARTITION_TYPE, swap_start, swap_bytes);
    memcpy(sector + TABLE_OFFSET, table, sizeof table);
    sector[SECTOR_BYTES - 2] = 0x55;
    sector[SECTOR_BYTES - 1] = 0xAA;
    image->file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (image->file < 0)
        fail("%s: %s", path, strerror(errno));
    fail_removes(path);
    uint64_t cylinder = (uint64_t)CYLINDER_SECTORS * SECTOR_BYTES, end = swap_start + swap_bytes;
    if (ftruncate(image->file, (off_t)((end + cylinder - 1) / cylinder * cylinder)) != 0 ||
        pwrite(image->file, sector, sizeof sector, 0) != (ssize_t)sizeof sector)
        fail("%s: %s", path, strerror(errno));
    set_device(image, ALIGNMENT, blocks);
}
