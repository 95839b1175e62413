/* File systems of other makers (src/foreign) as the server sees them. A file has one version, number 1. A page that lies
 * in one piece goes straight from the disk to its frame; one in pieces, and the last one of a file, goes through memory. */
#include "servers/file/only_version.h"
#include "common/string.h"
#include "servers/file/cache.h"
#include <apteryx/memory.h>

_Static_assert(FOREIGN_NAME_MAX <= FILE_PATH_MAX, "a name fits into a message");

/* Whole blocks of a CD if the sector is the first of one. */
static err_t sectors_read(void *context, uint32_t sector, void *buffer)
{
    uint32_t token;
    const void *page = cache_bounce(&token);
    TRY(volume_transfer(context, DISK_READ, sector, &token, 1));
    memcpy(buffer, page, FOREIGN_PAGE_BYTES);
    return OK;
}

/* ---- names ---- */

static err_t look(struct volume *volume, const char *path, struct file_about *about)
{
    struct foreign_node node;
    TRY(foreign_look(volume->foreign, path, &node));
    *about = only_version_about(node.directory, node.bytes);
    return OK;
}

static err_t list(struct volume *volume, const char *path, const char *after, char name[FILE_PATH_MAX + 1],
                  struct file_about *about)
{
    struct foreign_node node;
    TRY(foreign_list(volume->foreign, path, after, name, &node));
    *about = only_version_about(node.directory, node.bytes);
    return OK;
}

static err_t file_look(struct volume *volume, const char *path, struct foreign_node *node)
{
    TRY(foreign_look(volume->foreign, path, node));
    return node->directory ? ERR_KIND : OK;
}

static err_t versions(struct volume *volume, const char *path, uint32_t above, struct file_version *found,
                      uint32_t room, uint32_t *count)
{
    struct foreign_node node;
    TRY(file_look(volume, path, &node));
    *count = only_version_list(node.bytes, above, found, room);
    return OK;
}

/* ---- contents ---- */

static err_t open(struct volume *volume, const char *path, uint32_t number, struct version *version)
{
    TRY(file_look(volume, path, &version->foreign));
    if (number > ONLY_VERSION)
        return ERR_NO_ENTRY;
    return version->foreign.unreadable ? ERR_RANGE : OK;
}

static uint64_t size(const struct version *version) { return version->foreign.bytes; }

static err_t source_find(struct version *version, uint32_t page, struct page_source *source)
{
    uint64_t size = version->foreign.bytes, at = (uint64_t)page * FOREIGN_PAGE_BYTES;
    *source = (struct page_source){0, 0, 0};
    if (at >= size)
        return OK;
    source->bytes = size - at < FOREIGN_PAGE_BYTES ? (uint32_t)(size - at) : FOREIGN_PAGE_BYTES;
    return foreign_sector(version->volume->foreign, &version->foreign, page * FOREIGN_PAGE_SECTORS, &source->block);
}

/* Of a disc that is not there any more nothing is shown, though it be in the cache. */
static err_t find(struct version *version, uint32_t page, uint32_t *n, struct page_source *sources)
{
    if (version->mounting != version->volume->number)
        return ERR_IO;
    TRY(source_find(version, page, &sources[0]));
    uint32_t known = 1;
    while (known < *n && source_find(version, page + known, &sources[known]) == OK)
        known++;
    *n = known;
    return OK;
}

/* How many pages from this one on lie there as they are: consecutive sectors. */
static uint32_t straight(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n)
{
    struct foreign_node *node = &version->foreign;
    uint32_t pages = 0, sector;
    for (; pages < n && sources[pages].bytes == FOREIGN_PAGE_BYTES; pages++)
        for (uint32_t i = 0; i < FOREIGN_PAGE_SECTORS; i++)
            if (foreign_sector(version->volume->foreign, node, (page + pages) * FOREIGN_PAGE_SECTORS + i, &sector) !=
                    OK ||
                sector != sources[0].block + pages * FOREIGN_PAGE_SECTORS + i)
                return pages;
    return pages;
}

static err_t page_gather(struct version *version, uint32_t page, uint32_t bytes, uint8_t *to)
{
    for (uint32_t at = 0; at < bytes; at += FOREIGN_SECTOR_BYTES) {
        const uint8_t *from;
        uint32_t i = page * FOREIGN_PAGE_SECTORS + at / FOREIGN_SECTOR_BYTES;
        TRY(foreign_content(version->volume->foreign, &version->foreign, i, &from));
        memcpy(to + at, from, bytes - at < FOREIGN_SECTOR_BYTES ? bytes - at : FOREIGN_SECTOR_BYTES);
    }
    return OK;
}

static uint32_t read(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                     const uint32_t *tokens, uint8_t *to)
{
    uint32_t done = 0;
    while (done < n) {
        uint32_t run = straight(version, page + done, sources + done, n - done);
        err_t err = OK;
        if (run > 0)
            err = volume_transfer(version->volume, DISK_READ, sources[done].block, tokens + done, run);
        if (run == 0 || (err != OK && done == 0)) { /* the first alone, sector by sector */
            run = 1;
            err = page_gather(version, page + done, sources[done].bytes, to + done * FOREIGN_PAGE_BYTES);
        }
        if (err != OK)
            break;
        done += run;
    }
    return done;
}

static const struct volume_kind foreign_kind = {
    .page_blocks = FOREIGN_PAGE_SECTORS,
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

err_t volume_mount_foreign(struct volume *volume)
{
    const struct foreign_device device = {.read = sectors_read, .context = volume, .sectors = volume->sectors};
    struct foreign_volume *foreign = volume->foreign != NULL ? volume->foreign : malloc(sizeof(*foreign));
    if (foreign == NULL)
        return ERR_MEMORY;
    volume->foreign = NULL;
    err_t err = foreign_mount(foreign, &device);
    if (err != OK) {
        free(foreign);
        return err;
    }
    volume->foreign = foreign;
    volume->kind = &foreign_kind;
    return OK;
}
