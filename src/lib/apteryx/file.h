/* Files: open one version of one, map it or read and write it, and publish what was written as the newest version.
 *
 * What is open for reading stays as it is, whatever is published meanwhile. What is open for writing nobody else sees
 * until file_close publishes it, whole or not at all: a process that ends before has changed nothing. Paths begin with
 * a slash: "/disk/a/b". All pages here are of 4,096 bytes.
 *
 * Errors of every call, besides those that it names:
 *     ERR_NO_ENTRY  no such file, version or directory; no file server   ERR_KIND  a directory for a file, or the reverse
 *     ERR_RANGE     a path or a range that makes no sense                ERR_RIGHTS  it can only be read
 *     ERR_COMMIT    the disk is full                                     ERR_IO    the disk failed
 *     ERR_HANDLE    not open (any more: a file server that is started again knows nothing of what was open)
 *     ERR_LIMIT     too much is open or mapped */
#ifndef APTERYX_FILE_H
#define APTERYX_FILE_H

#include "abi/file_client.h"
#include <apteryx/types.h>

struct file {
    uint32_t id;
    uint32_t version; /* open for writing: the one that it began as; 0: none */
    uint64_t size;    /* as of file_open, file_write, file_set_size */
    enum file_mode mode;
};

/* FILE_MODE_READ: a version; 0: the newest. FILE_MODE_WRITE (version 0): a new version that begins as the newest. */
err_t file_open(const char *path, enum file_mode mode, uint32_t version, struct file *file);
/* Open for writing: what is mapped is unmapped, and the version published, or forgotten. *version (may be NULL): its
 * number. After an error, too, it is not open any more, and nothing was published; but after ERR_IO, if the disk failed
 * in the last moment, it may have been. Open for reading: what is mapped stays. */
err_t file_close(struct file *file, bool publish, uint32_t *version);

/* The file's pages from `first` on appear at *address, or where there is room if that is 0. FILE_HOW_READ and
 * FILE_HOW_COPY (what is written there is the process's own) of what is open for reading, FILE_HOW_WRITE of what is open
 * for writing. Behind the end of the file are zeros. Pages are read when they are touched: one that can't be read is a
 * fault. => bytes: whole pages  => ERR_BUSY: the page is mapped for writing already */
err_t file_map(const struct file *file, uint32_t first, uint32_t bytes, enum file_how how, uintptr_t *address);
/* Any part of what is mapped. => ERR_IO: something that was written is lost; it will not be published */
err_t file_unmap(uintptr_t address, uint32_t bytes);

/* Fewer bytes at the end of the file: *got. => ERR_BUSY: it is mapped for writing */
err_t file_read(const struct file *file, uint64_t offset, void *to, uint32_t bytes, uint32_t *got);
err_t file_write(struct file *file, uint64_t offset, const void *from, uint32_t bytes);
err_t file_set_size(struct file *file, uint64_t bytes);

struct file_status {
    enum file_kind kind;
    uint64_t size; /* of the newest version */
    uint32_t newest, versions, keep;
};
err_t file_status(const char *path, struct file_status *status);
/* The next name behind `after` ("": the first) in a directory. => ERR_NO_ENTRY: there are no more */
err_t file_list(const char *path, const char *after, char name[FILE_PATH_MAX + 1], struct file_status *status);
/* Versions with numbers above `after`, at most FILE_VERSIONS_A_MESSAGE at a time; *count 0: there are no more. */
struct file_number {
    uint32_t number;
    uint64_t size;
};
err_t file_versions(const char *path, uint32_t after, struct file_number versions[FILE_VERSIONS_A_MESSAGE],
                    uint32_t *count);
/* How many versions of a file are kept, the newest ones; 0: all. Of a directory: of what is made in it. */
err_t file_keep(const char *path, uint32_t versions);
/* A file with all its versions, or an empty directory (else ERR_BUSY). What is open stays open. */
err_t file_remove(const char *path);
/* Within one file system. A file that is there is replaced; a directory is ERR_BUSY. */
err_t file_rename(const char *from, const char *to);
err_t file_make_directory(const char *path);

/* The last part of a path: behind its last slash, if there is one. */
static inline const char *file_last_part(const char *path)
{
    const char *last = path;
    for (; *path != '\0'; path++)
        if (*path == '/')
            last = path + 1;
    return last;
}

/* ---- for commands ---- */

/* Says "PROGRAM: WHAT: ERR_NAME: in words", and answers the status to end with: 2: no path, 3: no room, else 1. */
int file_say(const char *program, const char *what, err_t err);
int file_say_two(const char *program, const char *from, const char *to, err_t err);
/* Does `one` with each path, and says what it failed with. Answers the largest status; 0: it failed with none. */
int files_each(const char *program, const char *const *paths, uint32_t count, err_t (*one)(const char *path));
/* Where `from` goes if it is to go to `to`: into a directory under its own name. => ERR_TOO_LONG */
err_t file_target(const char *from, const char *to, char path[FILE_PATH_MAX + 1]);

#endif
