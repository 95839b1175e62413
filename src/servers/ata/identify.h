/* What a drive says about itself: the 256 words that IDENTIFY DEVICE returns (ATA/ATAPI-6, 8.15). Pure. */
#ifndef ATA_IDENTIFY_H
#define ATA_IDENTIFY_H

#include <stdbool.h>
#include <stdint.h>

#define IDENTIFY_WORDS 256u
#define ATA_SECTORS_LBA28 0x10000000u /* 28-bit addresses: sectors 0 … this - 1 */

struct drive {
    uint32_t sectors;           /* of 512 bytes; a larger drive counts as this large: 2 TiB */
    uint8_t multiple;           /* READ and WRITE MULTIPLE move up to so many sectors an interrupt; 0: not there */
    bool dma;                   /* READ DMA and WRITE DMA work */
    bool lba48;                 /* the EXT commands work */
    bool flush, flush_extended; /* so do FLUSH CACHE and FLUSH CACHE EXT */
};

/* False: not a drive that this driver can use (packet device, no LBA, no sectors). */
static inline bool identify_drive(const uint16_t words[IDENTIFY_WORDS], struct drive *drive)
{
    bool packet_device = words[0] & 0x8000u, lba = words[49] & 0x0200u;
    drive->multiple = words[47] & 0xFFu;
    drive->dma = words[49] & 0x0100u;
    uint32_t commands = (words[83] & 0xC000u) == 0x4000u ? words[83] : 0; /* bits 15, 14 = 01: the word is valid */
    drive->lba48 = commands & 0x0400u;
    drive->flush = commands & 0x1000u;
    drive->flush_extended = commands & 0x2000u;
    drive->sectors = words[60] | (uint32_t)words[61] << 16;
    if (drive->lba48) {
        bool beyond = words[102] || words[103];
        drive->sectors = beyond ? UINT32_MAX : words[100] | (uint32_t)words[101] << 16;
    } else if (drive->sectors > ATA_SECTORS_LBA28) {
        drive->sectors = ATA_SECTORS_LBA28;
    }
    return !packet_device && lba && drive->sectors > 0;
}

#endif
