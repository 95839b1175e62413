#include "files_disk.h"
#include <apteryx/random.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR_BYTES 512u

static uint8_t *place(uint8_t *data, uint32_t block) { return data + (size_t)block * FILES_BLOCK_BYTES; }

static err_t disk_read(void *context, uint32_t block, void *buffer)
{
    struct disk *disk = context;
    disk->reads++;
    if (block >= disk->blocks || (disk->fail_read != 0 && disk->reads >= disk->fail_read))
        return ERR_IO;
    memcpy(buffer, place(disk->now, block), FILES_BLOCK_BYTES);
    return OK;
}

static err_t disk_write(void *context, uint32_t block, const void *buffer)
{
    struct disk *disk = context;
    if (disk->before_change != NULL)
        disk->before_change(disk->context);
    disk->writes++;
    if (block >= disk->blocks || (disk->fail_write != 0 && disk->writes >= disk->fail_write))
        return ERR_IO;
    if (disk->pending_count == disk->pending_room) {
        disk->pending_room = disk->pending_room != 0 ? 2 * disk->pending_room : 16;
        disk->pending = realloc(disk->pending, disk->pending_room * sizeof *disk->pending);
    }
    struct disk_write *write = &disk->pending[disk->pending_count++];
    write->block = block;
    memcpy(write->data, buffer, FILES_BLOCK_BYTES);
    memcpy(place(disk->now, block), buffer, FILES_BLOCK_BYTES);
    return OK;
}

static err_t disk_flush(void *context)
{
    struct disk *disk = context;
    if (disk->before_change != NULL)
        disk->before_change(disk->context);
    if (disk->fail_write != 0 && disk->writes >= disk->fail_write)
        return ERR_IO;
    for (uint32_t i = 0; i < disk->pending_count; i++)
        memcpy(place(disk->durable, disk->pending[i].block), disk->pending[i].data, FILES_BLOCK_BYTES);
    disk->pending_count = 0;
    return OK;
}

void disk_start(struct disk *disk, uint32_t blocks)
{
    *disk = (struct disk){.blocks = blocks,
                          .now = calloc(blocks, FILES_BLOCK_BYTES),
                          .durable = calloc(blocks, FILES_BLOCK_BYTES),
                          .device = {disk_read, disk_write, disk_flush, disk, blocks}};
}

void disk_end(struct disk *disk)
{
    free(disk->now);
    free(disk->durable);
    free(disk->pending);
}

static void write_after_cut(const struct disk_write *write, enum cut how, uint32_t *random_state, struct disk *after)
{
    uint8_t *to = place(after->now, write->block);
    bool block_lost = random_below(random_state, 2) != 0;
    for (uint32_t at = 0; at < FILES_BLOCK_BYTES; at += SECTOR_BYTES) {
        bool sector_lost = random_below(random_state, 2) != 0;
        bool lost = how == CUT_ALL_LOST || (how == CUT_BLOCKS && block_lost) || (how == CUT_SECTORS && sector_lost);
        if (!lost)
            memcpy(to + at, write->data + at, SECTOR_BYTES);
    }
}

void disk_cut(const struct disk *disk, enum cut how, uint32_t *random_state, struct disk *after)
{
    memcpy(after->now, disk->durable, (size_t)disk->blocks * FILES_BLOCK_BYTES);
    uint32_t count = disk->pending_count, *order = calloc(count + 1, sizeof *order);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = how == CUT_NOTHING_LOST ? i : random_below(random_state, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    for (uint32_t i = 0; i < count; i++)
        write_after_cut(&disk->pending[order[i]], how, random_state, after);
    free(order);
    memcpy(after->durable, after->now, (size_t)disk->blocks * FILES_BLOCK_BYTES);
    after->pending_count = 0;
}

uint32_t host_memory_out;
uint32_t host_memory_fails = UINT32_MAX;

static void *take(void *context, uint32_t bytes)
{
    (void)context;
    if (host_memory_fails != UINT32_MAX && host_memory_fails-- == 0) {
        host_memory_fails = 0;
        return NULL;
    }
    host_memory_out += bytes;
    return malloc(bytes);
}

static void release(void *context, void *memory, uint32_t bytes)
{
    (void)context;
    host_memory_out -= bytes;
    free(memory);
}

const struct files_memory host_memory = {take, release, NULL};
