/* The boot archive as the server sees it: files that can only be read, with one version, number 1. A name with slashes in it
 * lies in directories that are nowhere but in such names. The kernel has it in memory and copies what is asked for. */
#include "common/archive.h"
#include "common/string.h"
#include "servers/file/only_version.h"
#include <apteryx/machine.h>

#define PAGE_BLOCKS (FILES_BLOCK_BYTES / ARCHIVE_BLOCK_BYTES)

/* A file of it. name: not closed by a NUL, until the next one is read. */
struct entry {
    const char *name;
    uint32_t name_bytes;
    uint32_t data, bytes; /* where its data begin, from the archive's start */
};

static err_t header_read(uint32_t position, struct archive_header *header)
{
    static uint8_t block[ARCHIVE_BLOCK_BYTES];
    uint32_t count;
    TRY(boot_archive(position, sizeof(block), block, &count));
    return count == sizeof(block) ? archive_header(block, header) : ERR_NO_ENTRY;
}

/* The first file at or behind *position, which moves behind it. => ERR_NO_ENTRY: the end; ERR_IO: it is broken there */
static err_t next(uint32_t *position, struct entry *entry)
{
    struct archive_header header;
    do {
        TRY(header_read(*position, &header));
        entry->data = *position + ARCHIVE_BLOCK_BYTES;
        uint32_t blocks = header.bytes / ARCHIVE_BLOCK_BYTES + (header.bytes % ARCHIVE_BLOCK_BYTES != 0);
        if (blocks > (UINT32_MAX - entry->data) / ARCHIVE_BLOCK_BYTES)
            return ERR_IO;
        *position = entry->data + blocks * ARCHIVE_BLOCK_BYTES;
    } while (!header.is_file);
    entry->name = header.name;
    entry->name_bytes = header.name_bytes;
    entry->bytes = header.bytes;
    return OK;
}

/* ---- names ---- */

/* Does the entry lie in the directory, or below? *rest: its name from there. */
static bool lies_in(const struct entry *entry, const char *directory, const char **rest, uint32_t *rest_bytes)
{
    uint32_t skip = (uint32_t)strlen(directory);
    *rest = entry->name;
    *rest_bytes = entry->name_bytes;
    if (skip == 0)
        return true;
    if (entry->name_bytes <= skip + 1 || memcmp(entry->name, directory, skip) != 0 || entry->name[skip] != '/')
        return false;
    *rest += skip + 1;
    *rest_bytes -= skip + 1;
    return true;
}

/* What a path leads to; of a directory only that it is one. */
static err_t find_path(const char *path, bool *directory, struct entry *entry)
{
    uint32_t position = 0, rest_bytes, bytes = (uint32_t)strlen(path);
    const char *rest;
    for (;;) {
        TRY(next(&position, entry));
        *directory = lies_in(entry, path, &rest, &rest_bytes);
        if (*directory || (entry->name_bytes == bytes && memcmp(entry->name, path, bytes) == 0))
            return OK;
    }
}

static err_t look(struct volume *volume, const char *path, struct file_about *about)
{
    struct entry entry;
    bool directory;
    (void)volume;
    TRY(find_path(path, &directory, &entry));
    *about = only_version_about(directory, entry.bytes);
    return OK;
}

/* The first part of a rest of a name, if it comes behind `after` and before what `name` holds already. */
static bool part_is_next(const char *rest, uint32_t bytes, const char *after, const char *name, char *part)
{
    uint32_t length = 0;
    while (length < bytes && rest[length] != '/')
        length++;
    memcpy(part, rest, length);
    part[length] = '\0';
    return strcmp(part, after) > 0 && (name[0] == '\0' || strcmp(part, name) < 0);
}

static err_t list(struct volume *volume, const char *path, const char *after, char name[FILE_PATH_MAX + 1],
                  struct file_about *about)
{
    struct entry entry;
    uint32_t position = 0, rest_bytes;
    const char *rest;
    char part[FILE_PATH_MAX + 1];
    bool directory;
    err_t err;
    (void)volume;
    TRY(find_path(path, &directory, &entry));
    if (!directory)
        return ERR_KIND;
    name[0] = '\0';
    while ((err = next(&position, &entry)) == OK)
        if (lies_in(&entry, path, &rest, &rest_bytes) && part_is_next(rest, rest_bytes, after, name, part)) {
            memcpy(name, part, sizeof(part));
            *about = only_version_about(strlen(part) < rest_bytes, entry.bytes);
        }
    return err == ERR_NO_ENTRY && name[0] != '\0' ? OK : err;
}

static err_t file_find(const char *path, struct entry *entry)
{
    bool directory;
    TRY(find_path(path, &directory, entry));
    return directory ? ERR_KIND : OK;
}

static err_t versions(struct volume *volume, const char *path, uint32_t above, struct file_version *found,
                      uint32_t room, uint32_t *count)
{
    struct entry entry;
    (void)volume;
    TRY(file_find(path, &entry));
    *count = only_version_list(entry.bytes, above, found, room);
    return OK;
}

/* ---- contents ---- */

static err_t open(struct volume *volume, const char *path, uint32_t number, struct version *version)
{
    struct entry entry;
    (void)volume;
    TRY(file_find(path, &entry));
    version->boot_block = entry.data / ARCHIVE_BLOCK_BYTES;
    version->boot_bytes = entry.bytes;
    return number > ONLY_VERSION ? ERR_NO_ENTRY : OK;
}

static uint64_t size(const struct version *version) { return version->boot_bytes; }

static err_t find(struct version *version, uint32_t page, uint32_t *n, struct page_source *sources)
{
    for (uint32_t i = 0; i < *n; i++) {
        uint64_t at = ((uint64_t)page + i) * FILES_BLOCK_BYTES;
        sources[i] = (struct page_source){0, 0, 0};
        if (at >= version->boot_bytes)
            continue;
        uint32_t left = version->boot_bytes - (uint32_t)at;
        sources[i].block = version->boot_block + (uint32_t)at / ARCHIVE_BLOCK_BYTES;
        sources[i].bytes = left < FILES_BLOCK_BYTES ? left : FILES_BLOCK_BYTES;
    }
    return OK;
}

static uint32_t read(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                     const uint32_t *tokens, uint8_t *to)
{
    uint32_t good = 0, count;
    (void)version;
    (void)page;
    (void)tokens;
    while (good < n &&
           boot_archive(sources[good].block * ARCHIVE_BLOCK_BYTES, sources[good].bytes, to + good * FILES_BLOCK_BYTES,
                        &count) == OK &&
           count == sources[good].bytes)
        good++;
    return good;
}

static const struct volume_kind boot_kind = {
    .page_blocks = PAGE_BLOCKS,
    .look = look,
    .list = list,
    .versions = versions,
    .open = open,
    .close = only_version_close,
    .size = size,
    .number = only_version_number,
    .find = find,
    .read = read,
};

void volume_mount_boot(struct volume *volume) { volume->kind = &boot_kind; }
