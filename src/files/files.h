/* Apteryx's own file system, as a pure library: names, versions, space and commit, over a device of blocks that the
 * caller hands in. It runs in the file server and on the host. docs/file-system.md tells what stands on the disk.
 *
 * What the library moves is metadata alone. Contents of files go past it: for a page it says in which block it lies (or
 * shall lie) and what its checksum is (or takes note of it), and the caller moves the data, by token in the server.
 *
 * Nothing is ever overwritten. Each change makes a new tree in memory's view, which shares with the old one what is the
 * same; files_commit makes it the disk's. Until then a power cut leaves the last commit's state, whole. Changes of any
 * number of files may go into one commit.
 *
 * A file is an ordered list of versions. Open for reading is one version: what it shows stays as it is, and stays in its
 * place on the disk, for as long as it is open, whatever is published, pruned or removed meanwhile. Open for writing is
 * an unfinished version: nobody sees it before files_publish, and files_close instead of it leaves no trace. There may
 * be any number of both.
 *
 * What a file server calls:
 *     open for reading         files_open, files_size, files_find …, files_close
 *     open for writing         files_begin, files_reserve, files_find, files_place …, files_set_size,
 *                              files_publish + files_commit, or files_close
 *     names                    files_look, files_list, files_make_directory, files_remove, files_rename; files_commit
 *     versions                 files_versions, files_keep, files_prune; files_commit
 *
 * Paths: 1 to FILES_PATH_MAX bytes, names joined by single slashes, none at either end; a name is any bytes but NUL and
 * '/', and neither "." nor ".."; "" is the root directory. Another path is ERR_RANGE (ERR_TOO_LONG).
 *
 * Errors of every call here, besides those that it names:
 *     ERR_IO       the device failed, or what it gave does not sum up, or makes no sense
 *     ERR_MEMORY   the caller's allocator gave nothing
 *     ERR_RIGHTS   a change was asked for, and the volume is read-only (struct files_status)
 *     ERR_COMMIT   no space on the disk
 * A call that fails has changed nothing.
 *
 * Not reentrant: one call at a time on a volume. No globals but the checksum's table. */
#ifndef FILES_FILES_H
#define FILES_FILES_H

#include "abi/errors.h"
#include "files/format.h"
#include <stdbool.h>

/* Where the blocks are. Each function answers OK or ERR_IO. A write may be cut short by power: then each of its sectors
 * of 512 bytes is old or new. What was written before a flush is on the disk when the flush is done; in between, in any
 * order. */
struct files_device {
    err_t (*read)(void *context, uint32_t block, void *buffer);
    err_t (*write)(void *context, uint32_t block, const void *buffer);
    err_t (*flush)(void *context);
    void *context;
    uint32_t blocks;
};

/* Where memory comes from. take: NULL, none; aligned to 8. release gets the bytes that were asked for. */
struct files_memory {
    void *(*take)(void *context, uint32_t bytes);
    void (*release)(void *context, void *memory, uint32_t bytes);
    void *context;
};

struct files_volume;  /* a mounted file system */
struct files_version; /* an open version */

/* ---- the volume ----------------------------------------------------------------------------------------------- */

/* Make an empty file system; what was on the device is gone. Its size is that of the device.
 * keep: the rule that its files begin with, see files_keep.
 * => ERR_RANGE: the device has less than FILES_BLOCKS_MIN blocks or more than FILES_BLOCKS_MAX */
MUST_USE err_t files_format(const struct files_device *device, const struct files_memory *memory, uint32_t keep);

#define FILES_CACHE_MIN 16u /* blocks */

/* Open the file system on a device: the newest superblock that sums up, and a walk through everything it leads to, so
 * that what is free is known. device and memory are copied. cache_blocks: how many blocks of metadata are kept in
 * memory; besides, the volume takes two bytes for each of its blocks.
 * Damage that the walk meets makes the volume read-only: what can be read can be read.
 * => ERR_KIND: no file system of this format => ERR_RANGE: larger than the device, or cache_blocks < FILES_CACHE_MIN */
MUST_USE err_t files_mount(const struct files_device *device, const struct files_memory *memory, uint32_t cache_blocks,
                           struct files_volume **volume);

