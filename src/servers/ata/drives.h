/* The two drives of the primary channel: what they are, and carrying requests out, in as many commands and attempts as it
 * takes. One command at a time: that is all the channel can do. */
#ifndef ATA_DRIVES_H
#define ATA_DRIVES_H

#include "servers/ata/identify.h"
#include "abi/errors.h"
#include <apteryx/disk_server.h>

/* Resets the channel, asks both drives, makes what transfers need. => the ports are enabled; handles: disk_given.h
 * => ERR_NO_ENTRY: no drive that can be used */
MUST_USE err_t drives_open(void);

const struct drive *drive_of(uint32_t unit); /* NULL: there is none */
bool drive_uses_dma(uint32_t unit);

MUST_USE err_t drive_first_sector(uint32_t unit, uint8_t *sector);

/* => ERR_IO: the drive failed, again and again; anything else: a token is no longer valid, and nothing was started */
MUST_USE err_t drive_work(const struct disk_request *request);

#endif
