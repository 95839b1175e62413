/* Apteryx's own file system (src/files) as the server sees it. */
#include "servers/file/volume.h"
#include "common/string.h"
#include "servers/file/cache.h"
#include <apteryx/disk.h>
#include <apteryx/memory.h>

#define METADATA_BLOCKS 64u
#define VERSIONS_AT_ONCE 32u

/* ---- what the file system on it asks for ---- */

static err_t block_read(void *context, uint32_t block, void *buffer)
{
    uint32_t token;
    const void *page = cache_bounce(&token);
    TRY(volume_transfer(context, DISK_READ, block * VOLUME_PAGE_SECTORS, &token, 1));
    memcpy(buffer, page, FILES_BLOCK_BYTES);
    return OK;
}

static err_t block_write(void *context, uint32_t block, const void *buffer)
{
    uint32_t token;
    memcpy(cache_bounce(&token), buffer, FILES_BLOCK_BYTES);
    return volume_transfer(context, DISK_WRITE, block * VOLUME_PAGE_SECTORS, &token, 1);
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

/* ---- names ---- */

static void about_fill(const struct files_entry *entry, struct file_about *about)
{
    *about = (struct file_about){.kind = entry->kind,
                                 .size_low = (uint32_t)entry->size,
                                 .size_high = (uint32_t)(entry->size >> 32),
                                 .newest = entry->newest,
                                 .versions = entry->versions,
                                 .keep = entry->keep};
}

static err_t look(struct volume *volume, const char *path, struct file_about *about)
{
    struct files_entry entry;
    TRY(files_look(volume->files, path, &entry));
    about_fill(&entry, about);
    return OK;
}

static err_t list(struct volume *volume, const char *path, const char *after, char name[FILE_PATH_MAX + 1],
                  struct file_about *about)
{
    static struct files_listed listed;
    TRY(files_list(volume->files, path, after, &listed));
    memcpy(name, listed.name, sizeof(listed.name));
    about_fill(&listed.entry, about);
    return OK;
}

static err_t versions(struct volume *volume, const char *path, uint32_t above, struct file_version *found,
                      uint32_t room, uint32_t *count)
{
    struct files_published published[VERSIONS_AT_ONCE];
    TRY(files_versions(volume->files, path, above, published, room < VERSIONS_AT_ONCE ? room : VERSIONS_AT_ONCE,
                       count));
    for (uint32_t i = 0; i < *count; i++)
        found[i] = (struct file_version){.number = published[i].number,
                                         .size_low = (uint32_t)published[i].size,
                                         .size_high = (uint32_t)(published[i].size >> 32)};
    return OK;
}

/* ---- contents ---- */

static err_t open(struct volume *volume, const char *path, uint32_t number, struct version *version)
{
    return files_open(volume->files, path, number, &version->files);
}

static void close(struct version *version) { files_close(version->files); }
static uint64_t size(const struct version *version) { return files_size(version->files); }
static uint32_t number(const struct version *version) { return files_number(version->files); }

static err_t find(struct version *version, uint32_t page, uint32_t *n, struct page_source *sources)
{
    struct files_pointer pointers[CACHE_RUN_MAX];
    TRY(files_find(version->files, page, *n, pointers));
    for (uint32_t i = 0; i < *n; i++)
        sources[i] = (struct page_source){pointers[i].block, FILES_BLOCK_BYTES, pointers[i].checksum};
    return OK;
}

/* Where not all can be read, the first alone is tried; what does not sum up, and all behind it, is not good. */
static uint32_t read(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                     const uint32_t *tokens, uint8_t *to)
{
    (void)page;
    uint32_t sector = sources[0].block * VOLUME_PAGE_SECTORS, good = 0;
    err_t err = volume_transfer(version->volume, DISK_READ, sector, tokens, n);
    if (err != OK && n > 1) {
        n = 1;
        err = volume_transfer(version->volume, DISK_READ, sector, tokens, n);
    }
    while (err == OK && good < n && files_checksum(to + good * FILES_BLOCK_BYTES) == sources[good].checksum)
        good++;
    return good;
}

static const struct volume_kind files_kind = {
    .page_blocks = 1,
    .look = look,
    .list = list,
    .versions = versions,
    .open = open,
    .close = close,
    .size = size,
    .number = number,
    .find = find,
    .read = read,
};

err_t volume_mount_files(struct volume *volume)
{
    uint32_t blocks = volume->sectors / VOLUME_PAGE_SECTORS;
    const struct files_memory memory = {.take = memory_take, .release = memory_release, .context = NULL};
    const struct files_device device = {.read = block_read,
                                        .write = block_write,
                                        .flush = blocks_flush,
                                        .context = volume,
                                        .blocks = blocks < FILES_BLOCKS_MAX ? blocks : FILES_BLOCKS_MAX};
    TRY(files_mount(&device, &memory, METADATA_BLOCKS, &volume->files));
    volume->kind = &files_kind;
    return OK;
}
