/* What clients ask for, carried out: abi/file_client.h tells what. */
#ifndef FILE_SERVE_H
#define FILE_SERVE_H

#include <apteryx/types.h>

/* A client's message becomes its answer. pid: the badge. */
void serve(struct message *m, uint32_t pid);

#endif
