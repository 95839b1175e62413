/* Pools of kernel objects of one size, carved out of low frames. An empty page of a pool goes back to frames.
 * Objects come zeroed, and are charged to an account. */
#ifndef KERNEL_TASK_POOL_H
#define KERNEL_TASK_POOL_H

#include "common/list.h"
#include "kernel/task/account.h"

struct pool {
    uint32_t object_bytes;  /* a multiple of 16, at most POOL_OBJECT_MAX */
    struct list_node pages; /* pages with at least one free object */
};

#define POOL_OBJECT_MAX 2000u
#define POOL_OF(name, type)                                                                    \
    {                                                                                          \
        .object_bytes = (sizeof(type) + 15u) & ~15u, .pages = { &(name).pages, &(name).pages } \
    }

/* ERR_LIMIT; ERR_MEMORY, ERR_COMMIT, ERR_PARKED: see pager_object_frame. Nothing has changed. */
MUST_USE err_t pool_take(struct pool *of, struct account *payer, void **object);
void pool_return(struct pool *of, struct account *payer, void *object);

#endif
