/* A file system on a disk, and how its blocks move. The disk is asked through tokens of held pages alone (cache.h).
 *
 * What is read goes through struct volume_kind, whoever made the file system: ours (volume_files.c), another
 * (volume_foreign.c), or nobody: the boot archive (volume_boot.c). Only ours can be written, by the calls of
 * files/files.h; with the others that is ERR_RIGHTS. */
#ifndef FILE_VOLUME_H
#define FILE_VOLUME_H

#include "abi/disk.h"
#include "abi/file_client.h"
#include "files/files.h"
#include "foreign/foreign.h"
#include <apteryx/types.h>

#define VOLUME_PAGE_SECTORS (FILES_BLOCK_BYTES / DISK_SECTOR_BYTES)

struct volume_kind;
struct volume {
    char name[16];   /* of its first part of paths */
    uint32_t number; /* of this mounting: a part of its pages' keys in the cache; 0: it is not mounted */
    char disk[16];   /* the service that has it */
    handle_t port;   /* to that */
    uint32_t sectors;
    uint32_t medium, mark; /* of a disc: its number (abi/disk.h), and a hash of what it says of itself */
    const struct volume_kind *kind;
    struct files_volume *files;     /* ours; NULL: it can only be read */
    struct foreign_volume *foreign; /* another maker's */
};

/* A version of a file that is open: of the mounting of that number. A disc may be changed: from then on it is an error. */
struct version {
    struct volume *volume;
    uint32_t mounting;
    struct files_version *files;
    struct foreign_node foreign;
    uint32_t boot_block, boot_bytes; /* of the boot archive: the first block of its data */
};

/* Where a page's content stands: two pages of a volume of which block and bytes are the same have the same content. */
struct page_source {
    uint32_t block; /* 0: nowhere, it is all zeros */
    uint32_t bytes; /* that count; behind them are zeros */
    uint32_t checksum;
};

/* Reading, as each sort of file system does it. Errors: as files.h names them for the same question. */
struct volume_kind {
    uint32_t page_blocks; /* pages are consecutive on the disk if their blocks are so far apart */
    err_t (*look)(struct volume *volume, const char *path, struct file_about *about);
    err_t (*list)(struct volume *volume, const char *path, const char *after, char name[FILE_PATH_MAX + 1],
                  struct file_about *about);
    err_t (*versions)(struct volume *volume, const char *path, uint32_t above, struct file_version *versions,
                      uint32_t room, uint32_t *count);
    err_t (*open)(struct volume *volume, const char *path, uint32_t number, struct version *version);
    void (*close)(struct version *version);
    uint64_t (*size)(const struct version *version);
    uint32_t (*number)(const struct version *version);
    /* Of *n pages the sources; *n becomes how many are known, one at least. => *n <= CACHE_RUN_MAX */
    err_t (*find)(struct version *version, uint32_t page, uint32_t *n, struct page_source *sources);
    /* n pages from `page` on, consecutive, into held pages of zeros side by side. Answers how many are good. */
    uint32_t (*read)(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                     const uint32_t *tokens, uint8_t *to);
};

/* The boot archive; then looks at all partitions, the second disk's first, and at the whole of that, for a file system of
 * ours and for FAT.
 * => the cache has started. What cannot be mounted, though there is something, is said. */
void volumes_start(void);

/* The volume of that name, and the one whose name is the next; NULL: none. Whoever asks for the CD has the drive looked at:
 * the disc that is there then is mounted. */
struct volume *volume_named(const char *name);
struct volume *volume_after(const char *name);

/* What each sort does to the volume whose disk, port and size are set. => ERR_KIND: it is of another sort */
MUST_USE err_t volume_mount_files(struct volume *volume);
MUST_USE err_t volume_mount_foreign(struct volume *volume);
void volume_mount_boot(struct volume *volume); /* has neither disk nor port */

/* n pages, given by their tokens, from or to consecutive sectors. => ERR_IO */
MUST_USE err_t volume_transfer(struct volume *volume, enum disk_operation operation, uint32_t sector,
                               const uint32_t *tokens, uint32_t n);

#endif
