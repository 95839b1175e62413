/* One virtio block device behind its legacy registers: finding out what it is, giving it requests, taking its answers. */
#ifndef VIRTIO_BLK_DEVICE_H
#define VIRTIO_BLK_DEVICE_H

#include "servers/virtio_blk/virtqueue.h"
#include <apteryx/disk_server.h>

struct device {
    uint16_t ports;   /* its registers; 0: it does not serve */
    uint32_t line;    /* the interrupt's */
    uint32_t sectors; /* a larger disk counts as 2 TiB */
    bool flushes;     /* it has a cache that can be flushed; without: what is written is written */
    struct virtqueue queue;
    struct disk_request *request[VIRTQUEUE_SLOTS]; /* NULL: the slot is free */
    volatile struct device_memory *memory;         /* headers, status bytes and a sector; the queue lies before it */
    uint32_t memory_physical;
};

/* It does nothing any more: neither interrupts nor memory. */
void device_reset(const struct device *device);

/* => reset  => ERR_KIND: not one that this driver can use; ERR_MEMORY … */
MUST_USE err_t device_open(struct device *device);

/* Asks for the first sector; device_first_sector is that, once device_take has said NULL. */
void device_read_first(struct device *device);
const uint8_t *device_first_sector(const struct device *device);

bool device_has_room(const struct device *device);

/* Begins a request. => there is room  => error: it was not begun, for a token is no longer valid */
MUST_USE err_t device_begin(struct device *device, struct disk_request *request, handle_t dma);

/* Takes the interrupt back. */
void device_quiet(const struct device *device);

/* A request that has ended, and how. False: none has. */
MUST_USE bool device_take(struct device *device, struct disk_request **request, err_t *err);

#endif
