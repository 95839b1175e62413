/* A disk image on the host: its partitions, and its file system as a device of the library in src/files. */
#ifndef TOOLS_FILES_IMAGE_H
#define TOOLS_FILES_IMAGE_H

#include "files/files.h"
#include <stddef.h>

struct image {
    int file;
    uint64_t start; /* of the file system, in bytes */
    struct files_device device;
};

/* Ends the program with one line and status 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_usage(const char *usage);
/* For whoever ends the program, Ctrl-C too: what is to be removed then. NULL: nothing. */
void fail_removes(const char *path);
const char *error_text(err_t error);

/* Open an image to read: its first partition of FILES_PARTITION_TYPE; without a partition table, all of it. */
void image_open(struct image *image, const char *path);
struct files_volume *image_mount(const struct image *image);

/* Make an image of `bytes` with a partition table: a file system of so many blocks, and a swap partition (0: none). */
void image_create(struct image *image, const char *path, uint64_t blocks, uint64_t swap_bytes);

extern const struct files_memory image_memory;

/* The tools; arguments[0] is the tool's name. */
extern const char mkdisk_usage[], fsls_usage[], fscat_usage[];
int mkdisk(int count, char **arguments);
int fsls(int count, char **arguments);
int fscat(int count, char **arguments);

extern const char *program_name;

#endif
