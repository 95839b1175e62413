/* An unfinished version becomes a version: its leaves are written as pointer blocks, then the blocks above them, each as
 * the base has it but for what has changed below; then the tree of records gets a record for its root. */
#include "common/assert.h"
#include "common/string.h"
#include "files/inside.h"

/* A block of the height that was written last: the one at `index` among them. Its reference is ours. */
struct built {
    uint32_t index;
    struct files_pointer at;
};

struct build {
    struct files_version *version;
    struct built *built;
    uint32_t count;
    uint32_t height;
};

static void release_built(const struct build *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        walk_release(b->version->volume, b->built[i].at, b->height);
}

/* Write the scratch block; all zeros lead nowhere. */
static err_t write_scratch(struct files_volume *v, uint32_t height, struct files_pointer *at)
{
    *at = (struct files_pointer){0, 0};
    for (uint32_t i = 0; i < FILES_POINTERS; i++)
        if (v->scratch[i].block != 0)
            return cache_write_new(v, height, v->scratch, at);
    return OK;
}

/* All leaves, as far as the version reaches. */
static err_t build_leaves(struct build *b, uint64_t pages)
{
    struct files_volume *v = b->version->volume;
    b->height = 1;
    for (uint32_t i = 0; i < b->version->leaf_count; i++) {
        const struct leaf *leaf = b->version->leaves[i].leaf;
        uint64_t first = (uint64_t)leaf->index * FILES_POINTERS;
        if (first >= pages)
            break;
        memcpy(v->scratch, leaf->page, sizeof v->scratch);
        for (uint32_t page = 0; page < FILES_POINTERS; page++)
            if (first + page >= pages)
                v->scratch[page] = (struct files_pointer){0, 0};
        b->built[b->count].index = leaf->index;
        TRY(write_scratch(v, 1, &b->built[b->count].at));
        b->count++;
    }
    return OK;
}

/* The blocks above those that were written last. */
static err_t build_above(struct build *b)
{
    struct files_volume *v = b->version->volume;
    struct build above = {b->version, b->built, 0, b->height + 1};
    uint32_t i = 0;
    while (i < b->count) {
        struct built now = {b->built[i].index / FILES_POINTERS, {0, 0}};
        uint32_t first = i;
        err_t done = base_block(b->version, above.height, now.index, v->scratch);
        for (; i < b->count && b->built[i].index / FILES_POINTERS == now.index; i++)
            v->scratch[b->built[i].index % FILES_POINTERS] = b->built[i].at;
        if (done == OK)
            done = write_scratch(v, above.height, &now.at);
        if (done != OK) {
            release_built(&above);
            memmove(b->built, b->built + first, (b->count - first) * sizeof *b->built);
            b->count -= first;
            return done;
        }
        for (uint32_t k = first; k < i; k++)
            walk_release(v, b->built[k].at, b->height);
        above.built[above.count++] = now;
    }
    *b = above;
    return OK;
}

/* The root of what has leaves within its size; its reference is the caller's. */
static err_t build_root(struct build *b, uint64_t pages, struct files_pointer *root)
{
    err_t done = build_leaves(b, pages);
    while (done == OK && b->height < files_height(pages))
        done = build_above(b);
    if (done != OK) {
        release_built(b);
        return done;
    }
    assert(b->count == 1 && b->built[0].index == 0);
    *root = b->built[0].at;
    return OK;
}

/* The new version's root, with a reference of the caller's. */
static err_t make_root(struct files_version *version, struct files_pointer *root)
{
    struct files_volume *v = version->volume;
    uint64_t pages = files_pages(version->size);
    uint32_t place;
    struct build b = {version, NULL, 0, 0};
    bool shared = version->leaf_count == 0 || version->leaves[0].leaf->index * (uint64_t)FILES_POINTERS >= pages;
    *root = version->base_pages != 0 ? version->root : (struct files_pointer){0, 0};
    if (pages == 1 && leaf_find(version, 0, &place)) {
        *root = version->leaves[0].leaf->page[0];
        shared = true;
    }
    if (shared) {
        if (root->block != 0)
            space_hold(v, root->block);
        return OK;
    }
    uint32_t bytes = version->leaf_count * (uint32_t)sizeof *b.built;
    b.built = memory_take(v, bytes);
    if (b.built == NULL)
        return ERR_MEMORY;
    err_t done = build_root(&b, pages, root);
    memory_release(v, b.built, bytes);
    return done;
}

/* The record of the version's name, with one version more. */
static err_t next_name(struct files_version *version, struct tree_record *name)
{
    struct files_volume *v = version->volume;
    struct files_record_name *file = &name->value.name;
    uint32_t keep;
    err_t there = name_get(v, version->path, FILES_KIND_FILE, name);
    if (there != OK && there != ERR_NO_ENTRY)
        return there;
    if (there == ERR_NO_ENTRY) {
        TRY(name_above(v, version->path, &keep));
        if (v->next_id == UINT32_MAX)
            return ERR_LIMIT;
        name->key = key_of_path(version->path);
        *file = (struct files_record_name){.kind = FILES_KIND_FILE, .id = v->next_id++, .keep = keep};
    }
    if (file->versions >= FILES_VERSIONS_MAX || file->newest == UINT32_MAX)
        return ERR_LIMIT;
    file->newest++;
    file->versions++;
    return OK;
}

static err_t record(struct files_version *version, struct files_pointer root, uint64_t time, uint32_t *number)
{
    struct files_volume *v = version->volume;
    struct tree_record name, published = {.value.version = {version->size, time, root}};
    TRY(next_name(version, &name));
    published.key = key_of_version(name.value.name.id, name.value.name.newest);
    TRY(tree_put(v, &published));
    TRY(versions_prune(v, &name));
    *number = name.value.name.newest;
    return OK;
}

static err_t publish(struct files_version *version, uint64_t time, uint32_t *number)
{
    struct files_pointer root;
    if (version->leaf_count == 0)
        TRY(space_check(version->volume, TREE_GROWTH));
    TRY(make_root(version, &root));
    err_t done = record(version, root, time, number);
    walk_release(version->volume, root, files_height(files_pages(version->size)));
    return done;
}

err_t files_publish(struct files_version *version, uint64_t time, uint32_t *number)
{
    struct files_volume *v = version->volume;
    struct change change;
    if (!version->unfinished)
        return ERR_KIND;
    TRY(change_begin(v, &change));
    v->promised -= version->promised; /* this is what it was promised for */
    err_t done = change_end(v, &change, publish(version, time, number));
    v->promised += version->promised;
    if (done == OK)
        files_close(version);
    return done;
}
