/* Changing the tree of records: the nodes on the way to a record are written anew, from the leaf up, and what they lead
 * to besides is shared with the tree as it was. The node in the making is in the volume's edit buffer. */
#include "files/node.h"
#include "files/tree.h"

#define SMALL (FILES_BLOCK_BYTES / 3) /* a node below this is put together with a neighbour, if one block holds both */

/* What a node has become: nothing, one block, or two, of which the second begins at a key. */
struct pieces {
    uint32_t count;
    struct files_pointer at[2];
    struct tree_key key;
};

/* Which records of the parent speak of it: one stays, another goes with the neighbour (0: none). */
struct place {
    uint32_t stays, goes;
};

static void pieces_release(struct files_volume *v, uint32_t level, const struct pieces *pieces)
{
    for (uint32_t i = 0; i < pieces->count; i++)
        walk_release(v, pieces->at[i], KIND_NODE + level);
}

static err_t write_node(struct files_volume *v, uint32_t level, uint8_t *node, struct pieces *pieces)
{
    memset(node + node_end(node), 0, FILES_BLOCK_BYTES - node_end(node));
    TRY(cache_write_new(v, KIND_NODE + level, node, &pieces->at[pieces->count]));
    pieces->count++;
    return OK;
}

/* Write what is in the edit buffer. `changed`: the record that made it longer. */
static err_t write_pieces(struct files_volume *v, uint32_t level, uint32_t changed, struct pieces *pieces)
{
    pieces->count = 0;
    if (node_count(v->edit) == 0)
        return OK;
    if (node_end(v->edit) <= FILES_BLOCK_BYTES)
        return write_node(v, level, v->edit, pieces);
    node_split(v->edit, changed, v->half);
    struct node_record first = node_record(v->half, node_first(v->half));
    memcpy(pieces->key.byte, first.key, pieces->key.bytes = first.key_bytes);
    if (level > 0)
        node_drop_first_key(v->half);
    err_t written = write_node(v, level, v->edit, pieces);
    if (written == OK)
        written = write_node(v, level, v->half, pieces);
    if (written != OK)
        pieces_release(v, level, pieces);
    return written;
}

/* Take the neighbour's records into the edit buffer, if the two are small enough to be one. */
static err_t merge(struct files_volume *v, uint32_t level, const struct tree_step *parent, struct place *place)
{
    const void *above, *neighbour;
    TRY(cache_get(v, parent->at, KIND_NODE + level + 1, &above));
    uint32_t here = parent->offset, right = node_record(above, here).end;
    bool is_last = right == node_end(above);
    if (node_count(above) == 1)
        return OK;
    if (is_last)
        right = here;
    uint32_t left = is_last ? node_before(above, here) : here;
    struct node_record other = node_record(above, is_last ? left : right), key = node_record(above, right);
    TRY(cache_get(v, node_pointer(&other), KIND_NODE + level, &neighbour));
    if (node_end(v->edit) + node_end(neighbour) + key.key_bytes > FILES_BLOCK_BYTES)
        return OK;
    if (is_last) {
        memcpy(v->half, v->edit, FILES_BLOCK_BYTES);
        memcpy(v->edit, neighbour, FILES_BLOCK_BYTES);
        neighbour = v->half;
    }
    node_append(v->edit, neighbour, &key);
    *place = (struct place){left, right};
    return OK;
}

/* Bring the parent's copy in the edit buffer up to date; `changed`: where it grew. */
static void replace_child(uint8_t *edit, struct place place, const struct pieces *pieces, uint32_t *changed)
{
    *changed = place.stays;
    if (pieces->count == 0) {
        node_erase(edit, place.stays);
        if (place.stays == node_first(edit) && node_count(edit) > 0)
            node_drop_first_key(edit);
        return;
    }
    node_set_pointer(edit, place.stays, pieces->at[0]);
    if (place.goes != 0)
        node_erase(edit, place.goes);
    if (pieces->count == 2) {
        *changed = node_record(edit, place.stays).end;
        node_insert(edit, *changed,
                    &(struct node_record){.key = pieces->key.byte,
                                          .key_bytes = pieces->key.bytes,
                                          .value = (const uint8_t *)&pieces->at[1],
                                          .value_bytes = sizeof pieces->at[1]});
    }
}

/* A root over two pieces. */
static err_t add_level(struct files_volume *v, struct tree_root *root, const struct pieces *pieces)
{
    if (root->levels == FILES_LEVELS_MAX)
        return ERR_COMMIT;
    struct node_record first = {
        .key = pieces->key.byte, .value = (const uint8_t *)&pieces->at[0], .value_bytes = sizeof pieces->at[0]};
    uint32_t changed;
    node_new(v->edit, root->levels);
    node_insert(v->edit, node_first(v->edit), &first);
    replace_child(v->edit, (struct place){node_first(v->edit), 0}, pieces, &changed);
    memset(v->edit + node_end(v->edit), 0, FILES_BLOCK_BYTES - node_end(v->edit));
    TRY(cache_write_new(v, KIND_NODE + root->levels, v->edit, &root->at));
    root->levels++;
    return OK;
}

