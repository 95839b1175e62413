/* The disk protocol, between the swap server (or a file server) and a disk driver. Service name "disk".
 *
 * DISK_SIZE:     no words -> reply words: sectors (512 bytes, low, high)
 * DISK_TRANSFER: word 0 = operation, word 1 = first sector, word 2 = n pages (1 … DISK_PAGES_MAX), then n tokens of
 *                pages in flight; consecutive on disk, 8 sectors a page. Reply label = err_t.
 * A driver with DMA turns tokens into addresses (token_physical); one without maps them (token_map). */
#ifndef ABI_DISK_H
#define ABI_DISK_H

#define DISK_SIZE 0x4449534Bu
#define DISK_TRANSFER 0x44495354u
#define DISK_PAGES_MAX 64u
#define DISK_SECTOR_BYTES 512u

enum disk_operation { DISK_READ = 1, DISK_WRITE = 2 };

#endif
