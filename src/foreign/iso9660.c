/* ISO 9660 (ECMA-119): volume descriptors, directories, extents. A block is 2,048 bytes: four sectors. */
#include "foreign/iso9660.h"
#include "common/string.h"

#define DESCRIPTOR_FIRST 16u /* block */
#define DESCRIPTORS 64u      /* looked at */
#define DESCRIPTOR_PRIMARY 1u
#define DESCRIPTOR_LAST 255u
#define DESCRIPTOR_BLOCK_BYTES 128u /* offsets in a descriptor */
#define DESCRIPTOR_ROOT 156u

/* Offsets in a directory's record. */
#define RECORD_ATTRIBUTES 1u /* blocks in front of the content */
#define RECORD_START 2u
#define RECORD_FLAGS 25u
#define RECORD_UNIT 26u /* of interleaved files */
#define RECORD_GAP 27u

#define FLAG_DIRECTORY 0x02u
#define FLAG_ASSOCIATED 0x04u
#define FLAG_CONTINUES 0x80u /* another extent follows */

#define SECTORS_MAX UINT32_MAX /* of a file: its sectors have numbers of 32 bits */

static uint32_t sectors_for(uint64_t bytes)
{
    return (uint32_t)((bytes + FOREIGN_SECTOR_BYTES - 1) / FOREIGN_SECTOR_BYTES);
}

/* One extent. */
static void node_read(const uint8_t *record, struct foreign_node *node)
{
    *node = (struct foreign_node){.directory = record[RECORD_FLAGS] & FLAG_DIRECTORY,
                                  .unreadable = record[RECORD_UNIT] != 0 || record[RECORD_GAP] != 0,
                                  .start = little32(record + RECORD_START) + record[RECORD_ATTRIBUTES],
                                  .bytes = little32(record + ISO_RECORD_BYTES)};
    node->iso.block = node->start;
    node->iso.sectors = sectors_for(node->bytes);
}

static void iso_root(const struct foreign_volume *volume, struct foreign_node *node)
{
    *node = (struct foreign_node){.directory = true, .start = volume->iso.root, .bytes = volume->iso.root_bytes};
}

err_t iso_block(struct foreign_volume *volume, uint32_t block, const uint8_t **at)
{
    if (block < DESCRIPTOR_FIRST || block > UINT32_MAX / ISO_BLOCK_SECTORS)
        return ERR_IO;
    return foreign_look_at(volume, block * ISO_BLOCK_SECTORS, ISO_BLOCK_SECTORS, at);
}

/* ---- directories ---- */

/* "README.TXT;1" is readme.txt, "NAME.;1" is name. */
static void plain_name(const uint8_t *from, uint32_t bytes, char *name)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < bytes && from[i] != ';'; i++)
        name[used++] = lower((char)from[i]);
    if (used > 1 && name[used - 1] == '.')
        used--;
    name[used] = '\0';
}

