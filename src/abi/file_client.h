/* The file protocol, clients' side: what programs ask of the file server, at the port that file_connect gives. The badge
 * says which process asks, so that what is open in a process is its own, and nothing of it can be passed on.
 *
 * Every answer's label is an err_t; only after OK are there words. Texts are bytes, four a word, each closed by a NUL,
 * the last one padded with NULs to whole words; a path begins with a slash and the name of a file system ("/disk/a/b").
 * Sizes and offsets are two words, low and high.
 *
 * FILE_OPEN:     enum file_mode, number of a version (0: the newest), path -> id, size, number of the version.
 *                READ: that version, as it is, for as long as it is open or mapped. WRITE: a version of its own that
 *                begins as the newest one, or empty where there is no file; nobody sees it before it is published.
 * FILE_CLOSE:    id, publish (0 or 1) -> number of the version. WRITE: all that is mapped is unmapped, and the version is
 *                published, whole or not at all, or forgotten. READ: mappings stay.
 * FILE_MAP:      id, first page, address, bytes, enum file_how. The range must be free. READ, COPY: of an id that is open
 *                for reading. WRITE: of one that is open for writing; what is written there is the version's from
 *                FILE_UNMAP or FILE_CLOSE on, and a page may be mapped once. COPY: written, a page becomes the process's
 *                own. Behind the end of the file are zeros; what is written there counts only if the file is made longer.
 *                With a handle of a process (not WRITE): in that process, not in the one that asks.
 * FILE_UNMAP:    address, bytes. Takes away whatever is mapped in the range, and cuts what reaches out of it.
 * FILE_READ:     id, offset, n <= FILE_BYTES_MAX -> n, that many bytes: fewer at the end of the file, 0 behind it.
 * FILE_WRITE:    id, offset, n, the bytes. The file grows over what is written behind its end.
 * FILE_SET_SIZE: id, size. What is added is zeros.
 * FILE_STATUS:   path -> struct file_about.
 * FILE_LIST:     path, name ("": the first) -> struct file_about, the next name behind it in the directory.
 * FILE_VERSIONS: number, path -> n, n × struct file_version with numbers above it, in order; 0: there are no more.
 * FILE_KEEP:     n, path: keep the newest n versions of a file, 0: all; of a directory: of files that are made in it.
 * FILE_REMOVE:   path. A file with all its versions, or an empty directory. What is open stays open.
 * FILE_RENAME:   path, new path. A file that is there is replaced.
 * FILE_MAKE_DIRECTORY: path.
 *
 * ERR_NO_ENTRY: no such file, version or directory. ERR_KIND: a directory for a file, or the reverse; an id that is not
 * open for writing. ERR_HANDLE: no such id. ERR_RANGE: a path, or a message, that makes no sense. ERR_RIGHTS: a file
 * system that can only be read. ERR_COMMIT: the disk is full. ERR_LIMIT: the process has FILE_OPEN_MAX open, or
 * FILE_MAPPINGS_MAX mappings (unmapping the middle of one makes two of it), or would have more than FILE_WRITTEN_MAX
 * pages mapped for writing. ERR_BUSY: the range, or the page, is mapped; a directory that is not empty. ERR_IO: the disk
 * failed, or what it gave does not sum up. */
#ifndef ABI_FILE_CLIENT_H
#define ABI_FILE_CLIENT_H

#include <stdint.h>

#define FILE_OPEN 0x46494F50u
#define FILE_CLOSE 0x4649434Cu
#define FILE_MAP 0x46494D41u
#define FILE_UNMAP 0x4649554Eu
#define FILE_READ 0x46495244u
#define FILE_WRITE 0x46495752u
#define FILE_SET_SIZE 0x4649535Au
#define FILE_STATUS 0x46495354u
#define FILE_LIST 0x46494C53u
#define FILE_VERSIONS 0x46495653u
#define FILE_KEEP 0x46494B50u
#define FILE_REMOVE 0x4649524Du
#define FILE_RENAME 0x4649524Eu
#define FILE_MAKE_DIRECTORY 0x46494D44u

#define FILE_BYTES_MAX 960u
#define FILE_PATH_MAX 272u /* bytes, without the NUL: two slashes, a file system's name of up to 15, and 255 in it */
#define FILE_VERSIONS_A_MESSAGE 32u
#define FILE_OPEN_MAX 256u
#define FILE_MAPPINGS_MAX 32768u
#define FILE_WRITTEN_MAX 65536u /* pages mapped for writing: 256 MiB */

enum file_mode { FILE_MODE_READ, FILE_MODE_WRITE };
enum file_how { FILE_HOW_READ, FILE_HOW_WRITE, FILE_HOW_COPY };
enum file_kind { FILE_KIND_FILE = 1, FILE_KIND_DIRECTORY = 2 };

struct file_about {
    uint32_t kind;                /* enum file_kind */
    uint32_t size_low, size_high; /* of the newest version */
    uint32_t newest, versions;    /* its number, and how many there are; directories: 0 */
    uint32_t keep;                /* as FILE_KEEP said */
};

struct file_version {
    uint32_t number, size_low, size_high;
};

#endif
