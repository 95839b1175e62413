/* The pages of clients: what the kernel asks for, what it sends back, and what is mapped and unmapped. */
#ifndef FILE_PAGES_H
#define FILE_PAGES_H

#include "servers/file/client.h"
#include <apteryx/types.h>

/* A FILE_FAULT becomes its answer. What it shows is held: to be released when the answer has been given. */
void pages_fault(struct message *m, struct cached *shown);

/* A FILE_OUT becomes its answer: its pages are on the disk, but those that nobody wants any more. */
void pages_out(struct message *m);

/* bytes from the file's page `page` on are shown at an address. how: enum file_how
 * => ERR_RANGE, ERR_KIND, ERR_BUSY, ERR_LIMIT, ERR_COMMIT, ERR_MEMORY; ERR_RETRY: a page that was there is not back yet */
MUST_USE err_t pages_map(struct client *client, struct view *view, uint32_t page, uintptr_t start, uint32_t bytes,
                         uint32_t how);

/* Whatever is mapped in the range is not there any more; what was written there is the version's.
 * => ERR_RANGE, ERR_MEMORY, ERR_LIMIT; ERR_IO: a page is not on the disk, its version is spoiled; ERR_NO_ENTRY: the process ends */
MUST_USE err_t pages_unmap(struct client *client, uintptr_t start, uint32_t bytes);

/* Everything that a view has mapped to be written, likewise. */
MUST_USE err_t pages_unmap_written(struct client *client, struct view *view);

#endif
