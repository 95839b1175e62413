/* One ATA channel with its two drives: registers, commands, interrupts. Nothing here moves data. The driver of packet
 * devices (servers/atapi) uses it too.
 *
 * The driver never polls: it waits for the interrupt, with a deadline. Only a reset, which need not raise one, is
 * watched by looking again after a sleep. */
#ifndef ATA_CHANNEL_H
#define ATA_CHANNEL_H

#include "abi/errors.h"
#include "abi/message.h"
#include <stdbool.h>
#include <stdint.h>

#define ATA_IDENTIFY 0xECu
#define ATA_READ_SECTORS 0x20u
#define ATA_READ_SECTORS_EXT 0x24u
#define ATA_WRITE_SECTORS 0x30u
#define ATA_WRITE_SECTORS_EXT 0x34u
#define ATA_SET_MULTIPLE 0xC6u
#define ATA_READ_MULTIPLE 0xC4u
#define ATA_READ_MULTIPLE_EXT 0x29u
#define ATA_WRITE_MULTIPLE 0xC5u
#define ATA_WRITE_MULTIPLE_EXT 0x39u
#define ATA_READ_DMA 0xC8u
#define ATA_READ_DMA_EXT 0x25u
#define ATA_WRITE_DMA 0xCAu
#define ATA_WRITE_DMA_EXT 0x35u

#define ATA_FLUSH 0xE7u
#define ATA_FLUSH_EXT 0xEAu

#define ATA_IDENTIFY_PACKET 0xA1u
#define ATA_PACKET 0xA0u

#define ATA_PRIMARY_PORTS 0x1F0u
#define ATA_PRIMARY_CONTROL 0x3F6u
#define ATA_SECONDARY_PORTS 0x170u
#define ATA_SECONDARY_CONTROL 0x376u

#define ATA_SECTORS_SHORT 256u /* what a command without EXT can move */

struct channel {
    uint16_t ports, control; /* the first of the command ports, the first of which is the data's; the control port */
    bool slave;              /* the drive that commands go to: master or slave */
    uint16_t bus_master;     /* ports of the bus master; 0: none */
    handle_t interrupt;      /* the right to the channel's line */
    handle_t interrupt_port; /* where it arrives */
};

/* Makes the interrupt arrive at a port of its own. */
MUST_USE err_t channel_open(struct channel *channel);

#define ATA_SIGNATURE_DISK 0u
#define ATA_SIGNATURE_PACKET 0xEB14u

/* Stops the bus master, resets both drives, and looks for the one that commands go to.
 * => ERR_NO_ENTRY: no drive with that signature there; ERR_TIME: it stays busy. */
MUST_USE err_t channel_reset(struct channel *channel, uint32_t signature);

/* It neither works on a command nor waits for data. */
bool channel_is_ready(const struct channel *channel);

/* Gives the drive a command; `extended` for those with 48-bit addresses. sectors: 1 … 256, extended 1 … 65,536. */
MUST_USE err_t channel_command(const struct channel *channel, uint8_t command, bool extended, uint32_t sector,
                               uint32_t sectors);

/* Gives a packet device the command PACKET: it will take the 12 bytes that say what to do, and moves up to `limit` bytes
 * an interrupt. */
MUST_USE err_t channel_command_packet(const struct channel *channel, uint32_t limit);
/* What the drive has to say about the command: how many bytes it moves now; 0: none, it is done. */
uint32_t channel_bytes(const struct channel *channel);

/* Waits for the drive's interrupt. => ERR_IO: the drive reports an error; ERR_TIME: nothing came. */
MUST_USE err_t channel_wait(const struct channel *channel);
/* The same, of a command that may take this long. */
MUST_USE err_t channel_wait_us(const struct channel *channel, uint64_t limit_us);

/* After a command that writes: until the drive takes its first sector, for which it raises no interrupt. */
MUST_USE err_t channel_wait_request(const struct channel *channel);

#endif
