/* What stands on a disk of Apteryx's own file system. docs/file-system.md is the specification; here are its numbers and
 * structures, shared by the library of src/files and by tools/fsck, which reads the numbers out of this file and has
 * nothing else in common with the library.
 *
 * Everything is in blocks of FILES_BLOCK_BYTES; all numbers are little-endian. Blocks 0 and 1 are the superblock's two
 * slots. Every other block is found through a pointer that holds its number and its checksum, and is never written
 * again while anything that is published leads to it. */
#ifndef FILES_FORMAT_H
#define FILES_FORMAT_H

#include <stdint.h>

#define FILES_BLOCK_BYTES 4096u
#define FILES_BLOCK_SHIFT 12u
#define FILES_SLOTS 2u       /* blocks 0 and 1: the superblock of generation g is in slot g % 2 */
#define FILES_BLOCKS_MIN 64u /* the smallest volume */
#define FILES_BLOCKS_MAX 0x10000000u
#define FILES_MAGIC 0x58595241u /* "ARYX" */
#define FILES_FORMAT 1u
#define FILES_PARTITION_TYPE 0x7Eu
#define FILES_SWAP_PARTITION_TYPE 0x82u

#define FILES_POINTERS 512u /* of one pointer block: 2^FILES_POINTERS_SHIFT */
#define FILES_POINTERS_SHIFT 9u
#define FILES_HEIGHT_MAX 4u /* of a version's pointer tree */
#define FILES_LEVELS_MAX 8u /* of the tree of records: levels 0 (leaves) … FILES_LEVELS_MAX - 1 */
#define FILES_PAGES_MAX 0xFFFFFFFFu
#define FILES_PATH_MAX 255u
#define FILES_VERSIONS_MAX 32768u /* of one file */

#define FILES_KEY_MAX (1u + FILES_PATH_MAX)
#define FILES_KEY_VERSION 0xFFu /* first byte of a version's key; a name's key begins with its depth, which is less */
#define FILES_KEY_VERSION_BYTES 9u

#define FILES_KIND_FILE 1u
#define FILES_KIND_DIRECTORY 2u

/* A block and what its bytes must sum up to. {0, 0} leads nowhere: a page of zeros, a tree without blocks. */
struct files_pointer {
    uint32_t block;
    uint32_t checksum;
};

/* The first bytes of a slot; the rest is zeros. The checksum is that of the whole block with this field as 0. */
struct files_superblock {
    uint32_t magic;
    uint32_t format;
    uint32_t checksum;
    uint32_t blocks;           /* of the volume, these two included */
    uint64_t generation;       /* one more with each commit */
    struct files_pointer root; /* of the tree of records */
    uint32_t levels;           /* of that tree: its root's level + 1 */
    uint32_t next_id;          /* the next file's; above all that are used */
    uint32_t keep;             /* the rule of the root directory, as in files_record_name */
    uint32_t reserved;         /* 0 */
};

/* A node of the tree of records: this, then `count` records, then zeros. */
struct files_node {
    uint16_t level; /* 0: a leaf */
    uint16_t count;
    uint16_t bytes; /* of header and records */
    uint16_t reserved;
};

/* A record: this, its key, its value, without gaps. The value of an inner node's record is a files_pointer. */
struct files_record {
    uint16_t key_bytes;
    uint16_t value_bytes;
};

/* The value of a name's record. Its key: the number of slashes in the path (one byte), the path. */
struct files_record_name {
    uint32_t kind;
    uint32_t id;       /* the file's; directories: 0 */
    uint32_t keep;     /* how many versions are kept; 0: all. A directory's is what is made in it begins with */
    uint32_t newest;   /* the number of the newest version; numbers begin at 1 and are not used again */
    uint32_t versions; /* how many there are, at least 1; directories: 0 */
};

/* The value of a version's record. Its key: FILES_KEY_VERSION, the file's id and the version's number, each as four
 * bytes with the highest first. */
struct files_record_version {
    uint64_t size;             /* bytes */
    uint64_t time;             /* of publication: microseconds since 1970, or 0: unknown */
    struct files_pointer root; /* its pointer tree: files_height says how high */
};

/* How high the pointer tree of so many pages is: 0, the root leads to the only page; h, to a pointer block whose
 * pointers lead to trees of height h - 1, each over FILES_POINTERS^(h - 1) pages. */
static inline uint32_t files_height(uint64_t pages)
{
    uint32_t height = 0;
    while (pages > (1ull << (FILES_POINTERS_SHIFT * height)))
        height++;
    return height;
}

static inline uint64_t files_pages(uint64_t bytes)
{
    return (bytes >> FILES_BLOCK_SHIFT) + ((bytes & (FILES_BLOCK_BYTES - 1)) != 0);
}

_Static_assert(sizeof(struct files_pointer) * FILES_POINTERS == FILES_BLOCK_BYTES, "a pointer block is full");
_Static_assert(sizeof(struct files_superblock) == 48, "one sector holds it, whatever the alignment of 64 bits");
_Static_assert(sizeof(struct files_node) == 8 && sizeof(struct files_record) == 4, "no gaps");
_Static_assert(sizeof(struct files_record_name) == 20 && sizeof(struct files_record_version) == 24, "no gaps");

#endif
