#include "servers/file/volume.h"
#include "common/format.h"
#include "common/string.h"
#include "servers/log.h"
#include <apteryx/disk.h>
#include <apteryx/ipc.h>

enum { VOLUME_DISK, VOLUME_CD, VOLUMES };

static struct volume volumes[VOLUMES] = {
    [VOLUME_DISK] = {.name = "disk", .number = 1},
    [VOLUME_CD] = {.name = "cd", .number = 2, .disk = "cd"},
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

/* Partition 0 is the whole disk; the first disk as a whole is not looked at, it is swap. */
static err_t place_try(uint32_t unit, uint32_t partition)
{
    struct volume *volume = &volumes[VOLUME_DISK];
    (void)format_text(volume->disk, sizeof(volume->disk), partition == 0 ? "disk.%u" : "disk.%u.%u", unit, partition);
    return volume_mount(volume, volume_mount_files);
}

err_t volumes_start(void)
{
    static const struct place {
        uint32_t unit, partition;
    } places[] = {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}};
    err_t last = OK;
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        err_t err = place_try(places[i].unit, places[i].partition);
        if (err == OK)
            return OK;
        if (err != ERR_NO_ENTRY && err != ERR_KIND)
            last = err;
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
