/* The first CD drive of the secondary channel: finding it and its disc, and reading. The processor moves the data. */
#ifndef ATAPI_DRIVE_H
#define ATAPI_DRIVE_H

#include "abi/errors.h"
#include <apteryx/disk_server.h>

/* => the ports are enabled  => ERR_NO_ENTRY: no drive; ERR_IO, ERR_TIME: one that does not answer; others: no memory */
MUST_USE err_t drive_open(handle_t swap, handle_t interrupt);

/* How many sectors of 512 bytes the disc has that is in the drive now. Waits a few seconds for one that is being made ready.
 * => ERR_NO_ENTRY: there is no disc, or none of blocks of 2,048 bytes */
MUST_USE err_t drive_look(uint32_t *sectors);
/* The number of what is in the drive (abi/disk.h): another one when the drive has said that it may be another disc. */
uint32_t drive_medium(void);

/* Sectors: whole blocks of the disc. => ERR_IO: the drive failed, again and again; ERR_NO_ENTRY: there is no disc, or another
 * one than there was; anything else: a token is no longer valid */
MUST_USE err_t drive_read(uint32_t sector, const uint32_t *tokens, uint32_t pages);

#endif
