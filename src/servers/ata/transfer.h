/* Moving pages in flight between a drive and memory: by DMA or by the processor, one contract.
 *
 * A transfer covers `pages` tokens from `sector` on, in one command, whose limit the caller keeps (drives.c).
 * => ERR_IO, ERR_TIME: the drive; anything else: a token is no longer valid, and nothing was started */
#ifndef ATA_TRANSFER_H
#define ATA_TRANSFER_H

#include "abi/disk.h"
#include "servers/ata/channel.h"
#include "servers/ata/identify.h"

struct transfer {
    bool write;
    uint32_t sector, pages;
    const uint32_t *token;
    bool extended; /* with 48-bit addresses */
};

#define PAGE_SECTORS 8u

/* Makes the table of physical regions that the bus master reads. The process must hold the DMA right. */
MUST_USE err_t dma_open(handle_t dma);
MUST_USE err_t dma_transfer(const struct channel *channel, const struct transfer *transfer);

/* Finds a place for the one page that is looked at. The tokens are mapped with the swap right. */
MUST_USE err_t pio_open(handle_t swap);
/* After each reset: how many sectors the drive moves an interrupt: pio_block of it, in this and in transfers. */
uint32_t pio_block(const struct drive *drive);
MUST_USE err_t pio_start(const struct channel *channel, uint32_t block);
MUST_USE err_t pio_transfer(const struct channel *channel, uint32_t block, const struct transfer *transfer);

/* One sector from the drive into the driver's own memory, after any command that reads. */
MUST_USE err_t pio_sector(const struct channel *channel, void *to);

#endif
