/* Format, mount, commit: the superblock, of which the newest slot that sums up is the file system. */
#include "common/string.h"
#include "files/checksum.h"
#include "files/inside.h"

void *memory_take(struct files_volume *v, uint32_t bytes) { return v->memory.take(v->memory.context, bytes); }

void memory_release(struct files_volume *v, void *memory, uint32_t bytes)
{
    if (memory != NULL)
        v->memory.release(v->memory.context, memory, bytes);
}

/* ---- slots ---- */

static uint32_t slot_of(uint64_t generation) { return (uint32_t)(generation % FILES_SLOTS); }

/* `block` is where it is put together. */
static err_t slot_write(const struct files_device *device, struct files_superblock *super, void *block)
{
    memset(block, 0, FILES_BLOCK_BYTES);
    super->checksum = 0;
    memcpy(block, super, sizeof *super);
    super->checksum = files_checksum(block);
    memcpy(block, super, sizeof *super);
    return device->write(device->context, slot_of(super->generation), block);
}

/* => ERR_KIND: no superblock of this format; ERR_IO: it does not sum up, or makes no sense */
static err_t slot_read(const struct files_device *device, uint32_t slot, struct files_superblock *super, void *block)
{
    TRY(device->read(device->context, slot, block));
    memcpy(super, block, sizeof *super);
    if (super->magic != FILES_MAGIC || super->format != FILES_FORMAT)
        return ERR_KIND;
    struct files_superblock as_summed = *super;
    as_summed.checksum = 0;
    memcpy(block, &as_summed, sizeof as_summed);
    bool sane = files_checksum(block) == super->checksum && slot_of(super->generation) == slot &&
                super->blocks >= FILES_BLOCKS_MIN && super->blocks <= FILES_BLOCKS_MAX && super->next_id != 0 &&
                super->levels <= FILES_LEVELS_MAX && (super->levels == 0) == (super->root.block == 0);
    return sane ? OK : ERR_IO;
}

err_t files_format(const struct files_device *device, const struct files_memory *memory, uint32_t keep)
{
    if (device->blocks < FILES_BLOCKS_MIN || device->blocks > FILES_BLOCKS_MAX)
        return ERR_RANGE;
    void *block = memory->take(memory->context, FILES_BLOCK_BYTES);
    if (block == NULL)
        return ERR_MEMORY;
    checksum_start();
    err_t done = OK;
    for (uint32_t generation = 0; generation < FILES_SLOTS && done == OK; generation++) {
        struct files_superblock super = {.magic = FILES_MAGIC,
                                         .format = FILES_FORMAT,
                                         .blocks = device->blocks,
                                         .generation = generation,
                                         .next_id = 1,
                                         .keep = keep};
        done = slot_write(device, &super, block);
    }
    memory->release(memory->context, block, FILES_BLOCK_BYTES);
    return done == OK ? device->flush(device->context) : done;
}

/* ---- mounting ---- */

/* The newest slot; all that stands in it, into the volume. */
static err_t read_superblock(struct files_volume *v)
{
    struct files_superblock super;
    err_t worst = ERR_KIND;
    bool found = false;
    for (uint32_t slot = 0; slot < FILES_SLOTS; slot++) {
        err_t read = slot_read(&v->device, slot, &super, v->edit);
        if (read != OK) {
            worst = read == ERR_IO ? ERR_IO : worst;
            v->bad_slots++;
            continue;
        }
        if (found && super.generation < v->generation)
            continue;
        found = true;
        v->generation = super.generation;
        v->blocks = super.blocks;
        v->current = (struct tree_root){super.root, super.levels};
        v->next_id = super.next_id;
        v->keep = super.keep;
    }
    if (!found)
        return worst;
    return v->blocks <= v->device.blocks ? OK : ERR_RANGE;
}

static err_t take_memory(struct files_volume *v)
{
    v->references = memory_take(v, v->blocks * (uint32_t)sizeof *v->references);
    v->slots = memory_take(v, v->cache_blocks * (uint32_t)sizeof *v->slots);
    v->cache = memory_take(v, v->cache_blocks * FILES_BLOCK_BYTES);
    if (v->references == NULL || v->slots == NULL || v->cache == NULL)
        return ERR_MEMORY;
    memset(v->references, 0, v->blocks * sizeof *v->references);
    memset(v->slots, 0, v->cache_blocks * sizeof *v->slots);
    return OK;
}

static err_t mount(struct files_volume *v)
{
    TRY(read_superblock(v));
    TRY(take_memory(v));
    v->free = v->blocks - FILES_SLOTS;
    v->next_run = v->metadata_run = FILES_SLOTS;
    v->durable = v->current;
    if (v->current.levels != 0) {
        walk_count(v, v->current.at, KIND_NODE + v->current.levels - 1);
        if (pointer_sane(v, v->current.at))
            space_hold(v, v->current.at.block);
    }
    return OK;
}

err_t files_mount(const struct files_device *device, const struct files_memory *memory, uint32_t cache_blocks,
                  struct files_volume **volume)
{
    if (cache_blocks < FILES_CACHE_MIN || cache_blocks > UINT32_MAX / FILES_BLOCK_BYTES)
        return ERR_RANGE;
    struct files_volume *v = memory->take(memory->context, sizeof *v);
    if (v == NULL)
        return ERR_MEMORY;
    memset(v, 0, sizeof *v);
    v->device = *device;
    v->memory = *memory;
    v->cache_blocks = cache_blocks;
    checksum_start();
    err_t mounted = mount(v);
    if (mounted != OK)
        files_unmount(v);
    else
        *volume = v;
    return mounted;
}

void files_unmount(struct files_volume *v)
{
    memory_release(v, v->references, v->blocks * (uint32_t)sizeof *v->references);
    memory_release(v, v->slots, v->cache_blocks * (uint32_t)sizeof *v->slots);
    memory_release(v, v->cache, v->cache_blocks * FILES_BLOCK_BYTES);
    memory_release(v, v, sizeof *v);
}

/* ---- commit ---- */

static err_t write_superblock(struct files_volume *v)
{
    struct files_superblock super = {.magic = FILES_MAGIC,
                                     .format = FILES_FORMAT,
                                     .blocks = v->blocks,
                                     .generation = v->generation + 1,
                                     .root = v->current.at,
                                     .levels = v->current.levels,
                                     .next_id = v->next_id,
                                     .keep = v->keep};
    TRY(v->device.flush(v->device.context));
    TRY(slot_write(&v->device, &super, v->edit));
    return v->device.flush(v->device.context);
}

err_t files_commit(struct files_volume *v)
{
    if (!v->changed)
        return OK;
    if (v->read_only)
        return ERR_RIGHTS;
    err_t written = write_superblock(v);
    if (written != OK) {
        v->read_only = true;
        return written;
    }
    struct tree_root left = v->durable;
    if (v->current.levels != 0)
        space_hold(v, v->current.at.block);
    v->durable = v->current;
    v->generation++;
    v->changed = false;
    v->no_runs = false;
    if (left.levels != 0)
        walk_release(v, left.at, KIND_NODE + left.levels - 1);
    return OK;
}

void files_status(const struct files_volume *v, struct files_status *status)
{
    *status = (struct files_status){
        .blocks = v->blocks,
        .free = v->free,
        .reserved = v->promised,
        .kept_back = METADATA_BLOCKS,
        .generation = v->generation,
        .keep = v->keep,
        .bad_slots = v->bad_slots,
        .read_only = v->read_only,
        .changed = v->changed,
    };
}
