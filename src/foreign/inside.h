/* Inside the room: what a file system of another maker does in its own way, and how it gets at the device. */
#ifndef FOREIGN_INSIDE_H
#define FOREIGN_INSIDE_H

#include "foreign/foreign.h"

/* Where a directory is being read, and what was found. */
struct foreign_walk {
    struct foreign_node directory;
    uint32_t at; /* in bytes: the next entry */
    char name[FOREIGN_NAME_MAX + 1];
    struct foreign_node node;
};

struct foreign_kind {
    bool folds; /* upper and lower case are the same */
    void (*root)(const struct foreign_volume *volume, struct foreign_node *node);
    /* The next entry that has a name. => ERR_NO_ENTRY: there are no more */
    err_t (*next)(struct foreign_volume *volume, struct foreign_walk *walk);
    err_t (*sector)(struct foreign_volume *volume, struct foreign_node *node, uint32_t i, uint32_t *sector);
};

/* => ERR_KIND: it is another */
MUST_USE err_t iso_mount(struct foreign_volume *volume);
MUST_USE err_t fat_mount(struct foreign_volume *volume);

/* The sectors sector … sector + count - 1, which a buffer holds until the next call of something here.
 * => they do not cross a multiple of 8 sectors  => ERR_IO */
MUST_USE err_t foreign_look_at(struct foreign_volume *volume, uint32_t sector, uint32_t count, const uint8_t **at);

/* ---- numbers as they stand there ---- */

static inline uint32_t little16(const uint8_t *at) { return at[0] | (uint32_t)at[1] << 8; }
static inline uint32_t little32(const uint8_t *at) { return little16(at) | little16(at + 2) << 16; }

static inline char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

#endif
