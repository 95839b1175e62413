/* The one queue of a virtio block device, as the legacy interface lays it out (Virtio 1.1, 2.6), in slots: each request
 * has a run of descriptors of its own, so that there is nothing to allocate, and a completion names its slot. */
#ifndef VIRTIO_BLK_VIRTQUEUE_H
#define VIRTIO_BLK_VIRTQUEUE_H

#include "abi/disk.h"
#include <stdbool.h>
#include <stdint.h>

#define VIRTQUEUE_PIECES (DISK_PAGES_MAX + 2u) /* a header, the pages, a status byte */
#define VIRTQUEUE_SLOTS 8u                     /* at most; fewer where the device's queue is short */

struct virtqueue {
    uint32_t size; /* descriptors, as the device has it */
    volatile struct virtqueue_descriptor *descriptor;
    volatile struct virtqueue_available *available;
    volatile struct virtqueue_used *used;
    uint16_t seen; /* of what the device has used */
};

/* A piece of memory of a request. */
struct piece {
    uint32_t physical, bytes;
    bool to_memory; /* the device writes it */
};

uint32_t virtqueue_bytes(uint32_t size);
void virtqueue_start(struct virtqueue *queue, uint32_t size, uintptr_t memory); /* => memory is all zeros */
static inline uint32_t virtqueue_slots(const struct virtqueue *queue)
{
    uint32_t slots = queue->size / VIRTQUEUE_PIECES;
    return slots < VIRTQUEUE_SLOTS ? slots : VIRTQUEUE_SLOTS;
}

/* => the slot is not in use; 1 <= count <= VIRTQUEUE_PIECES */
void virtqueue_put(struct virtqueue *queue, uint32_t slot, const struct piece *pieces, uint32_t count);

/* The slot of the next request that the device has done with. False: none. */
bool virtqueue_take(struct virtqueue *queue, uint32_t *slot);

#endif
