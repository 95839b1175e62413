/* The way down the tree of records, for who looks and for who changes. */
#ifndef FILES_TREE_H
#define FILES_TREE_H

#include "files/inside.h"

/* At each level a node, and the record in it that the way goes through (leaf: where the key is, or would be). */
struct tree_step {
    struct files_pointer at;
    uint32_t offset;
};

/* => the tree has records */
MUST_USE err_t tree_descend(struct files_volume *v, const struct tree_key *key, struct tree_step *path);

#endif