/* Give back the volume's memory. What was not committed is lost. => all its versions are closed */
void files_unmount(struct files_volume *volume);

/* Make everything up to here the disk's: flush, write the superblock, flush. What was published since the last commit,
 * removed, renamed … is there after a power cut from now on; before, none of it was. Space that was given up becomes
 * free now. The caller has written the blocks of all pages of what it has published (the writes are answered).
 * => ERR_IO: it may be the disk's or not; the volume is read-only from now on */
MUST_USE err_t files_commit(struct files_volume *volume);

struct files_status {
    uint32_t blocks;     /* of the volume */
    uint32_t free;       /* blocks that nothing leads to */
    uint32_t reserved;   /* of them, promised to unfinished versions */
    uint32_t kept_back;  /* of them, for the metadata of commits: so that removing works on a full disk */
    uint64_t generation; /* of the last commit */
    uint32_t keep;       /* of the root directory */
    uint32_t bad_slots;  /* superblocks that did not sum up at mount */
    bool read_only;      /* damage was met, or a commit failed */
    bool changed;        /* there is something to commit */
};
void files_status(const struct files_volume *volume, struct files_status *status);

/* ---- names ---------------------------------------------------------------------------------------------------- */

struct files_entry {
    uint32_t kind;     /* FILES_KIND_FILE, FILES_KIND_DIRECTORY */
    uint32_t id;       /* the file's, the same under a new name; directories: 0 */
    uint32_t keep;     /* see files_keep */
    uint32_t newest;   /* number of the newest version; directories: 0 */
    uint32_t versions; /* how many there are */
    uint64_t size;     /* of the newest version */
    uint64_t time;     /* of its publication */
};

/* What a path leads to. => ERR_NO_ENTRY */
MUST_USE err_t files_look(struct files_volume *volume, const char *path, struct files_entry *entry);

struct files_listed {
    char name[FILES_PATH_MAX + 1]; /* the last part of its path */
    struct files_entry entry;
};

/* The next entry of a directory behind the name `after` ("": the first), in the order of the names' bytes.
 * => ERR_NO_ENTRY: there is none behind it, or no such directory (files_look tells) => ERR_KIND: path is a file */
MUST_USE err_t files_list(struct files_volume *volume, const char *path, const char *after,
                          struct files_listed *listed);

/* => ERR_NO_ENTRY: the directory above is not there => ERR_KIND: the one above is a file => ERR_BUSY: taken */
MUST_USE err_t files_make_directory(struct files_volume *volume, const char *path);

/* Remove a file with all its versions, or an empty directory. Open versions stay open.
 * => ERR_NO_ENTRY => ERR_BUSY: a directory that is not empty, or the root */
MUST_USE err_t files_remove(struct files_volume *volume, const char *path);

/* Give a file, or a directory with all that is in it, another name. A file at `to` is replaced by a file; whatever is
 * open stays open. An unfinished version is published under the name that it was begun with.
 * => ERR_NO_ENTRY: from, or the directory above to, is not there => ERR_KIND: a directory at or above its own new name,
 * a directory onto a file, a file in the place of a directory => ERR_BUSY: a directory is at `to`
 * => ERR_TOO_LONG: a path below it would be */
MUST_USE err_t files_rename(struct files_volume *volume, const char *from, const char *to);

/* The pruning rule: how many versions of a file are kept, the newest ones; 0: all. For a directory: what files and
 * directories that are made in it begin with; "" is the root directory. Prunes a file at once. => ERR_NO_ENTRY */
MUST_USE err_t files_keep(struct files_volume *volume, const char *path, uint32_t keep);

/* Drop what the file's rule does not keep and nobody has open. files_publish does it by itself; to be called when a
 * version has been closed that was kept only because it was open. => ERR_NO_ENTRY => ERR_KIND: a directory */
MUST_USE err_t files_prune(struct files_volume *volume, const char *path);

struct files_published {
    uint32_t number;
    uint64_t size;
    uint64_t time;
};

/* Up to `room` versions of a file with numbers above `after`, oldest first. *count < room: there are no more.
 * => ERR_NO_ENTRY => ERR_KIND: a directory */
