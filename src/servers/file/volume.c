#include "servers/file/volume.h"
#include "common/format.h"
#include "common/string.h"
#include "servers/file/cache.h"
#include <apteryx/disk.h>
#include <apteryx/ipc.h>
#include <apteryx/memory.h>

#define BLOCK_SECTORS (FILES_BLOCK_BYTES / DISK_SECTOR_BYTES)
#define METADATA_BLOCKS 64u

static struct volume disk_volume = {.name = "disk", .number = 1};

static err_t port_find(struct volume *volume)
{
    handle_t found;
    TRY(name_lookup(volume->disk, &found));
    if (volume->port != 0)
        (void)handle_close(volume->port);
    volume->port = found;
    return OK;
}

err_t volume_transfer(struct volume *volume, enum disk_operation operation, uint32_t block, const uint32_t *tokens,
                      uint32_t n)
{
    err_t err = disk_transfer(volume->port, operation, block * BLOCK_SECTORS, tokens, n);
    if (err == ERR_DEAD && port_find(volume) == OK) /* another driver may serve under the name now */
        err = disk_transfer(volume->port, operation, block * BLOCK_SECTORS, tokens, n);
    return err == OK ? OK : ERR_IO;
}

/* ---- what the file system on it asks for ---- */

static err_t block_read(void *context, uint32_t block, void *buffer)
{
    uint32_t token;
    const void *page = cache_bounce(&token);
    TRY(volume_transfer(context, DISK_READ, block, &token, 1));
    memcpy(buffer, page, FILES_BLOCK_BYTES);
    return OK;
}

static err_t block_write(void *context, uint32_t block, const void *buffer)
{
    uint32_t token;
    memcpy(cache_bounce(&token), buffer, FILES_BLOCK_BYTES);
    return volume_transfer(context, DISK_WRITE, block, &token, 1);
}

static err_t blocks_flush(void *context)
{
    const struct volume *volume = context;
    return disk_flush(volume->port) == OK ? OK : ERR_IO;
}

static void *memory_take(void *context, uint32_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void memory_release(void *context, void *memory, uint32_t bytes)
{
    (void)context;
    (void)bytes;
    free(memory);
}

static err_t volume_mount(struct volume *volume)
{
    uint64_t sectors = 0;
    TRY(port_find(volume));
    TRY(disk_size(volume->port, &sectors));
    uint64_t blocks = sectors / BLOCK_SECTORS;
    const struct files_memory memory = {.take = memory_take, .release = memory_release, .context = NULL};
    const struct files_device device = {.read = block_read,
                                        .write = block_write,
                                        .flush = blocks_flush,
                                        .context = volume,
                                        .blocks = blocks < FILES_BLOCKS_MAX ? (uint32_t)blocks : FILES_BLOCKS_MAX};
    return files_mount(&device, &memory, METADATA_BLOCKS, &volume->files);
}

/* Partition 0 is the whole disk; the first disk as a whole is not looked at, it is swap. */
static err_t place_try(uint32_t unit, uint32_t partition)
{
    char *name = disk_volume.disk;
    (void)format_text(name, sizeof(disk_volume.disk), partition == 0 ? "disk.%u" : "disk.%u.%u", unit, partition);
    return volume_mount(&disk_volume);
}

err_t volume_find(void)
{
    static const struct place {
        uint32_t unit, partition;
    } places[] = {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}};
    err_t last = ERR_NO_ENTRY;
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        err_t err = place_try(places[i].unit, places[i].partition);
        if (err == OK)
            return OK;
        if (err != ERR_NO_ENTRY && err != ERR_KIND)
            last = err;
    }
    return last;
}

struct volume *volume_named(const char *name)
{
    return disk_volume.files != NULL && strcmp(name, disk_volume.name) == 0 ? &disk_volume : NULL;
}

struct volume *volume_at(uint32_t i) { return i == 0 && disk_volume.files != NULL ? &disk_volume : NULL; }
