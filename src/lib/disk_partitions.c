#include "lib/disk_partitions.h"

#define TABLE 446u
#define ENTRY_BYTES 16u
#define ENTRY_ACTIVE 0u /* 0x80: the firmware boots from it; else 0 */
#define ENTRY_TYPE 4u
#define ENTRY_FIRST 8u
#define ENTRY_SECTORS 12u
#define SIGNATURE 510u

static uint32_t little_endian(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* A file system's boot sector has the signature too. */
static bool is_table(const uint8_t *sector)
{
    bool is = sector[SIGNATURE] == 0x55 && sector[SIGNATURE + 1] == 0xAA;
    for (uint32_t i = 0; i < DISK_PARTITIONS; i++)
        is = is && (sector[TABLE + i * ENTRY_BYTES + ENTRY_ACTIVE] & 0x7Fu) == 0;
    return is;
}

static bool overlap(const struct disk_extent *one, const struct disk_extent *other)
{
    return one->first < other->first + other->sectors && other->first < one->first + one->sectors;
}

void disk_partitions(const uint8_t *sector, uint32_t unit_sectors, struct disk_extent partition[DISK_PARTITIONS])
{
    bool table = is_table(sector);
    for (uint32_t i = 0; i < DISK_PARTITIONS; i++) {
        const uint8_t *entry = sector + TABLE + i * ENTRY_BYTES;
        struct disk_extent found = {little_endian(entry + ENTRY_FIRST), little_endian(entry + ENTRY_SECTORS),
                                    entry[ENTRY_TYPE]};
        bool good = table && found.type != 0 && found.first > 0 && found.first < unit_sectors &&
                    found.sectors <= unit_sectors - found.first;
        for (uint32_t k = 0; k < i && good; k++)
            good = !overlap(&found, &partition[k]);
        partition[i] = good ? found : (struct disk_extent){0, 0, 0};
    }
}
