/* Where a process has mapped which part of which file: one map a process, from address to mapping, ordered. Finding,
 * inserting and cutting take time logarithmic in the number of mappings: a treap, the search tree whose shape is that of
 * random insertion whatever the order was. Pure. */
#ifndef FILE_MAPPING_H
#define FILE_MAPPING_H

#include "abi/errors.h"
#include <stdbool.h>
#include <stdint.h>

struct view;         /* an open version of a file: view.h */
struct mapping_node; /* of the treap */

struct mapping {
    uintptr_t start;
    uint32_t pages;
    uint32_t first; /* page of the file that `start` shows */
    uint32_t how;   /* enum file_how */
    struct view *view;
};

struct mappings {
    struct mapping_node *root;
    uint32_t count, random;
};

static inline uintptr_t mapping_end(const struct mapping *m) { return m->start + ((uintptr_t)m->pages << 12); }

/* Before anything else. seed: what the shape of the tree is drawn from. */
void mappings_start(struct mappings *map, uint32_t seed);

/* => pages > 0, whole pages, below the end of the address space
 * => ERR_BUSY: some of its pages are mapped  => ERR_MEMORY */
MUST_USE err_t mappings_insert(struct mappings *map, const struct mapping *mapping);

/* What is mapped at an address; NULL: nothing. Valid until the map changes. */
const struct mapping *mappings_find(const struct mappings *map, uintptr_t address);

/* The first mapping that ends above an address; NULL: none. */
const struct mapping *mappings_from(const struct mappings *map, uintptr_t address);

/* Takes whatever is mapped from start to end out of the map; what lies across an edge is cut. `gone` is told of each
 * piece, in order. => start < end, both at pages  => ERR_MEMORY: nothing has changed */
MUST_USE err_t mappings_remove(struct mappings *map, uintptr_t start, uintptr_t end,
                               void (*gone)(void *context, const struct mapping *piece), void *context);

#endif
