/* FAT16 and FAT32, with long names (Microsoft's specification of 2005). Clusters are counted from 2. */
#include "common/string.h"
#include "foreign/fat.h"

/* Offsets in the boot sector. */
#define BOOT_SECTOR_BYTES 11u
#define BOOT_CLUSTER_SECTORS 13u
#define BOOT_RESERVED 14u
#define BOOT_TABLES 16u
#define BOOT_ROOT_ENTRIES 17u
#define BOOT_SECTORS_16 19u
#define BOOT_TABLE_SECTORS_16 22u
#define BOOT_SECTORS_32 32u
#define BOOT_TABLE_SECTORS_32 36u
#define BOOT_VERSION 42u
#define BOOT_ROOT_CLUSTER 44u
#define BOOT_SIGNATURE 510u

#define FAT_DIRECTORY_MAX (2u << 20) /* bytes */
#define CLUSTERS_12 4085u            /* with fewer clusters it is FAT12 */
#define CLUSTERS_16 65525u
#define CLUSTER_FIRST 2u
#define CLUSTER_BITS 0x0FFFFFFFu /* of FAT32's entries */

static bool is_32(const struct foreign_volume *volume) { return volume->fat.root_cluster != 0; }

static void fat_root(const struct foreign_volume *volume, struct foreign_node *node)
{
    *node = (struct foreign_node){.directory = true, .start = volume->fat.root_cluster};
}

/* ---- chains ---- */

/* => ERR_NO_ENTRY: the chain ends here => ERR_IO: it leads nowhere */
static err_t cluster_next(struct foreign_volume *volume, uint32_t *cluster)
{
    const uint8_t *at;
    uint32_t bytes = is_32(volume) ? 4 : 2, offset = *cluster * bytes;
    TRY(foreign_look_at(volume, volume->fat.table + offset / FOREIGN_SECTOR_BYTES, 1, &at));
    at += offset % FOREIGN_SECTOR_BYTES;
    uint32_t next = is_32(volume) ? little32(at) & CLUSTER_BITS : little16(at);
    if (next >= (is_32(volume) ? 0x0FFFFFF8u : 0xFFF8u))
        return ERR_NO_ENTRY;
    if (next < CLUSTER_FIRST || next - CLUSTER_FIRST >= volume->fat.clusters)
        return ERR_IO;
    *cluster = next;
    return OK;
}

/* Brings the node to the index-th cluster, from where it was or from its start. */
static err_t chain_follow(struct foreign_volume *volume, struct foreign_node *node, uint32_t index)
{
    if (index >= volume->fat.clusters)
        return ERR_IO;
    if (node->fat.cluster == 0 || node->fat.index > index) {
        if (node->start < CLUSTER_FIRST || node->start - CLUSTER_FIRST >= volume->fat.clusters)
            return ERR_IO;
        node->fat.cluster = node->start;
        node->fat.index = 0;
    }
    for (; node->fat.index < index; node->fat.index++)
        TRY(cluster_next(volume, &node->fat.cluster));
    return OK;
}

/* => ERR_NO_ENTRY: the chain ends before */
static err_t chain_sector(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, uint32_t *sector)
{
    uint32_t per_cluster = volume->fat.cluster_sectors;
    if (node->start == 0 && node->directory) { /* FAT16's root has a place of its own */
        if (i >= volume->fat.root_sectors)
            return ERR_NO_ENTRY;
        *sector = volume->fat.root_sector + i;
        return OK;
    }
    TRY(chain_follow(volume, node, i / per_cluster));
    *sector = volume->fat.data + (node->fat.cluster - CLUSTER_FIRST) * per_cluster + i % per_cluster;
    return OK;
}

static err_t fat_sector(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, uint32_t *sector)
{
    err_t err = chain_sector(volume, node, i, sector);
    return err == ERR_NO_ENTRY ? ERR_IO : err; /* a file is longer than its chain */
}

/* ---- directories ---- */

/* The entry that a walk has come to; it stands in a buffer until the next look. => ERR_NO_ENTRY: the directory ends */
static err_t entry_look(struct foreign_volume *volume, struct foreign_walk *walk, const uint8_t **entry)
{
    const uint8_t *at;
    uint32_t sector;
    if (walk->at >= FAT_DIRECTORY_MAX)
        return ERR_NO_ENTRY;
    TRY(chain_sector(volume, &walk->directory, walk->at / FOREIGN_SECTOR_BYTES, &sector));
    TRY(foreign_look_at(volume, sector, 1, &at));
    *entry = at + walk->at % FOREIGN_SECTOR_BYTES;
    if (**entry == FAT_ENTRY_LAST)
        return ERR_NO_ENTRY;
    walk->at += FAT_ENTRY_BYTES;
    return OK;
}

