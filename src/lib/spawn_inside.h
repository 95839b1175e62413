/* How the library starts processes. */
#ifndef LIB_SPAWN_INSIDE_H
#define LIB_SPAWN_INSIDE_H

#include <apteryx/process.h>

/* The kernel makes the process, and starts it if it is of the boot archive. */
err_t spawn_call(const struct spawn *spawn, handle_t *child);
/* spawn->name is the path of a file, and changed. => the errors of process_spawn */
err_t spawn_file(struct spawn *spawn, handle_t *child);

#endif
