/* Metadata blocks in memory: few, the longest unused goes first. A block here was checked when it came. */
#include "common/string.h"
#include "files/inside.h"
#include "files/node.h"

bool pointer_sane(const struct files_volume *v, struct files_pointer at)
{
    return at.block >= FILES_SLOTS && at.block < v->blocks;
}

static uint8_t *slot_data(const struct files_volume *v, const struct cache_slot *slot)
{
    return v->cache + (size_t)(slot - v->slots) * FILES_BLOCK_BYTES;
}

/* The slot of this block, or the one to put it in. */
static struct cache_slot *slot_for(struct files_volume *v, uint32_t block)
{
    struct cache_slot *oldest = v->slots;
    for (struct cache_slot *slot = v->slots; slot != v->slots + v->cache_blocks; slot++) {
        if (slot->block == block)
            return slot;
        if (slot->block == 0 || (oldest->block != 0 && slot->used < oldest->used))
            oldest = slot;
    }
    oldest->block = 0;
    return oldest;
}

static void slot_set(struct files_volume *v, struct cache_slot *slot, struct files_pointer at, kind_t kind)
{
    *slot = (struct cache_slot){at.block, at.checksum, kind, ++v->clock};
}

err_t cache_get(struct files_volume *v, struct files_pointer at, kind_t kind, const void **data)
{
    if (!pointer_sane(v, at))
        return ERR_IO;
    struct cache_slot *slot = slot_for(v, at.block);
    uint8_t *to = slot_data(v, slot);
    if (slot->block != at.block || slot->checksum != at.checksum || slot->kind != kind) {
        slot->block = 0;
        TRY(v->device.read(v->device.context, at.block, to));
        if (files_checksum(to) != at.checksum || (kind >= KIND_NODE && !node_sane(to, kind - KIND_NODE)))
            return ERR_IO;
    }
    slot_set(v, slot, at, kind);
    *data = to;
    return OK;
}

err_t cache_write_new(struct files_volume *v, kind_t kind, const void *data, struct files_pointer *at)
{
    uint32_t block;
    TRY(space_take_metadata(v, &block));
    err_t written = v->device.write(v->device.context, block, data);
    if (written != OK) {
        (void)!space_release(v, block);
        return written;
    }
    *at = (struct files_pointer){block, files_checksum(data)};
    struct cache_slot *slot = slot_for(v, block);
    memcpy(slot_data(v, slot), data, FILES_BLOCK_BYTES);
    slot_set(v, slot, *at, kind);
    walk_hold_children(v, data, kind);
    return OK;
}
