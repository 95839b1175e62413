#include "common/units.h"
#include "servers/ata/transfer.h"
#include "servers/place.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>
#include <apteryx/vm.h>

#define SECTOR_WORDS (DISK_SECTOR_BYTES / 2)

static uintptr_t window; /* where the page of the moment is seen */
static handle_t swap_right;

/* The window's page table comes now, as in lib/swap_serve.c: when the first page comes, commit may be used up. */
err_t pio_open(handle_t swap)
{
    swap_right = swap;
    TRY(place_find(PAGE_BYTES, &window));
    TRY(vm_set(window, PAGE_BYTES, VM_ON_DEMAND));
    return vm_set(window, PAGE_BYTES, VM_NONE);
}

err_t pio_sector(const struct channel *channel, void *to)
{
    TRY(channel_wait(channel));
    TRY(channel_wait_request(channel));
    port_in_words(channel->ports, to, SECTOR_WORDS);
    return OK;
}

/* A page's worth at most: then no block of the drive's spans two pages, which the one window could not show. */
uint32_t pio_block(const struct drive *drive)
{
    uint32_t block = PAGE_SECTORS;
    while (block > drive->multiple && block > 1)
        block /= 2;
    return block;
}

err_t pio_start(const struct channel *channel, uint32_t block)
{
    if (block == 1)
        return OK;
    TRY(channel_command(channel, ATA_SET_MULTIPLE, false, 0, block));
    return channel_wait(channel);
}

static err_t page_read(const struct channel *channel, uint32_t block)
{
    for (uint32_t i = 0; i < PAGE_SECTORS; i += block) {
        TRY(channel_wait(channel));
        TRY(channel_wait_request(channel));
        port_in_words(channel->ports, (void *)(window + i * DISK_SECTOR_BYTES), block * SECTOR_WORDS);
    }
    return OK;
}

static err_t page_write(const struct channel *channel, uint32_t block)
{
    for (uint32_t i = 0; i < PAGE_SECTORS; i += block) {
        TRY(channel_wait_request(channel));
        port_out_words(channel->ports, (const void *)(window + i * DISK_SECTOR_BYTES), block * SECTOR_WORDS);
        TRY(channel_wait(channel));
    }
    return OK;
}

static uint8_t command_of(uint32_t block, const struct transfer *transfer)
{
    static const uint8_t commands[2][2][2] = {
        /* [multiple][extended][write] */
        {{ATA_READ_SECTORS, ATA_WRITE_SECTORS}, {ATA_READ_SECTORS_EXT, ATA_WRITE_SECTORS_EXT}},
        {{ATA_READ_MULTIPLE, ATA_WRITE_MULTIPLE}, {ATA_READ_MULTIPLE_EXT, ATA_WRITE_MULTIPLE_EXT}},
    };
    return commands[block > 1][transfer->extended][transfer->write];
}

err_t pio_transfer(const struct channel *channel, uint32_t block, const struct transfer *transfer)
{
    TRY(token_map(swap_right, transfer->token[0], window));
    TRY(channel_command(channel, command_of(block, transfer), transfer->extended, transfer->sector,
                        transfer->pages * PAGE_SECTORS));
    for (uint32_t i = 0; i < transfer->pages; i++) {
        if (i > 0)
            TRY(token_map(swap_right, transfer->token[i], window));
        TRY(transfer->write ? page_write(channel, block) : page_read(channel, block));
    }
    return OK;
}
