/* Asking a disk driver (protocol: abi/disk.h). `port` is a send handle to the driver. */
#ifndef APTERYX_DISK_H
#define APTERYX_DISK_H

#include "abi/disk.h"
#include <apteryx/types.h>

/* => ERR_NO_ENTRY: there is no such unit or partition, or the drive is empty */
err_t disk_size(handle_t port, uint64_t *sectors);
/* The type of a partition, as its table has it; of a whole unit 0. */
err_t disk_type(handle_t port, uint32_t *type);
/* What is in a drive whose disc can be changed: the number that transfers name. */
err_t disk_medium(handle_t port, uint64_t *sectors, uint32_t *medium);
/* The same driver has given both numbers: if they differ, the disc was changed. A driver cannot know what its predecessor
 * saw: what is the first to it may be the same disc. */
static inline bool disk_medium_same_driver(uint32_t medium, uint32_t other)
{
    return medium >> DISK_MEDIUM_DRIVER_SHIFT == other >> DISK_MEDIUM_DRIVER_SHIFT;
}
static inline bool disk_medium_is_first(uint32_t medium) { return medium % (1u << DISK_MEDIUM_DRIVER_SHIFT) == 0; }
static inline uint32_t disk_operation_on(uint32_t medium, enum disk_operation operation)
{
    return operation | medium << DISK_MEDIUM_SHIFT;
}
/* n pages in flight, given by their tokens, from or to n * 8 consecutive sectors. operation: an enum disk_operation, or what
 * disk_operation_on makes of it. => 1 <= n <= DISK_PAGES_MAX => ERR_NO_ENTRY: the medium is not, or no longer, known */
err_t disk_transfer(handle_t port, uint32_t operation, uint32_t first_sector, const uint32_t *tokens, uint32_t n);
/* All that was written before is on the disk. */
err_t disk_flush(handle_t port);

#endif
