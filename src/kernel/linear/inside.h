/* What linear's files share and nobody else may include. */
#ifndef KERNEL_LINEAR_INSIDE_H
#define KERNEL_LINEAR_INSIDE_H

#include "kernel/linear/linear.h"

/* own.c: the master's table for that page goes away. => the caller pays the TLB */
void space_copies_forget(struct space *master, page_t page);

/* space.c */
pde_t *directory_slot(const struct space *space, page_t page);

#endif
