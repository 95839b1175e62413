/* What is asked about names and versions, and needs nothing open. "/" lists the file systems. */
#ifndef FILE_NAMES_H
#define FILE_NAMES_H

#include "servers/file/request.h"
#include "servers/file/volume.h"

/* The file system that a path is in. => ERR_NO_ENTRY */
MUST_USE err_t names_volume(const struct path *path, struct volume **volume);

/* A message about names becomes its answer, all but the label. => ERR_RANGE: it is none; else as abi/file_client.h */
MUST_USE err_t names_serve(struct message *m);

#endif
