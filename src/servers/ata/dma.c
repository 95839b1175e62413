#include "common/units.h"
#include "servers/ata/bus_master.h"
#include "servers/ata/transfer.h"
#include "servers/place.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>

#define REGION_LAST 0x80000000u

/* A physical region as the bus master reads it: word-aligned, within 64 KiB. Ours are single pages. */
struct region {
    uint32_t address, bytes;
};

static volatile struct region *table; /* one page: never crosses 64 KiB, which the bus master could not follow */
static uint32_t table_physical;
static handle_t dma_right;

err_t dma_open(handle_t dma)
{
    uintptr_t at;
    dma_right = dma;
    TRY(place_find(PAGE_BYTES, &at));
    TRY(vm_set_dma(at, PAGE_BYTES, UINT32_MAX, &table_physical));
    table = (volatile struct region *)at;
    return OK;
}

static err_t table_fill(const struct transfer *transfer)
{
    for (uint32_t i = 0; i < transfer->pages; i++) {
        uint32_t physical;
        TRY(token_physical(dma_right, transfer->token[i], &physical));
        table[i].address = physical;
        table[i].bytes = PAGE_BYTES | (i + 1 == transfer->pages ? REGION_LAST : 0);
    }
    return OK;
}

err_t dma_transfer(const struct channel *channel, const struct transfer *transfer)
{
    bool read = !transfer->write;
    uint16_t control = (uint16_t)(channel->bus_master + BUS_MASTER_COMMAND);
    uint8_t direction = read ? BUS_MASTER_TO_MEMORY : 0;
    uint8_t command =
        transfer->extended ? (read ? ATA_READ_DMA_EXT : ATA_WRITE_DMA_EXT) : (read ? ATA_READ_DMA : ATA_WRITE_DMA);
    TRY(table_fill(transfer));
    port_out32((uint16_t)(channel->bus_master + BUS_MASTER_TABLE), table_physical);
    port_out8(control, direction);
    TRY(channel_command(channel, command, transfer->extended, transfer->sector, transfer->pages * PAGE_SECTORS));
    port_out8(control, direction | BUS_MASTER_START);
    err_t err = channel_wait(channel);
    port_out8(control, direction);
    return err;
}
