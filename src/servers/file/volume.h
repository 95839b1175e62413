/* A file system on a disk, and how its blocks move. The disk is asked through tokens of held pages alone (cache.h). */
#ifndef FILE_VOLUME_H
#define FILE_VOLUME_H

#include "abi/disk.h"
#include "files/files.h"
#include <apteryx/types.h>

struct volume {
    char name[16];   /* of its first part of paths */
    uint32_t number; /* 1 … 15: the upper bits of its blocks' keys in the cache */
    char disk[16];   /* the service that has it */
    handle_t port;   /* to that */
    struct files_volume *files;
};

/* Looks for a file system: on the partitions of the second disk, on the whole of it, on the partitions of the first.
 * => the cache has started  => ERR_NO_ENTRY: there is none; ERR_IO, ERR_MEMORY: the last that went wrong */
MUST_USE err_t volume_find(void);

/* The volume of that name; NULL: none. The i-th from 0; NULL: there are no more. */
struct volume *volume_named(const char *name);
struct volume *volume_at(uint32_t i);

/* n pages, given by their tokens, from or to consecutive blocks. => ERR_IO */
MUST_USE err_t volume_transfer(struct volume *volume, enum disk_operation operation, uint32_t block,
                               const uint32_t *tokens, uint32_t n);

#endif
