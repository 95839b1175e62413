#include "servers/file/volume.h"
#include "common/format.h"
#include "common/string.h"
#include "servers/file/cache.h"
#include "servers/log.h"
#include <apteryx/disk.h>
#include <apteryx/ipc.h>

enum { VOLUME_DISK, VOLUME_CD, VOLUME_FAT, VOLUME_BOOT, VOLUMES };

#define MARK_SECTOR 60u /* the page from here on has the description of an ISO 9660 disc in it, its date among others */
#define HASH_START 2166136261u /* FNV-1a */
#define HASH_FACTOR 16777619u

static struct volume volumes[VOLUMES] = {
    [VOLUME_DISK] = {.name = "disk"},
    [VOLUME_CD] = {.name = "cd", .disk = "cd"},
    [VOLUME_FAT] = {.name = "fat"},
    [VOLUME_BOOT] = {.name = "boot"},
};
static uint32_t mountings;

static err_t port_find(struct volume *volume)
{
    handle_t found;
    TRY(name_lookup(volume->disk, &found));
    if (volume->port != 0)
        (void)handle_close(volume->port);
    volume->port = found;
    return OK;
}

/* ---- discs that may be changed ---- */

static err_t mark_read(const struct volume *volume, uint32_t *mark)
{
    uint32_t token;
    const uint8_t *page = cache_bounce(&token);
    TRY(disk_transfer(volume->port, disk_operation_on(volume->medium, DISK_READ), MARK_SECTOR, &token, 1));
    *mark = HASH_START;
    for (uint32_t i = 0; i < FILES_BLOCK_BYTES; i++)
        *mark = (*mark ^ page[i]) * HASH_FACTOR;
    return OK;
}

/* A driver that has been started again knows nothing of the disc before: then the disc itself is asked, too. */
static bool disc_is_same(struct volume *volume)
{
    uint64_t sectors;
    uint32_t mark, medium, before = volume->medium;
    if (disk_medium(volume->port, &sectors, &medium) != OK)
        return false;
    volume->medium = medium;
    if (disk_medium_same_driver(medium, before))
        return medium == before;
    return disk_medium_is_first(medium) && sectors == volume->sectors && mark_read(volume, &mark) == OK &&
           mark == volume->mark;
}

/* What is open there answers errors from now on. */
static void volume_leave(struct volume *volume)
{
    if (volume->number != 0)
        log_line("file: /%s: the disc was changed, or is not there", volume->name);
    volume->number = 0;
}

/* ---- blocks ---- */

static err_t transfer(struct volume *volume, enum disk_operation operation, uint32_t sector, const uint32_t *tokens,
                      uint32_t n)
{
    return disk_transfer(volume->port, disk_operation_on(volume->medium, operation), sector, tokens, n);
}

err_t volume_transfer(struct volume *volume, enum disk_operation operation, uint32_t sector, const uint32_t *tokens,
                      uint32_t n)
{
    err_t err = transfer(volume, operation, sector, tokens, n);
    if (err == ERR_DEAD && port_find(volume) == OK) /* another driver may serve under the name now */
        err = transfer(volume, operation, sector, tokens, n);
    if (err == ERR_NO_ENTRY && volume == &volumes[VOLUME_CD]) {
        if (disc_is_same(volume))
            err = transfer(volume, operation, sector, tokens, n);
        else
            volume_leave(volume);
    }
    return err == OK ? OK : ERR_IO;
}

/* ---- mounting ---- */

static err_t volume_mount(struct volume *volume, err_t (*mount)(struct volume *volume))
{
    uint64_t sectors = 0;
    TRY(port_find(volume));
    TRY(disk_medium(volume->port, &sectors, &volume->medium));
    volume->sectors = sectors < UINT32_MAX ? (uint32_t)sectors : UINT32_MAX;
    if (volume == &volumes[VOLUME_CD])
        TRY(mark_read(volume, &volume->mark));
    TRY(mount(volume));
    volume->number = ++mountings;
    log_line("file: /%s on %s", volume->name, volume->disk);
    return OK;
}

/* Of partitions, those alone whose type says FAT16 or FAT32. */
static err_t volume_mount_fat(struct volume *volume)
{
    static const uint8_t types[] = {0x06, 0x0B, 0x0C, 0x0E};
    uint32_t type;
    TRY(disk_type(volume->port, &type));
    for (uint32_t i = 0; i < sizeof(types); i++)
        if (type == types[i])
            return volume_mount_foreign(volume);
    return ERR_KIND;
}

/* Partition 0 is the whole disk. Where there is nothing of that sort, nothing has gone wrong. */
static void place_try(struct volume *volume, uint32_t unit, uint32_t partition, err_t (*mount)(struct volume *volume))
{
    if (volume->number != 0)
        return;
    (void)format_text(volume->disk, sizeof(volume->disk), partition == 0 ? "disk.%u" : "disk.%u.%u", unit, partition);
    err_t err = volume_mount(volume, mount);
    if (err != OK && err != ERR_NO_ENTRY && err != ERR_KIND)
        log_line("file: %s cannot be mounted: %s", volume->disk, err_name(err));
}

/* The first disk as a whole is not looked at, it is swap. */
void volumes_start(void)
{
    static const struct place {
        uint32_t unit, partition;
    } places[] = {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}};
    volume_mount_boot(&volumes[VOLUME_BOOT]);
    volumes[VOLUME_BOOT].number = ++mountings;
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        uint32_t unit = places[i].unit, partition = places[i].partition;
        place_try(&volumes[VOLUME_DISK], unit, partition, volume_mount_files);
        place_try(&volumes[VOLUME_FAT], unit, partition, volume_mount_fat);
    }
}

/* Whether it is there. A disc is looked for as often as it is asked for. */
static bool is_mounted(struct volume *volume)
{
    if (volume != &volumes[VOLUME_CD])
        return volume->number != 0;
    if (volume->number != 0 && disc_is_same(volume))
        return true;
    volume_leave(volume);
    return volume_mount(volume, volume_mount_foreign) == OK;
}

struct volume *volume_named(const char *name)
{
    for (uint32_t i = 0; i < VOLUMES; i++)
        if (strcmp(name, volumes[i].name) == 0)
            return is_mounted(&volumes[i]) ? &volumes[i] : NULL;
    return NULL;
}

struct volume *volume_after(const char *name)
{
    struct volume *next = NULL;
    for (uint32_t i = 0; i < VOLUMES; i++)
        if (strcmp(volumes[i].name, name) > 0 && (next == NULL || strcmp(volumes[i].name, next->name) < 0) &&
            is_mounted(&volumes[i]))
            next = &volumes[i];
    return next;
}
