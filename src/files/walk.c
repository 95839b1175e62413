/* From a block to all that it leads to, depth first, with a stack of its own: kinds only fall on the way, so that it is
 * never deeper than the tree of records and a pointer tree below its leaf. */
#include "common/assert.h"
#include "common/string.h"
#include "files/inside.h"
#include "files/node.h"

#define DEPTH_MAX (FILES_LEVELS_MAX + FILES_HEIGHT_MAX + 1u)

struct place {
    struct files_pointer at;
    kind_t kind;
    uint32_t next; /* pointer, or byte, to go on from */
};

static bool child_of_pointers(const void *data, struct place *place, struct place *child)
{
    while (place->next < FILES_POINTERS) {
        const struct files_pointer *pointer = (const struct files_pointer *)data + place->next++;
        *child = (struct place){*pointer, place->kind - 1, 0};
        if (pointer->block != 0)
            return true;
    }
    return false;
}

static bool child_of_node(const void *data, struct place *place, struct place *child)
{
    place->next = place->next == 0 ? node_first(data) : place->next;
    for (; place->next < node_end(data);) {
        struct node_record record = node_record(data, place->next);
        place->next = record.end;
        if (place->kind > KIND_NODE) {
            *child = (struct place){node_pointer(&record), place->kind - 1, 0};
            return true;
        }
        if (record.value_bytes != sizeof(struct files_record_version))
            continue;
        struct files_record_version version;
        memcpy(&version, record.value, sizeof version);
        *child = (struct place){version.root, files_height(files_pages(version.size)), 0};
        if (version.root.block != 0)
            return true;
    }
    return false;
}

/* The next child of a block from place->next on. */
static bool next_child(const void *data, struct place *place, struct place *child)
{
    if (place->kind == KIND_PAGE)
        return false;
    return place->kind >= KIND_NODE ? child_of_node(data, place, child) : child_of_pointers(data, place, child);
}

/* Should the walk go into this block? */
typedef bool visit_t(struct files_volume *v, const struct place *place);

static bool visit_count(struct files_volume *v, const struct place *place)
{
    if (!pointer_sane(v, place->at)) {
        v->read_only = true;
        return false;
    }
    space_hold(v, place->at.block);
    return v->references[place->at.block] == 1;
}

static bool visit_release(struct files_volume *v, const struct place *place)
{
    return pointer_sane(v, place->at) && space_release(v, place->at.block);
}

/* Goes past what can't be read, and says so: ERR_IO. */
MUST_USE static err_t walk(struct files_volume *v, struct place root, visit_t *visit)
{
    struct place stack[DEPTH_MAX];
    uint32_t depth = 0;
    err_t met = OK;
    if (visit(v, &root))
        stack[depth++] = root;
    while (depth > 0) {
        struct place *top = &stack[depth - 1], child;
        const void *data = NULL;
        if (top->kind != KIND_PAGE && cache_get(v, top->at, top->kind, &data) != OK) {
            met = ERR_IO;
            depth--;
        } else if (!next_child(data, top, &child)) {
            depth--;
        } else if (visit(v, &child)) {
            assert(depth < DEPTH_MAX);
            stack[depth++] = child;
        }
    }
    return met;
}

void walk_count(struct files_volume *v, struct files_pointer at, kind_t kind)
{
    if (at.block != 0 && walk(v, (struct place){at, kind, 0}, visit_count) != OK)
        v->read_only = true;
}

void walk_release(struct files_volume *v, struct files_pointer at, kind_t kind)
{
    if (at.block != 0)
        (void)!walk(v, (struct place){at, kind, 0}, visit_release);
}

void walk_hold_children(struct files_volume *v, const void *data, kind_t kind)
{
    struct place place = {.kind = kind}, child;
    while (next_child(data, &place, &child))
        if (pointer_sane(v, child.at))
            space_hold(v, child.at.block);
}
