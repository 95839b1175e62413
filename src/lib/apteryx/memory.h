/* malloc for programs. Its heap begins behind the program and grows over free pages, so that it never takes pages
 * that the program has given a kind. Servers that must not fault do not use it. NULL: no memory. */
#ifndef APTERYX_MEMORY_H
#define APTERYX_MEMORY_H

#include <stddef.h>

void *malloc(size_t bytes);
void free(void *memory);
void *calloc(size_t count, size_t bytes);
void *realloc(void *memory, size_t bytes);

#endif
