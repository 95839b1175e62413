/* The records in one node of the tree: looked at in place, and changed in an edit buffer of two blocks, in which a node
 * may be too long until it is split. Offsets are bytes from the node's beginning, at a record or behind the last. */
#ifndef FILES_NODE_H
#define FILES_NODE_H

#include "common/string.h"
#include "files/inside.h"

struct node_record {
    const uint8_t *key;
    const uint8_t *value;
    uint32_t key_bytes, value_bytes;
    uint32_t end; /* the next record's offset */
};

static inline struct files_node node_header(const void *node)
{
    struct files_node header;
    memcpy(&header, node, sizeof header);
    return header;
}
static inline uint32_t node_first(const void *node) { return (void)node, (uint32_t)sizeof(struct files_node); }
static inline uint32_t node_end(const void *node) { return node_header(node).bytes; }
static inline uint32_t node_count(const void *node) { return node_header(node).count; }

static inline struct node_record node_record(const void *node, uint32_t offset)
{
    struct files_record header;
    memcpy(&header, (const uint8_t *)node + offset, sizeof header);
    const uint8_t *key = (const uint8_t *)node + offset + sizeof header;
    return (struct node_record){key, key + header.key_bytes, header.key_bytes, header.value_bytes,
                                offset + (uint32_t)sizeof header + header.key_bytes + header.value_bytes};
}
static inline struct files_pointer node_pointer(const struct node_record *record)
{
    struct files_pointer pointer;
    memcpy(&pointer, record->value, sizeof pointer);
    return pointer;
}

/* Is this a node of that level, every record of it lawful and in its order? */
bool node_sane(const void *node, uint32_t level);

/* A leaf's first record with this key or a larger one; an inner node's record whose child has the key's place. */
uint32_t node_find(const void *node, const struct tree_key *key);
uint32_t node_child(const void *node, const struct tree_key *key);
/* => there is a record before */
uint32_t node_before(const void *node, uint32_t offset);

/* ---- changes, in an edit buffer ---- */

void node_new(void *edit, uint32_t level);
/* => key and value do not lie in the buffer => it holds a record less than two nodes do */
void node_insert(void *edit, uint32_t offset, const struct node_record *record);
void node_erase(void *edit, uint32_t offset);
/* An inner node's first record has no key. */
void node_drop_first_key(void *edit);
void node_set_pointer(void *edit, uint32_t offset, struct files_pointer pointer);

/* Move the records from where the node is best split into `right`; `changed`: the record that was put in last. */
void node_split(void *edit, uint32_t changed, void *right);
/* Put the records of `right` behind those of the edit buffer; `key` takes the place of an inner node's missing key. */
void node_append(void *edit, const void *right, const struct node_record *key);

#endif
