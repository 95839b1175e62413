/* Regions in the processor's own page tables, by the kernel's own linear room: the promise or the guard stands in each
 * page's entry, or in the directory for whole 4 MiB. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "structure.h"

extern struct space entries_space;

void entries_start(uint32_t most);
bool entries_insert(const struct region *region);
void entries_remove(const struct region *region);
enum entry_kind entries_kind_at(page_t page);
bool entries_overlap(page_t first, page_t end);
uint32_t entries_frames(void);

/* Whatever stands in these pages becomes that kind. */
void entries_set_range(page_t first, page_t end, enum entry_kind kind);

#endif
