/* Pools of kernel objects of one size, carved out of low frames. An empty page of a pool goes back to frames.
 * Objects come zeroed. pool_take: NULL = no low frame left; nothing changed. */
#ifndef KERNEL_TASK_POOL_H
#define KERNEL_TASK_POOL_H

#include "common/list.h"

struct pool {
    uint32_t object_bytes;  /* a multiple of 16, at most POOL_OBJECT_MAX */
    struct list_node pages; /* pages with at least one free object */
};

#define POOL_OBJECT_MAX 2000u
#define POOL_OF(name, type)                                                                    \
    {                                                                                          \
        .object_bytes = (sizeof(type) + 15u) & ~15u, .pages = { &(name).pages, &(name).pages } \
    }

void *pool_take(struct pool *of);
void pool_return(struct pool *of, void *object);

#endif