static void node_read(const struct foreign_volume *volume, const uint8_t *entry, struct foreign_node *node)
{
    uint32_t high = is_32(volume) ? little16(entry + FAT_ENTRY_START_HIGH) : 0;
    bool directory = entry[FAT_ENTRY_ATTRIBUTES] & FAT_ATTRIBUTE_DIRECTORY;
    *node = (struct foreign_node){.directory = directory,
                                  .start = high << 16 | little16(entry + FAT_ENTRY_START),
                                  .bytes = directory ? 0 : little32(entry + FAT_ENTRY_SIZE)};
    if (directory && node->start == 0) /* so only the root is written, in the entry for the directory above */
        node->unreadable = true;
}

static err_t fat_next(struct foreign_volume *volume, struct foreign_walk *walk)
{
    struct fat_long_name name = {.expected = 0};
    for (;;) {
        const uint8_t *entry;
        TRY(entry_look(volume, walk, &entry));
        uint32_t attributes = entry[FAT_ENTRY_ATTRIBUTES] & FAT_ATTRIBUTES;
        bool unused = entry[0] == FAT_ENTRY_FREE || entry[0] == '.'; /* the directory itself, the one above it */
        if (!unused && attributes == FAT_ATTRIBUTE_LONG_NAME) {
            fat_long_name_add(&name, entry);
        } else if (unused || (attributes & FAT_ATTRIBUTE_LABEL)) {
            name.expected = 0;
        } else {
            fat_name(&name, entry, walk->name);
            node_read(volume, entry, &walk->node);
            name.expected = 0;
            if (walk->name[0] != '\0' && !walk->node.unreadable)
                return OK;
        }
    }
}

/* ---- mounting ---- */

static bool power_of_two(uint32_t n) { return n != 0 && (n & (n - 1)) == 0; }

/* The places of table, root and clusters; false: they cannot be. */
static bool layout_read(struct foreign_volume *volume, const uint8_t *boot)
{
    uint32_t table_sectors = little16(boot + BOOT_TABLE_SECTORS_16), sectors = little16(boot + BOOT_SECTORS_16);
    if (table_sectors == 0)
        table_sectors = little32(boot + BOOT_TABLE_SECTORS_32);
    if (sectors == 0)
        sectors = little32(boot + BOOT_SECTORS_32);
    uint64_t reserved = little16(boot + BOOT_RESERVED), root = reserved + (uint64_t)boot[BOOT_TABLES] * table_sectors;
    volume->fat.cluster_sectors = boot[BOOT_CLUSTER_SECTORS];
    volume->fat.root_sectors =
        (little16(boot + BOOT_ROOT_ENTRIES) * FAT_ENTRY_BYTES + FOREIGN_SECTOR_BYTES - 1) / FOREIGN_SECTOR_BYTES;
    uint64_t data = root + volume->fat.root_sectors;
    if (reserved == 0 || boot[BOOT_TABLES] == 0 || table_sectors == 0 || !power_of_two(volume->fat.cluster_sectors) ||
        sectors > volume->device.sectors || data >= sectors)
        return false;
    volume->fat.table = (uint32_t)reserved;
    volume->fat.root_sector = (uint32_t)root;
    volume->fat.data = (uint32_t)data;
    volume->fat.clusters = (sectors - (uint32_t)data) / volume->fat.cluster_sectors;
    bool fat32 = volume->fat.clusters >= CLUSTERS_16;
    volume->fat.root_cluster = fat32 ? little32(boot + BOOT_ROOT_CLUSTER) & CLUSTER_BITS : 0;
    uint64_t entries = (uint64_t)table_sectors * (FOREIGN_SECTOR_BYTES / (fat32 ? 4 : 2));
    return volume->fat.clusters >= CLUSTERS_12 && entries >= volume->fat.clusters + CLUSTER_FIRST &&
           fat32 == (volume->fat.root_cluster != 0 && volume->fat.root_sectors == 0) &&
           (!fat32 || little16(boot + BOOT_VERSION) == 0);
}

err_t fat_mount(struct foreign_volume *volume)
{
    static const struct foreign_kind fat_kind = {true, fat_root, fat_next, fat_sector};
    const uint8_t *boot;
    TRY(foreign_look_at(volume, 0, 1, &boot));
    if (boot[BOOT_SIGNATURE] != 0x55 || boot[BOOT_SIGNATURE + 1] != 0xAA ||
        little16(boot + BOOT_SECTOR_BYTES) != FOREIGN_SECTOR_BYTES || !layout_read(volume, boot))
        return ERR_KIND;
    volume->kind = &fat_kind;
    return OK;
}
