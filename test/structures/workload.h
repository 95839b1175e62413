/* What is measured: layouts of an address space, and the questions that are put to it. All from one seed. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "structure.h"

/* Everything lies below LAYOUT_END, so that there is room for something large above. */
#define LAYOUT_FIRST 0x00400u
#define LAYOUT_END 0xA0000u

struct layout {
    const char *name;
    uint32_t group; /* so many neighbours are inserted one after another; the groups in random order */
    void (*make)(struct region *regions, uint32_t count); /* ascending */
};
extern const struct layout layouts[];
extern const uint32_t layout_count;

void workload_start(uint32_t seed);
uint32_t workload_below(uint32_t n);

/* The order in which the regions of a layout are inserted: a permutation of 0 … count - 1. */
void workload_order(const struct layout *layout, uint32_t *order, uint32_t count);

#endif
