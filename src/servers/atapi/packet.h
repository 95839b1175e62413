/* What goes to a CD drive in packets of 12 bytes (SCSI multimedia commands), and what comes back. Pure. */
#ifndef ATAPI_PACKET_H
#define ATAPI_PACKET_H

#include "abi/disk.h"
#include "abi/errors.h"
#include <stdbool.h>
#include <stdint.h>

#define PACKET_BYTES 12u
#define CD_BLOCK_BYTES 2048u
#define CD_BLOCK_SECTORS (CD_BLOCK_BYTES / DISK_SECTOR_BYTES)

#define PACKET_READ_CAPACITY 0x25u
#define PACKET_READ 0xA8u
#define CAPACITY_BYTES 8u

#define PACKET_SENSE 0x03u
#define SENSE_BYTES 18u
#define SENSE_NOT_READY 2u
#define SENSE_ATTENTION 6u
#define SENSE_IS_COMING 0x04u /* not ready: but it will be */
#define SENSE_WAS_RESET 0x29u /* attention: not for the disc's sake */

static inline void packet_put(uint8_t *at, uint32_t value)
{
    for (uint32_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline uint32_t packet_get(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* What REQUEST SENSE says of a command that failed. ERR_NO_ENTRY: there is no disc, or another one than before. ERR_BUSY: the
 * drive is making a disc ready. ERR_IO: anything else. */
static inline err_t sense_error(const uint8_t sense[SENSE_BYTES])
{
    uint8_t key = sense[2] & 0x0Fu, why = sense[12];
    if (key == SENSE_NOT_READY)
        return why == SENSE_IS_COMING ? ERR_BUSY : ERR_NO_ENTRY;
    return key == SENSE_ATTENTION && why != SENSE_WAS_RESET ? ERR_NO_ENTRY : ERR_IO;
}

static inline void packet_read(uint8_t packet[PACKET_BYTES], uint32_t block, uint32_t blocks)
{
    for (uint32_t i = 0; i < PACKET_BYTES; i++)
        packet[i] = 0;
    packet[0] = PACKET_READ;
    packet_put(packet + 2, block);
    packet_put(packet + 6, blocks);
}

/* How many sectors of the disk protocol a disc has, as READ CAPACITY tells: its last block, and what a block has. 0: it
 * is none that this driver can read. */
static inline uint32_t capacity_sectors(const uint8_t capacity[CAPACITY_BYTES])
{
    uint32_t last = packet_get(capacity), bytes = packet_get(capacity + 4);
    return bytes == CD_BLOCK_BYTES && last < UINT32_MAX / CD_BLOCK_SECTORS ? (last + 1) * CD_BLOCK_SECTORS : 0;
}

/* What IDENTIFY PACKET DEVICE says: a CD drive that takes packets of 12 bytes. */
static inline bool is_cd_drive(uint16_t word0)
{
    return (word0 & 0xC000u) == 0x8000u && (word0 >> 8 & 0x1Fu) == 5 && (word0 & 3u) == 0;
}

#endif
