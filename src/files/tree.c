/* Searching the tree of records (files/tree.h). */
#include "files/tree.h"
#include "files/node.h"

static err_t get_node(struct files_volume *v, struct files_pointer at, uint32_t level, const void **node)
{
    return cache_get(v, at, KIND_NODE + level, node);
}

err_t tree_descend(struct files_volume *v, const struct tree_key *key, struct tree_step *path)
{
    struct files_pointer at = v->current.at;
    for (uint32_t level = v->current.levels; level-- > 0;) {
        const void *node;
        TRY(get_node(v, at, level, &node));
        uint32_t offset = level > 0 ? node_child(node, key) : node_find(node, key);
        path[level] = (struct tree_step){at, offset};
        if (level > 0) {
            struct node_record record = node_record(node, offset);
            at = node_pointer(&record);
        }
    }
    return OK;
}

static void take_record(const void *leaf, uint32_t offset, struct tree_record *record)
{
    struct node_record found = node_record(leaf, offset);
    memcpy(record->key.byte, found.key, found.key_bytes);
    record->key.bytes = found.key_bytes;
    memcpy(&record->value, found.value, found.value_bytes);
}

static bool key_is_at(const void *leaf, uint32_t offset, const struct tree_key *key)
{
    if (offset == node_end(leaf))
        return false;
    struct node_record found = node_record(leaf, offset);
    return key_compare(found.key, found.key_bytes, key->byte, key->bytes) == 0;
}

err_t tree_get(struct files_volume *v, const struct tree_key *key, struct tree_record *record)
{
    struct tree_step path[FILES_LEVELS_MAX];
    const void *leaf;
    if (v->current.levels == 0)
        return ERR_NO_ENTRY;
    TRY(tree_descend(v, key, path));
    TRY(get_node(v, path[0].at, 0, &leaf));
    if (!key_is_at(leaf, path[0].offset, key))
        return ERR_NO_ENTRY;
    take_record(leaf, path[0].offset, record);
    return OK;
}

/* The first leaf behind the one that the path leads to. */
static err_t next_leaf(struct files_volume *v, const struct tree_step *path, const void **leaf)
{
    for (uint32_t level = 1; level < v->current.levels; level++) {
        TRY(get_node(v, path[level].at, level, leaf));
        uint32_t next = node_record(*leaf, path[level].offset).end;
        if (next == node_end(*leaf))
            continue;
        while (level-- > 0) {
            struct node_record record = node_record(*leaf, next);
            TRY(get_node(v, node_pointer(&record), level, leaf));
            next = node_first(*leaf);
        }
        return OK;
    }
    return ERR_NO_ENTRY;
}

err_t tree_next(struct files_volume *v, const struct tree_key *behind, struct tree_record *record)
{
    struct tree_step path[FILES_LEVELS_MAX];
    const void *leaf;
    if (v->current.levels == 0)
        return ERR_NO_ENTRY;
    TRY(tree_descend(v, behind, path));
    TRY(get_node(v, path[0].at, 0, &leaf));
    uint32_t offset = path[0].offset;
    if (key_is_at(leaf, offset, behind))
        offset = node_record(leaf, offset).end;
    if (offset == node_end(leaf)) {
        TRY(next_leaf(v, path, &leaf));
        offset = node_first(leaf);
    }
    take_record(leaf, offset, record);
    return OK;
}
