/* The partition table in a disk's first sector (MBR): its four entries. Logical partitions are not looked for. Pure. */
#ifndef LIB_DISK_PARTITIONS_H
#define LIB_DISK_PARTITIONS_H

#include <apteryx/disk_server.h>

struct disk_extent {
    uint32_t first, sectors; /* sectors 0: there is none */
    uint32_t type;
};

/* A sector that only looks like a table gives none; nor does an entry that reaches beyond the unit, or into another. */
void disk_partitions(const uint8_t *sector, uint32_t unit_sectors, struct disk_extent partition[DISK_PARTITIONS]);

#endif
