/* Where a worker's pages lie, and which generation each should be. One region a process. */
#ifndef STRESS_REGION_H
#define STRESS_REGION_H

#include "apps/stress/page.h"
#include "apps/stress/walk.h"
#include <apteryx/types.h>

#define REGION_START 0x01000000u
#define SPARSE_STEP 0x00400000u

/* As many as process space holds. */
uint32_t region_pages_max(enum pattern pattern);

/* Marks the pages. => the errors of vm_set */
err_t region_make(enum pattern pattern, uint32_t pages, uint32_t seed, uint32_t process);

/* Writes a page with its next generation. */
void region_write(uint32_t page);
/* false: this page is wrong, and was not known to be. */
bool region_check(uint32_t page);

#endif
