/* What a client's message asks, read with care: nothing here believes a length or a text. Pure. */
#ifndef FILE_REQUEST_H
#define FILE_REQUEST_H

#include "abi/errors.h"
#include "abi/file_client.h"
#include "abi/message.h"
#include <stdbool.h>

/* The text that begins at word *at, at most FILE_PATH_MAX bytes; *at is behind it then.
 * => ERR_RANGE: it is not closed within the message  => ERR_TOO_LONG */
MUST_USE err_t request_text(const struct message *m, uint32_t *at, char text[FILE_PATH_MAX + 1]);

/* Puts a text at word *at. => there is room */
void request_put_text(struct message *m, uint32_t *at, const char *text);

/* A path as the file server takes it: "/disk/a/b" is "a/b" in the file system "disk", "/disk" and "/disk/" are "" there,
 * and "/" is no file system's: *name is "" then. Slashes at the end and doubled ones are left out.
 * => ERR_RANGE: it does not begin with a slash, or the name is longer than PATH_NAME_MAX */
#define PATH_NAME_MAX 15u
struct path {
    char name[PATH_NAME_MAX + 1];
    char rest[FILE_PATH_MAX + 1];
};
MUST_USE err_t path_read(const char *text, struct path *path);

/* text and path in one. */
MUST_USE err_t request_path(const struct message *m, uint32_t *at, struct path *path);

#endif
