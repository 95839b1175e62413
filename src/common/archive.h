/* The boot archive: a tar file (POSIX ustar), read in place by the kernel, header by header by the file server. Pure: every
 * length is checked against the archive's end. */
#ifndef COMMON_ARCHIVE_H
#define COMMON_ARCHIVE_H

#include "abi/errors.h"
#include <stdbool.h>
#include <stdint.h>

#define ARCHIVE_BLOCK_BYTES 512u /* a header fills one; each file's data begin with one */

/* What a header says of what stands behind it. */
struct archive_header {
    const char *name; /* within the header, without a leading "./" */
    uint32_t name_bytes;
    uint32_t bytes; /* of data */
    bool is_file;   /* a regular file */
};

/* => `block` is ARCHIVE_BLOCK_BYTES  => ERR_NO_ENTRY: the archive's end; ERR_IO: no header */
MUST_USE err_t archive_header(const void *block, struct archive_header *header);

struct archive {
    const uint8_t *start;
    uint32_t bytes;
};
struct archive_file {
    const char *name;
    uint32_t name_bytes;
    const uint8_t *data;
    uint32_t bytes;
};

/* The first regular file at or after *position; *position moves behind it. Begin with 0.
 * ERR_NO_ENTRY: the end; ERR_IO: the archive is broken there. */
MUST_USE err_t archive_next(const struct archive *a, uint32_t *position, struct archive_file *file);

/* A regular file by its name; a leading "./" in the archive does not count. ERR_NO_ENTRY, ERR_IO. */
MUST_USE err_t archive_find(const struct archive *a, const char *name, uint32_t name_bytes, struct archive_file *file);

#endif
