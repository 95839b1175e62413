/* What linear's files share and nobody else may include. */
#ifndef KERNEL_LINEAR_INSIDE_H
#define KERNEL_LINEAR_INSIDE_H

#include "kernel/arch/x86/paging.h"
#include "kernel/linear/linear.h"

/* own.c: the master's table for that page goes away. => the caller pays the TLB */
void space_copies_forget(struct space *master, page_t page);

/* What the directory says of a page. => it is here; of an own space: thread space */
static inline pde_t *directory_slot(const struct space *space, page_t page)
{
    assert(space_is_here(space) && page.n < USER_PAGES && (!space->master || page.n >= space->process_end.n));
    pde_t *directory = frame_pointer(space_directory(space));
    return &directory[page_directory_index(page)];
}

static inline pte_t *table_of(pde_t pde) { return frame_pointer(pde_frame(pde)); } /* => a table */

#endif
