#include "common/string.h"
#include "foreign/inside.h"

err_t foreign_mount(struct foreign_volume *volume, const struct foreign_device *device)
{
    volume->device = *device;
    volume->clock = 0;
    for (uint32_t i = 0; i < FOREIGN_BUFFERS; i++)
        volume->used[i] = 0;
    if (device->sectors < FOREIGN_PAGE_SECTORS)
        return ERR_KIND;
    err_t err = iso_mount(volume);
    return err == ERR_KIND ? fat_mount(volume) : err;
}

err_t foreign_sector(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, uint32_t *sector)
{
    TRY(volume->kind->sector(volume, node, i, sector));
    return *sector < volume->device.sectors ? OK : ERR_IO;
}

err_t foreign_content(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, const uint8_t **at)
{
    uint32_t sector;
    TRY(foreign_sector(volume, node, i, &sector));
    return foreign_look_at(volume, sector, 1, at);
}

static bool same(const struct foreign_volume *volume, const char *name, const char *wanted, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        if (name[i] != wanted[i] && !(volume->kind->folds && lower(name[i]) == lower(wanted[i])))
            return false;
    return name[bytes] == '\0';
}

/* The entry of that name, whose bytes are given, becomes the node. */
static err_t step(struct foreign_volume *volume, struct foreign_node *node, const char *name, uint32_t bytes)
{
    struct foreign_walk walk = {.directory = *node, .at = 0};
    if (!node->directory)
        return ERR_KIND;
    do
        TRY(volume->kind->next(volume, &walk));
    while (!same(volume, walk.name, name, bytes));
    *node = walk.node;
    return OK;
}

err_t foreign_look(struct foreign_volume *volume, const char *path, struct foreign_node *node)
{
    volume->kind->root(volume, node);
    while (*path != '\0') {
        uint32_t bytes = 0;
        while (path[bytes] != '/' && path[bytes] != '\0')
            bytes++;
        TRY(step(volume, node, path, bytes));
        path += bytes;
        if (*path == '/')
            path++;
    }
    return OK;
}

err_t foreign_list(struct foreign_volume *volume, const char *path, const char *after, char name[FOREIGN_NAME_MAX + 1],
                   struct foreign_node *node)
{
    struct foreign_walk walk = {.at = 0};
    bool found = false;
    err_t err;
    TRY(foreign_look(volume, path, &walk.directory));
    if (!walk.directory.directory)
        return ERR_KIND;
    while ((err = volume->kind->next(volume, &walk)) == OK) {
        if (strcmp(walk.name, after) <= 0 || (found && strcmp(walk.name, name) >= 0))
            continue;
        found = true;
        memcpy(name, walk.name, sizeof(walk.name));
        *node = walk.node;
    }
    return err == ERR_NO_ENTRY && found ? OK : err;
}