/* A path can name it. */
static bool sayable(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (*c == '/')
            return false;
    return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* The record that a walk has come to; NULL: the directory ends here. A record does not cross blocks: where the next one
 * would not fit, a zero stands. */
static err_t record_find(struct foreign_volume *volume, struct foreign_walk *walk, const uint8_t **record)
{
    uint32_t end =
        walk->directory.bytes < FOREIGN_DIRECTORY_MAX ? (uint32_t)walk->directory.bytes : FOREIGN_DIRECTORY_MAX;
    while (walk->at < end) {
        const uint8_t *block;
        uint32_t in_block = walk->at % ISO_BLOCK_BYTES;
        if (walk->directory.start > UINT32_MAX - end / ISO_BLOCK_BYTES)
            return ERR_IO;
        TRY(iso_block(volume, walk->directory.start + walk->at / ISO_BLOCK_BYTES, &block));
        uint32_t bytes = block[in_block];
        if (bytes != 0) {
            *record = block + in_block;
            walk->at += bytes;
            bool whole = bytes >= ISO_RECORD_NAME && bytes <= ISO_BLOCK_BYTES - in_block &&
                         (uint32_t)(*record)[ISO_RECORD_NAME_BYTES] <= bytes - ISO_RECORD_NAME;
            return whole ? OK : ERR_IO;
        }
        walk->at += ISO_BLOCK_BYTES - in_block;
    }
    *record = NULL;
    return OK;
}

/* What the record says. The directory itself and the one above it have the names 0 and 1, and are no entries here; nor
 * is what belongs to another file. */
static err_t record_read(struct foreign_volume *volume, const uint8_t *record, struct foreign_walk *walk,
                         bool *is_entry)
{
    uint32_t bytes = record[ISO_RECORD_NAME_BYTES];
    bool dots = bytes == 1 && record[ISO_RECORD_NAME] <= 1, hidden = record[RECORD_FLAGS] & FLAG_ASSOCIATED;
    node_read(record, &walk->node);
    plain_name(record + ISO_RECORD_NAME, bytes, walk->name);
    if (volume->iso.rock_ridge && !dots && !hidden)
        TRY(rock_ridge_read(volume, record, walk, &hidden));
    *is_entry = !dots && !hidden && sayable(walk->name);
    return OK;
}

/* Of a file in several extents each has a record, one behind the other. All but the last fill their blocks. */
static err_t extents_add(struct foreign_volume *volume, struct foreign_walk *walk, uint32_t at)
{
    struct foreign_node *node = &walk->node, extent;
    const uint8_t *record;
    node->iso.directory = walk->directory.start;
    node->iso.directory_bytes = (uint32_t)walk->directory.bytes;
    node->iso.at = at;
    do {
        node->unreadable |= node->bytes % ISO_BLOCK_BYTES != 0;
        TRY(record_find(volume, walk, &record));
        if (record == NULL)
            return ERR_IO;
        node_read(record, &extent);
        node->bytes += extent.bytes;
        node->unreadable |= extent.unreadable || node->bytes / FOREIGN_SECTOR_BYTES >= SECTORS_MAX;
    } while (record[RECORD_FLAGS] & FLAG_CONTINUES);
    return OK;
}

static err_t iso_next(struct foreign_volume *volume, struct foreign_walk *walk)
{
    bool is_entry = false;
    while (!is_entry) {
        const uint8_t *record;
        TRY(record_find(volume, walk, &record));
        if (record == NULL)
            return ERR_NO_ENTRY;
        uint32_t at = walk->at - record[0];
        bool continues = (record[RECORD_FLAGS] & (FLAG_CONTINUES | FLAG_DIRECTORY)) == FLAG_CONTINUES;
        TRY(record_read(volume, record, walk, &is_entry));
        if (continues)
            TRY(extents_add(volume, walk, at));
    }
    return OK;
}

/* ---- contents ---- */

/* The extent that holds the file's i-th sector becomes the node's. => it is not the one that is the node's already */
static err_t extent_find(struct foreign_volume *volume, struct foreign_node *node, uint32_t i)
{
    struct foreign_walk walk = {.directory = {.start = node->iso.directory, .bytes = node->iso.directory_bytes},
                                .at = node->iso.at};
    struct foreign_node extent = {.iso = {.sectors = 0}};
    uint32_t first = 0;
    do {
        const uint8_t *record;
        first += extent.iso.sectors;
        TRY(record_find(volume, &walk, &record));
        if (record == NULL)
            return ERR_IO;
        node_read(record, &extent);
    } while (i - first >= extent.iso.sectors);
    node->iso.first = first;
    node->iso.sectors = extent.iso.sectors;
    node->iso.block = extent.start;
    return OK;
}

static err_t iso_sector(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, uint32_t *sector)
{
    if (i - node->iso.first >= node->iso.sectors) /* below it as well */
        TRY(extent_find(volume, node, i));
    uint64_t at = (uint64_t)node->iso.block * ISO_BLOCK_SECTORS + (i - node->iso.first);
    if (node->iso.block < DESCRIPTOR_FIRST || at > UINT32_MAX)
        return ERR_IO;
    *sector = (uint32_t)at;
    return OK;
}

/* ---- mounting ---- */

static const struct foreign_kind iso_kind = {false, iso_root, iso_next, iso_sector};
static const struct foreign_kind iso_kind_folds = {true, iso_root, iso_next, iso_sector};

/* The primary volume descriptor; NULL: there is none. */
static err_t primary_find(struct foreign_volume *volume, const uint8_t **descriptor)
{
    for (uint32_t i = 0; i < DESCRIPTORS; i++) {
        err_t err = iso_block(volume, DESCRIPTOR_FIRST + i, descriptor);
        if (err != OK)
            return i == 0 && volume->device.sectors < (DESCRIPTOR_FIRST + 1) * ISO_BLOCK_SECTORS ? ERR_KIND : err;
        if (memcmp(*descriptor + 1, "CD001", 5) != 0 || **descriptor == DESCRIPTOR_LAST)
            return ERR_KIND;
        if (**descriptor == DESCRIPTOR_PRIMARY)
            return OK;
    }
    return ERR_KIND;
}

err_t iso_mount(struct foreign_volume *volume)
{
    const uint8_t *descriptor;
    struct foreign_node root;
    TRY(primary_find(volume, &descriptor));
    if (little16(descriptor + DESCRIPTOR_BLOCK_BYTES) != ISO_BLOCK_BYTES)
        return ERR_KIND;
    node_read(descriptor + DESCRIPTOR_ROOT, &root);
    if (!root.directory)
        return ERR_IO;
    volume->iso.root = root.start;
    volume->iso.root_bytes = (uint32_t)root.bytes;
    TRY(rock_ridge_find(volume));
    volume->kind = volume->iso.rock_ridge ? &iso_kind : &iso_kind_folds;
    return OK;
}
