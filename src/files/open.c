/* Open versions: each holds its root, so that its blocks stay whatever happens to its name. */
#include "common/string.h"
#include "files/inside.h"

static err_t open_version(struct files_volume *v, const struct files_version *as, struct files_version **version)
{
    if (as->root.block != 0 && !pointer_sane(v, as->root))
        return ERR_IO;
    TRY(space_check_hold(v, as->root.block));
    struct files_version *opened = memory_take(v, sizeof *opened);
    if (opened == NULL)
        return ERR_MEMORY;
    *opened = *as;
    opened->volume = v;
    opened->base_pages = files_pages(opened->size);
    opened->base_height = files_height(opened->base_pages);
    if (opened->root.block != 0)
        space_hold(v, opened->root.block);
    opened->next = v->open;
    v->open = opened;
    *version = opened;
    return OK;
}

static void take_base(struct files_version *as, uint32_t id, uint32_t number, const struct files_record_version *base)
{
    as->id = id;
    as->number = number;
    as->size = base->size;
    as->root = base->root;
}

err_t files_open(struct files_volume *v, const char *path, uint32_t number, struct files_version **version)
{
    struct tree_record name;
    struct files_record_version base;
    struct files_version as = {.unfinished = false};
    TRY(name_get(v, path, FILES_KIND_FILE, &name));
    uint32_t id = name.value.name.id, wanted = number != 0 ? number : name.value.name.newest;
    TRY(version_get(v, id, wanted, &base));
    take_base(&as, id, wanted, &base);
    return open_version(v, &as, version);
}

err_t files_begin(struct files_volume *v, const char *path, struct files_version **version)
{
    struct tree_record name;
    struct files_record_version base;
    struct files_version as = {.unfinished = true};
    uint32_t keep;
    if (v->read_only)
        return ERR_RIGHTS;
    err_t there = name_get(v, path, FILES_KIND_FILE, &name);
    if (there == OK) {
        TRY(version_get(v, name.value.name.id, name.value.name.newest, &base));
        take_base(&as, name.value.name.id, name.value.name.newest, &base);
    } else if (there == ERR_NO_ENTRY) {
        TRY(name_above(v, path, &keep));
    } else {
        return there;
    }
    memcpy(as.path, path, strlen(path) + 1);
    return open_version(v, &as, version);
}

uint64_t files_size(const struct files_version *version) { return version->size; }
uint32_t files_number(const struct files_version *version) { return version->number; }
bool files_unfinished(const struct files_version *version) { return version->unfinished; }

void files_close(struct files_version *version)
{
    if (version == NULL)
        return;
    struct files_volume *v = version->volume;
    struct files_version **link = &v->open;
    while (*link != version)
        link = &(*link)->next;
    *link = version->next;
    if (version->unfinished)
        leaves_drop(version);
    walk_release(v, version->root, version->base_height);
    memory_release(v, version, sizeof *version);
}

/* The first page below a block of this height. */
static uint64_t first_page(uint32_t height, uint64_t index) { return index << (height * FILES_POINTERS_SHIFT); }

/* The pointer to block `index` of height `height` of the base; 0: a page. => height <= base_height */
static err_t base_pointer(struct files_version *version, uint32_t height, uint32_t index, struct files_pointer *at)
{
    *at = version->root;
    if (first_page(height, index) >= version->base_pages)
        *at = (struct files_pointer){0, 0};
    for (uint32_t above = version->base_height; above > height && at->block != 0; above--) {
        const void *block;
        TRY(cache_get(version->volume, *at, above, &block));
        uint32_t place = (index >> ((above - 1 - height) * FILES_POINTERS_SHIFT)) % FILES_POINTERS;
        *at = ((const struct files_pointer *)block)[place];
    }
    return OK;
}

err_t base_block(struct files_version *version, uint32_t height, uint32_t index, struct files_pointer *block)
{
    struct files_pointer at = {0, 0};
    memset(block, 0, FILES_BLOCK_BYTES);
    if (height > version->base_height) {
        if (height == version->base_height + 1 && index == 0)
            TRY(base_pointer(version, height - 1, 0, block));
        return OK;
    }
    TRY(base_pointer(version, height, index, &at));
    if (at.block == 0)
        return OK;
    const void *data;
    TRY(cache_get(version->volume, at, height, &data));
    memcpy(block, data, FILES_BLOCK_BYTES);
    for (uint32_t i = 0; i < FILES_POINTERS; i++)
        if (first_page(height - 1, (uint64_t)index * FILES_POINTERS + i) >= version->base_pages)
            block[i] = (struct files_pointer){0, 0};
    return OK;
}

/* The pointers of all pages of a leaf, as the version has them. */
static err_t leaf_pages(struct files_version *version, uint32_t index, const struct files_pointer **pages)
{
    uint32_t place;
    if (leaf_find(version, index, &place)) {
        *pages = version->leaves[place].leaf->page;
        return OK;
    }
    *pages = version->volume->scratch;
    return base_block(version, 1, index, version->volume->scratch);
}

err_t files_find(struct files_version *version, uint32_t first, uint32_t count, struct files_pointer *pointers)
{
    const struct files_pointer *pages = NULL;
    if (count > FILES_PAGES_MAX - first)
        return ERR_RANGE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t page = first + i;
        if (i == 0 || page % FILES_POINTERS == 0)
            TRY(leaf_pages(version, page / FILES_POINTERS, &pages));
        pointers[i] = pages[page % FILES_POINTERS];
        if (pointers[i].block != 0 && !pointer_sane(version->volume, pointers[i]))
            return ERR_IO;
    }
    return OK;
}

uint32_t files_run(const struct files_pointer *pointers, uint32_t count)
{
    uint32_t step = pointers[0].block != 0 ? 1 : 0, run = 1;
    while (run < count && pointers[run].block == pointers[0].block + run * step)
        run++;
    return run;
}
