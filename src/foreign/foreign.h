/* File systems of other makers, as a pure library that only reads: ISO 9660 with Rock Ridge, FAT16 and FAT32. It runs in the
 * file server and on the host. docs/files.md tells what is understood.
 *
 * What the library reads is metadata alone: for each 512-byte sector of a file it says in which sector of the device it
 * lies, and the caller moves the data. Nothing on the device is believed: every number is checked, every chain and
 * directory has an end (FOREIGN_DIRECTORY_MAX), and what makes no sense is ERR_IO.
 *
 * Paths: names joined by single slashes, none at either end; "" is the root directory. Names are bytes as they stand
 * there; FAT's long names are given as UTF-8. Where the system gives upper and lower case
 * no meaning (FAT, ISO 9660 without Rock Ridge), look-ups give it none.
 *
 * Not reentrant: one call at a time on a volume. No globals that change, no memory but the volume's own. */
#ifndef FOREIGN_FOREIGN_H
#define FOREIGN_FOREIGN_H

#include "abi/errors.h"
#include <stdbool.h>
#include <stdint.h>

#define FOREIGN_SECTOR_BYTES 512u
#define FOREIGN_PAGE_BYTES 4096u
#define FOREIGN_PAGE_SECTORS (FOREIGN_PAGE_BYTES / FOREIGN_SECTOR_BYTES)
#define FOREIGN_NAME_MAX 255u
#define FOREIGN_DIRECTORY_MAX (8u << 20) /* bytes; what lies behind is not seen */

/* Where the sectors are. read: eight of them from `sector` on, OK or ERR_IO; `sector` is a multiple of 4 if `sectors` is. */
struct foreign_device {
    err_t (*read)(void *context, uint32_t sector, void *buffer);
    void *context;
    uint32_t sectors;
};

#define FOREIGN_BUFFERS 8u
struct foreign_kind; /* what each file system does in its own way */

/* A mounted file system. The fields are the library's own. */
struct foreign_volume {
    struct foreign_device device;
    const struct foreign_kind *kind;
    uint32_t clock, first[FOREIGN_BUFFERS],
        used[FOREIGN_BUFFERS]; /* of each buffer: its first sector, when it was used; 0: never */
    union {
        struct {
            uint32_t root, root_bytes; /* its first block of 2,048 bytes */
            uint32_t skip;             /* of each system use area */
            bool rock_ridge;
        } iso;
        struct {
            uint32_t table;                     /* the first sector of the first FAT */
            uint32_t root_sectors, root_sector; /* FAT16's root directory */
            uint32_t root_cluster;              /* FAT32's; 0: FAT16 */
            uint32_t data, clusters, cluster_sectors;
        } fat;
    };
    uint8_t buffer[FOREIGN_BUFFERS][FOREIGN_PAGE_BYTES];
};

/* A file or a directory, and how far the library has followed it. */
struct foreign_node {
    bool directory;
    bool unreadable; /* laid out in a way that this library does not read: it can only be listed */
    uint32_t start;  /* its first block or cluster */
    uint64_t bytes;  /* of a FAT directory 0: it ends where its chain does */
    union {
        struct {
            uint32_t index, cluster; /* the index-th cluster of it; cluster 0: not followed yet */
        } fat;
        struct {
            uint32_t first, sectors;                 /* the extent that begins with its sector `first` … */
            uint32_t block;                          /* … lies here */
            uint32_t directory, directory_bytes, at; /* where the record of its first extent stands */
        } iso;
    };
};

/* Looks at what is on the device. volume: the caller's, not moved while it is mounted.
 * => ERR_KIND: none of the file systems above */
MUST_USE err_t foreign_mount(struct foreign_volume *volume, const struct foreign_device *device);

/* What a path leads to. => ERR_NO_ENTRY => ERR_KIND: a file in the place of a directory */
MUST_USE err_t foreign_look(struct foreign_volume *volume, const char *path, struct foreign_node *node);

/* The next entry of a directory behind the name `after` ("": the first), in the order of the names' bytes. Of several of
 * the same name the first counts. => ERR_NO_ENTRY: there is none => ERR_KIND: path is a file */
MUST_USE err_t foreign_list(struct foreign_volume *volume, const char *path, const char *after,
                            char name[FOREIGN_NAME_MAX + 1], struct foreign_node *node);

/* In which sector of the device the file's i-th lies. => i is within the file; not unreadable */
MUST_USE err_t foreign_sector(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, uint32_t *sector);
/* What stands in the file's i-th sector, until the next call. => as above */
MUST_USE err_t foreign_content(struct foreign_volume *volume, struct foreign_node *node, uint32_t i,
                               const uint8_t **at);

#endif
