#include "servers/file/volume.h"
#include "common/format.h"
#include "common/string.h"
#include "servers/log.h"
#include <apteryx/disk.h>
#include <apteryx/ipc.h>

enum { VOLUME_DISK, VOLUME_CD, VOLUME_FAT, VOLUMES };

static struct volume volumes[VOLUMES] = {
    [VOLUME_DISK] = {.name = "disk", .number = 1},
    [VOLUME_CD] = {.name = "cd", .number = 2, .disk = "cd"},
    [VOLUME_FAT] = {.name = "fat", .number = 3},
};

static err_t port_find(struct volume *volume)
{
    handle_t found;
    TRY(name_lookup(volume->disk, &found));
    if (volume->port != 0)
        (void)handle_close(volume->port);
    volume->port = found;
    return OK;
}

err_t volume_transfer(struct volume *volume, enum disk_operation operation, uint32_t sector, const uint32_t *tokens,
                      uint32_t n)
{
    err_t err = disk_transfer(volume->port, operation, sector, tokens, n);
    if (err == ERR_DEAD && port_find(volume) == OK) /* another driver may serve under the name now */
        err = disk_transfer(volume->port, operation, sector, tokens, n);
    return err == OK ? OK : ERR_IO;
}

static err_t volume_mount(struct volume *volume, err_t (*mount)(struct volume *volume))
{
    uint64_t sectors = 0;
    TRY(port_find(volume));
    TRY(disk_size(volume->port, &sectors));
    volume->sectors = sectors < UINT32_MAX ? (uint32_t)sectors : UINT32_MAX;
    TRY(mount(volume));
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
static err_t place_try(struct volume *volume, uint32_t unit, uint32_t partition, err_t (*mount)(struct volume *volume))
{
    if (volume->kind != NULL)
        return OK;
    (void)format_text(volume->disk, sizeof(volume->disk), partition == 0 ? "disk.%u" : "disk.%u.%u", unit, partition);
    err_t err = volume_mount(volume, mount);
    return err == ERR_NO_ENTRY || err == ERR_KIND ? OK : err;
}

/* The first disk as a whole is not looked at, it is swap. */
err_t volumes_start(void)
{
    static const struct place {
        uint32_t unit, partition;
    } places[] = {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}};
    err_t last = OK;
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        uint32_t unit = places[i].unit, partition = places[i].partition;
        err_t ours = place_try(&volumes[VOLUME_DISK], unit, partition, volume_mount_files);
        err_t fat = place_try(&volumes[VOLUME_FAT], unit, partition, volume_mount_fat);
        last = ours != OK ? ours : fat != OK ? fat : last;
    }
    return last;
}

/* Whether it is there; a CD is looked for as often as it is asked for, until there is one. */
static bool is_mounted(struct volume *volume)
{
    if (volume->kind == NULL && volume == &volumes[VOLUME_CD])
        return volume_mount(volume, volume_mount_foreign) == OK;
    return volume->kind != NULL;
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
