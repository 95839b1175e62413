/* Asking a disk driver (protocol: abi/disk.h). `port` is a send handle to the driver. */
#ifndef APTERYX_DISK_H
#define APTERYX_DISK_H

#include "abi/disk.h"
#include <apteryx/types.h>

err_t disk_size(handle_t port, uint64_t *sectors);
/* n pages in flight, given by their tokens, from or to n * 8 consecutive sectors. => 1 <= n <= DISK_PAGES_MAX */
err_t disk_transfer(handle_t port, enum disk_operation operation, uint32_t first_sector, const uint32_t *tokens,
                    uint32_t n);

#endif
