/* Asking a disk driver (protocol: abi/disk.h). `port` is a send handle to the driver. */
#ifndef APTERYX_DISK_H
#define APTERYX_DISK_H

#include "abi/disk.h"
#include <apteryx/types.h>

/* => ERR_NO_ENTRY: there is no such unit or partition */
err_t disk_size(handle_t port, uint64_t *sectors);
/* The type of a partition, as its table has it; of a whole unit 0. */
err_t disk_type(handle_t port, uint32_t *type);
/* n pages in flight, given by their tokens, from or to n * 8 consecutive sectors. => 1 <= n <= DISK_PAGES_MAX */
err_t disk_transfer(handle_t port, enum disk_operation operation, uint32_t first_sector, const uint32_t *tokens,
                    uint32_t n);
/* All that was written before is on the disk. */
err_t disk_flush(handle_t port);

#endif
