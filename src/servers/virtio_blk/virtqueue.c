#include "servers/virtio_blk/virtqueue.h"
#include "common/units.h"

#define DESCRIPTOR_NEXT 1u
#define DESCRIPTOR_TO_MEMORY 2u

struct virtqueue_descriptor {
    uint32_t physical, physical_high, bytes;
    uint16_t flags, next;
};

struct virtqueue_available {
    uint16_t flags, index, ring[];
};

struct virtqueue_used {
    uint16_t flags, index;
    struct {
        uint32_t descriptor, bytes;
    } ring[];
};

static uint32_t pages_up(uint32_t bytes) { return (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1); }

static uint32_t used_offset(uint32_t size)
{
    return pages_up(size * (uint32_t)sizeof(struct virtqueue_descriptor) + (3 + size) * (uint32_t)sizeof(uint16_t));
}

uint32_t virtqueue_bytes(uint32_t size)
{
    return used_offset(size) + pages_up(3 * (uint32_t)sizeof(uint16_t) + size * 2 * (uint32_t)sizeof(uint32_t));
}

void virtqueue_start(struct virtqueue *queue, uint32_t size, uintptr_t memory)
{
    queue->size = size;
    queue->descriptor = (volatile struct virtqueue_descriptor *)memory;
    queue->available = (volatile struct virtqueue_available *)(memory + size * sizeof(struct virtqueue_descriptor));
    queue->used = (volatile struct virtqueue_used *)(memory + used_offset(size));
    queue->seen = 0;
}

void virtqueue_put(struct virtqueue *queue, uint32_t slot, const struct piece *pieces, uint32_t count)
{
    uint32_t first = slot * VIRTQUEUE_PIECES;
    for (uint32_t i = 0; i < count; i++) {
        volatile struct virtqueue_descriptor *descriptor = &queue->descriptor[first + i];
        descriptor->physical = pieces[i].physical;
        descriptor->physical_high = 0;
        descriptor->bytes = pieces[i].bytes;
        descriptor->flags =
            (uint16_t)((i + 1 < count ? DESCRIPTOR_NEXT : 0) | (pieces[i].to_memory ? DESCRIPTOR_TO_MEMORY : 0));
        descriptor->next = (uint16_t)(first + i + 1);
    }
    uint16_t index = queue->available->index;
    queue->available->ring[index % queue->size] = (uint16_t)first;
    queue->available->index = (uint16_t)(index + 1); /* only now does the device look */
}

bool virtqueue_take(struct virtqueue *queue, uint32_t *slot)
{
    if (queue->seen == queue->used->index)
        return false;
    *slot = queue->used->ring[queue->seen % queue->size].descriptor / VIRTQUEUE_PIECES;
    queue->seen++;
    return true;
}