/* While a root has one child only, the child is the root. */
static err_t drop_levels(struct files_volume *v, struct tree_root *root)
{
    while (root->levels > 1) {
        const void *node;
        TRY(cache_get(v, root->at, KIND_NODE + root->levels - 1, &node));
        if (node_count(node) > 1)
            break;
        struct node_record only = node_record(node, node_first(node));
        struct files_pointer child = node_pointer(&only);
        space_hold(v, child.block);
        walk_release(v, root->at, KIND_NODE + root->levels - 1);
        *root = (struct tree_root){child, root->levels - 1};
    }
    return OK;
}

/* The pieces of what was the root become the tree; theirs are the references to them. */
static err_t set_root(struct files_volume *v, uint32_t level, const struct pieces *pieces)
{
    struct tree_root root = {{0, 0}, 0}, old = v->current;
    if (pieces->count > 0)
        root = (struct tree_root){pieces->at[0], level + 1};
    if (pieces->count == 2) {
        err_t added = add_level(v, &root, pieces);
        pieces_release(v, level, pieces);
        TRY(added);
    }
    err_t dropped = drop_levels(v, &root);
    if (dropped != OK) {
        walk_release(v, root.at, KIND_NODE + root.levels - 1);
        return dropped;
    }
    v->current = root;
    walk_release(v, old.at, KIND_NODE + old.levels - 1);
    return OK;
}

/* Write the edit buffer as what the node of this level has become, and put what is above it there in its place. */
static err_t change_level(struct files_volume *v, const struct tree_step *path, uint32_t level, uint32_t *changed,
                          struct pieces *pieces)
{
    bool is_root = level + 1 >= v->current.levels;
    struct place place = {is_root ? 0 : path[level + 1].offset, 0};
    if (!is_root && node_count(v->edit) > 0 && node_end(v->edit) < SMALL)
        TRY(merge(v, level, &path[level + 1], &place));
    TRY(write_pieces(v, level, *changed, pieces));
    if (is_root)
        return OK;
    const void *above;
    err_t got = cache_get(v, path[level + 1].at, KIND_NODE + level + 1, &above);
    if (got != OK) {
        pieces_release(v, level, pieces);
        return got;
    }
    memcpy(v->edit, above, FILES_BLOCK_BYTES);
    replace_child(v->edit, place, pieces, changed);
    return OK;
}

/* From the changed leaf in the edit buffer up to a new root. */
static err_t rebuild(struct files_volume *v, const struct tree_step *path, uint32_t changed)
{
    struct pieces below = {.count = 0}, now;
    uint32_t level = 0;
    for (;; level++) {
        err_t done = change_level(v, path, level, &changed, &now);
        if (level > 0)
            pieces_release(v, level - 1, &below);
        TRY(done);
        below = now;
        if (level + 1 >= v->current.levels)
            return set_root(v, level, &now);
    }
}

/* Copy the leaf of this key to the edit buffer; *there: whether the key is in it. */
static err_t edit_leaf(struct files_volume *v, const struct tree_key *key, struct tree_step *path, bool *there)
{
    *there = false;
    path[0].offset = node_first(v->edit);
    if (v->current.levels == 0) {
        node_new(v->edit, 0);
        return OK;
    }
    const void *leaf;
    TRY(tree_descend(v, key, path));
    TRY(cache_get(v, path[0].at, KIND_NODE, &leaf));
    memcpy(v->edit, leaf, FILES_BLOCK_BYTES);
    if (path[0].offset < node_end(v->edit)) {
        struct node_record found = node_record(v->edit, path[0].offset);
        *there = key_compare(found.key, found.key_bytes, key->byte, key->bytes) == 0;
    }
    return OK;
}

err_t tree_put(struct files_volume *v, const struct tree_record *record)
{
    struct tree_step path[FILES_LEVELS_MAX] = {{{0, 0}, 0}};
    bool there;
    TRY(edit_leaf(v, &record->key, path, &there));
    if (there)
        node_erase(v->edit, path[0].offset);
    bool version = record->key.byte[0] == FILES_KEY_VERSION;
    node_insert(
        v->edit, path[0].offset,
        &(struct node_record){.key = record->key.byte,
                              .key_bytes = record->key.bytes,
                              .value = (const uint8_t *)&record->value,
                              .value_bytes = version ? sizeof record->value.version : sizeof record->value.name});
    return rebuild(v, path, path[0].offset);
}

err_t tree_erase(struct files_volume *v, const struct tree_key *key)
{
    struct tree_step path[FILES_LEVELS_MAX] = {{{0, 0}, 0}};
    bool there;
    TRY(edit_leaf(v, key, path, &there));
    if (!there)
        return ERR_NO_ENTRY;
    node_erase(v->edit, path[0].offset);
    return rebuild(v, path, path[0].offset);
}

err_t change_begin(struct files_volume *v, struct change *change)
{
    if (v->read_only)
        return ERR_RIGHTS;
    *change = (struct change){v->current, v->next_id, v->keep, v->changed};
    if (v->current.at.block != 0)
        space_hold(v, v->current.at.block);
    return OK;
}

err_t change_end(struct files_volume *v, const struct change *change, err_t how)
{
    struct tree_root gone = how == OK ? change->root : v->current;
    v->changed = true;
    if (how != OK) {
        v->current = change->root;
        v->next_id = change->next_id;
        v->keep = change->keep;
        v->changed = change->changed;
    }
    if (gone.at.block != 0)
        walk_release(v, gone.at, KIND_NODE + gone.levels - 1);
    return how;
}
