#include "servers/virtio_blk/device.h"
#include "common/units.h"
#include "servers/place.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>

/* Registers of the legacy interface (Virtio 1.1, 4.1.4.8), as offsets from `ports`. */
#define HOST_FEATURES 0u
#define OUR_FEATURES 4u
#define QUEUE_PAGE 8u
#define QUEUE_SIZE 12u
#define QUEUE_SELECT 14u
#define QUEUE_NOTIFY 16u
#define STATUS 18u
#define INTERRUPT_STATUS 19u /* reading it takes the interrupt back */
#define CAPACITY 20u         /* sectors, 64 bits */
#define SEGMENTS_MAX 32u

#define STATUS_SEEN 1u
#define STATUS_DRIVER 2u
#define STATUS_WORKS 4u

#define FEATURE_SEGMENTS_MAX (1u << 2)
#define FEATURE_FLUSH (1u << 9)

#define REQUEST_READ 0u
#define REQUEST_WRITE 1u
#define REQUEST_FLUSH 4u
#define DONE_OK 0u

struct device_memory {
    struct slot_memory {
        uint32_t type, priority, sector, sector_high;
        uint8_t status;
    } slot[VIRTQUEUE_SLOTS];
    uint8_t first_sector[DISK_SECTOR_BYTES];
};
#define HEADER_BYTES 16u
_Static_assert(sizeof(struct device_memory) <= PAGE_BYTES, "one page behind the queue");
_Static_assert(offsetof(struct slot_memory, status) == HEADER_BYTES, "the header is what the device reads");

static uint16_t port(const struct device *device, uint32_t offset) { return (uint16_t)(device->ports + offset); }

void device_reset(const struct device *device) { port_out8(port(device, STATUS), 0); }

static err_t memory_make(struct device *device, uint32_t size)
{
    uintptr_t at;
    uint32_t physical, bytes = virtqueue_bytes(size);
    TRY(place_find(bytes + PAGE_BYTES, &at));
    TRY(vm_set_dma(at, bytes + PAGE_BYTES, UINT32_MAX, &physical));
    virtqueue_start(&device->queue, size, at);
    device->memory = (volatile struct device_memory *)(at + bytes);
    device->memory_physical = physical + bytes;
    port_out32(port(device, QUEUE_PAGE), physical / PAGE_BYTES);
    return OK;
}

/* The queue is long enough for one request of the largest size, and the device takes as many pieces. */
static err_t device_check(const struct device *device, uint32_t features, uint32_t size)
{
    if (size < VIRTQUEUE_PIECES)
        return ERR_KIND;
    bool enough = !(features & FEATURE_SEGMENTS_MAX) || port_in32(port(device, SEGMENTS_MAX)) >= DISK_PAGES_MAX;
    return enough ? OK : ERR_KIND;
}

err_t device_open(struct device *device)
{
    port_out8(port(device, STATUS), STATUS_SEEN);
    port_out8(port(device, STATUS), STATUS_SEEN | STATUS_DRIVER);
    uint32_t features = port_in32(port(device, HOST_FEATURES)) & (FEATURE_SEGMENTS_MAX | FEATURE_FLUSH);
    port_out32(port(device, OUR_FEATURES), features);
    device->flushes = features & FEATURE_FLUSH;
    port_out16(port(device, QUEUE_SELECT), 0);
    uint32_t size = port_in16(port(device, QUEUE_SIZE));
    TRY(device_check(device, features, size));
    TRY(memory_make(device, size));
    bool beyond = port_in32(port(device, CAPACITY + 4)) != 0;
    device->sectors = beyond ? UINT32_MAX : port_in32(port(device, CAPACITY));
    port_out8(port(device, STATUS), STATUS_SEEN | STATUS_DRIVER | STATUS_WORKS);
    return device->sectors > 0 ? OK : ERR_NO_ENTRY;
}

static uint32_t slot_physical(const struct device *device, uint32_t slot)
{
    return device->memory_physical + slot * (uint32_t)sizeof(struct slot_memory);
}

/* The pieces between the header and the status byte are there. */
static void slot_send(struct device *device, uint32_t slot, struct piece *pieces, uint32_t count)
{
    device->memory->slot[slot].priority = 0;
    device->memory->slot[slot].sector_high = 0;
    pieces[0] = (struct piece){slot_physical(device, slot), HEADER_BYTES, false};
    pieces[count - 1] = (struct piece){slot_physical(device, slot) + HEADER_BYTES, 1, true};
    virtqueue_put(&device->queue, slot, pieces, count);
    port_out16(port(device, QUEUE_NOTIFY), 0);
}

void device_read_first(struct device *device)
{
    struct piece pieces[3];
    uint32_t at = device->memory_physical + (uint32_t)offsetof(struct device_memory, first_sector);
    device->memory->slot[0].type = REQUEST_READ;
    device->memory->slot[0].sector = 0;
    pieces[1] = (struct piece){at, DISK_SECTOR_BYTES, true};
    slot_send(device, 0, pieces, 3);
}

const uint8_t *device_first_sector(const struct device *device)
{
    return (const uint8_t *)(uintptr_t)device->memory->first_sector;
}

static uint32_t slot_free(const struct device *device)
{
    uint32_t slot = 0;
    while (slot < virtqueue_slots(&device->queue) && device->request[slot] != NULL)
        slot++;
    return slot;
}

bool device_has_room(const struct device *device)
{
    return device->ports != 0 && slot_free(device) < virtqueue_slots(&device->queue);
}

err_t device_begin(struct device *device, struct disk_request *request, handle_t dma)
{
    static const uint32_t types[] = {
        [DISK_WORK_READ] = REQUEST_READ, [DISK_WORK_WRITE] = REQUEST_WRITE, [DISK_WORK_FLUSH] = REQUEST_FLUSH};
    struct piece pieces[VIRTQUEUE_PIECES];
    uint32_t slot = slot_free(device);
    for (uint32_t i = 0; i < request->pages; i++) {
        pieces[1 + i] = (struct piece){0, PAGE_BYTES, request->work == DISK_WORK_READ};
        TRY(token_physical(dma, request->token[i], &pieces[1 + i].physical));
    }
    device->memory->slot[slot].type = types[request->work];
    device->memory->slot[slot].sector = request->sector;
    device->request[slot] = request;
    slot_send(device, slot, pieces, request->pages + 2);
    return OK;
}

void device_quiet(const struct device *device) { (void)port_in8(port(device, INTERRUPT_STATUS)); }

bool device_take(struct device *device, struct disk_request **request, err_t *err)
{
    uint32_t slot;
    if (!virtqueue_take(&device->queue, &slot) || slot >= VIRTQUEUE_SLOTS)
        return false;
    *request = device->request[slot];
    *err = device->memory->slot[slot].status == DONE_OK ? OK : ERR_IO;
    device->request[slot] = NULL;
    return true;
}