MUST_USE err_t files_versions(struct files_volume *volume, const char *path, uint32_t after,
                              struct files_published *versions, uint32_t room, uint32_t *count);

/* ---- open versions -------------------------------------------------------------------------------------------- */

/* Open a version for reading; number 0: the newest. It is held until files_close: not pruned.
 * => ERR_NO_ENTRY: no such file, or version => ERR_KIND: a directory => ERR_LIMIT: open too many times */
MUST_USE err_t files_open(struct files_volume *volume, const char *path, uint32_t number,
                          struct files_version **version);

/* Begin an unfinished version on top of the newest one; of an absent file, on top of nothing.
 * => ERR_NO_ENTRY: the directory above is not there => ERR_KIND: a directory, or the one above is a file */
MUST_USE err_t files_begin(struct files_volume *volume, const char *path, struct files_version **version);

uint64_t files_size(const struct files_version *version);
uint32_t files_number(const struct files_version *version); /* unfinished: that of the version it began on, or 0 */
bool files_unfinished(const struct files_version *version);

/* Where the pages first … first + count - 1 lie: pointers[i].block == 0: nowhere, the page is all zeros; so is every
 * page behind the size. But in an unfinished version, pages that were placed are found where they were placed, behind the
 * size too: whoever has written there and had the page evicted wants it back.
 * A page that is read must have the checksum that stands here. Blocks that follow each other can be read as one:
 * files_run. A cache may keep pages by their block's number, whatever version they were read for, if it forgets a
 * block when files_place hands it out. */
MUST_USE err_t files_find(struct files_version *version, uint32_t first, uint32_t count,
                          struct files_pointer *pointers);

/* How many of `count` pointers (> 0) from the first on are consecutive blocks, or absent as the first is. */
uint32_t files_run(const struct files_pointer *pointers, uint32_t count);

/* Let a version go. An unfinished one is forgotten, with all that was placed. NULL is allowed.
 * => no transfer of its pages is under way: their blocks may be free now, and another version's next */
void files_close(struct files_version *version);

/* ---- unfinished versions -------------------------------------------------------------------------------------- */

/* Promise space to pages first … first + count - 1, whether behind the size or not: files_place of them will then not
 * fail for want of space or memory or by the device, nor will files_publish for want of space. Pages that have a promise
 * or a place already cost nothing. A promise ends with the version.
 * => ERR_KIND: not unfinished => ERR_RANGE: too far => ERR_COMMIT: the disk has not got that much */
MUST_USE err_t files_reserve(struct files_version *version, uint32_t first, uint32_t count);

/* Where this page's new contents, which sum up to `checksum`, are to be written: *block. The caller writes them, before
 * it publishes. A page that is placed again stays in its block while that block belongs to this version alone: it does.
 * Reserves by itself what was not reserved. A page that lies behind the size counts only if the size grows over it.
 * => ERR_KIND: not unfinished => ERR_RANGE: too far => ERR_COMMIT: only if not reserved */
MUST_USE err_t files_place(struct files_version *version, uint32_t page, uint32_t checksum, uint32_t *block);

/* Make the version so long. What is cut off is gone, its places too; what is added is zeros. The rest of the last page
 * is the caller's to zero. => no transfer of what is cut off is under way
 * => ERR_KIND: not unfinished => ERR_RANGE: more than FILES_PAGES_MAX pages */
MUST_USE err_t files_set_size(struct files_version *version, uint64_t bytes);

/* Publish an unfinished version as the newest of the file of its name, which is made where it is not there; prune the
 * file; close the version. The next commit makes it the disk's. On an error it is unfinished still.
 * => ERR_KIND: not unfinished, or the name is a directory's now => ERR_NO_ENTRY: the directory above is gone
 * => ERR_LIMIT: FILES_VERSIONS_MAX */
MUST_USE err_t files_publish(struct files_version *version, uint64_t time, uint32_t *number);

/* ---- checksums ------------------------------------------------------------------------------------------------ */

/* CRC-32 (ISO-HDLC, as zlib and Ethernet have it) of one block. A change of up to 32 bits in a row is always noticed.
 * => a volume has been mounted or formatted */
uint32_t files_checksum(const void *block);

#endif
