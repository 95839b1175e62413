/* The disk protocol, between a disk driver and who uses its disks: the swap server, a file server.
 *
 * Each disk and each partition of its MBR is a port by name: "disk" is unit 0, "disk.1" unit 1, "disk.0.1" … "disk.1.4"
 * are their partitions. "cd" is the disc in the CD drive: transfers begin at multiples of 4 sectors there (ERR_RANGE), and
 * a write is ERR_RIGHTS. Sectors (512 bytes) are counted from where that begins; what lies beyond its end is refused.
 *
 * DISK_SIZE:     no words -> reply label = err_t (ERR_NO_ENTRY: no such unit or partition; an empty drive), words: sectors
 *                (low, high), the partition's type (0: a unit), the number of the medium: what is in a drive whose disc
 *                can be changed; of others 0
 * DISK_TRANSFER: word 0 = operation, and above DISK_MEDIUM_SHIFT the number of the medium that is meant, word 1 = first
 *                sector, word 2 = n pages (1 … DISK_PAGES_MAX), then n tokens of pages in flight; consecutive on disk, 8
 *                sectors a page. Reply label = err_t (ERR_NO_ENTRY: the drive has another medium now, or may have;
 *                DISK_SIZE tells which).
 * DISK_FLUSH:    no words. Reply label = err_t; after it, what was written before it was sent outlives a power failure.
 *
 * A driver with DMA turns tokens into addresses (token_physical); one without maps them (token_map).
 * A driver holds up to DISK_SLOTS requests of each unit and partition; one more is answered ERR_LIMIT (the library sends it
 * again a little later). Page-ins go first: reads for which threads wait. After DISK_PAGE_INS_MAX of them in a row something
 * else that waits has its turn. The units and partitions take turns at that, each in the order in which its requests came.
 * Nobody may rely on an order: who needs one waits for the reply. Two that overlap are never under way at once. The driver
 * may forget everything when it dies: whoever waited sends again. */
#ifndef ABI_DISK_H
#define ABI_DISK_H

#define DISK_SIZE 0x4449534Bu
#define DISK_TRANSFER 0x44495354u
#define DISK_FLUSH 0x44495346u
#define DISK_PAGES_MAX 64u
#define DISK_SECTOR_BYTES 512u
#define DISK_SLOTS 4u
#define DISK_PAGE_INS_MAX 16u

#define DISK_MEDIUM_SHIFT 8u
#define DISK_MEDIUM_DRIVER_SHIFT 8u /* above it the driver's own number, below it how often it was told of a change */

enum disk_operation { DISK_READ = 1, DISK_WRITE = 2, DISK_PAGE_IN = 3 };

#endif
