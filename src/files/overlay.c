/* The pages of an unfinished version: for each 512 of which one was placed, promised or cut, a leaf in memory with the
 * pointers as they will be. The leaves stand in an array in the order of their index. */
#include "common/bitmap.h"
#include "common/string.h"
#include "files/inside.h"

#define LEAVES_FIRST 4u

bool leaf_find(const struct files_version *version, uint32_t index, uint32_t *place)
{
    uint32_t low = 0, high = version->leaf_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (version->leaves[middle].leaf->index < index)
            low = middle + 1;
        else
            high = middle;
    }
    *place = low;
    return low < version->leaf_count && version->leaves[low].leaf->index == index;
}

static void promise(struct files_version *version, uint32_t blocks)
{
    version->promised += blocks;
    version->volume->promised += blocks;
}

/* Pointer blocks that a leaf at this place will need: itself, and those above that it does not share with the leaf
 * before or behind it. The first leaf brings what publishing needs in the tree of records. */
static uint32_t leaf_cost(const struct files_version *version, uint32_t index, uint32_t place)
{
    uint32_t cost = version->leaf_count == 0 ? 1 + TREE_GROWTH : 1;
    for (uint32_t height = 2; height <= FILES_HEIGHT_MAX; height++, cost++) {
        uint32_t shift = (height - 1) * FILES_POINTERS_SHIFT;
        if (place > 0 && version->leaves[place - 1].leaf->index >> shift == index >> shift)
            break;
        if (place < version->leaf_count && version->leaves[place].leaf->index >> shift == index >> shift)
            break;
    }
    return cost;
}

static err_t make_room(struct files_version *version)
{
    if (version->leaf_count < version->leaf_room)
        return OK;
    uint32_t room = version->leaf_room != 0 ? 2 * version->leaf_room : LEAVES_FIRST;
    struct leaf_place *leaves = memory_take(version->volume, room * (uint32_t)sizeof *leaves);
    if (leaves == NULL)
        return ERR_MEMORY;
    uint32_t bytes = version->leaf_room * (uint32_t)sizeof *leaves;
    if (bytes != 0) {
        memcpy(leaves, version->leaves, bytes);
        memory_release(version->volume, version->leaves, bytes);
    }
    version->leaves = leaves;
    version->leaf_room = room;
    return OK;
}

/* The leaf of this index, made if it is not there. */
static err_t leaf_get(struct files_version *version, uint32_t index, struct leaf **leaf)
{
    uint32_t place;
    if (leaf_find(version, index, &place)) {
        *leaf = version->leaves[place].leaf;
        return OK;
    }
    uint32_t cost = leaf_cost(version, index, place);
    TRY(space_check(version->volume, cost));
    TRY(make_room(version));
    *leaf = memory_take(version->volume, sizeof **leaf);
    if (*leaf == NULL)
        return ERR_MEMORY;
    **leaf = (struct leaf){.index = index};
    err_t got = base_block(version, 1, index, (*leaf)->page);
    if (got != OK) {
        memory_release(version->volume, *leaf, sizeof **leaf);
        return got;
    }
    promise(version, cost);
    memmove(version->leaves + place + 1, version->leaves + place,
            (version->leaf_count - place) * sizeof *version->leaves);
    version->leaves[place].leaf = *leaf;
    version->leaf_count++;
    return OK;
}

/* How many blocks a promise for these pages takes, at most. */
static uint64_t promise_cost(const struct files_version *version, uint32_t first, uint32_t count)
{
    uint64_t cost = 0;
    for (uint64_t page = first, end = page + count; page < end;) {
        uint32_t place, index = (uint32_t)(page / FILES_POINTERS);
        uint64_t stop = ((uint64_t)index + 1) * FILES_POINTERS;
        stop = stop < end ? stop : end;
        if (leaf_find(version, index, &place)) {
            const struct leaf *leaf = version->leaves[place].leaf;
            for (uint64_t i = page; i < stop; i++)
                cost += !bitmap_get(leaf->own, i % FILES_POINTERS) && !bitmap_get(leaf->promised, i % FILES_POINTERS);
        } else {
            cost += stop - page + leaf_cost(version, index, place);
        }
        page = stop;
    }
    return cost;
}

err_t files_reserve(struct files_version *version, uint32_t first, uint32_t count)
{
    struct leaf *leaf = NULL;
    if (!version->unfinished)
        return ERR_KIND;
    if (count > FILES_PAGES_MAX - first)
        return ERR_RANGE;
    uint64_t cost = promise_cost(version, first, count);
    if (cost > FILES_BLOCKS_MAX)
        return ERR_COMMIT;
    TRY(space_check(version->volume, (uint32_t)cost));
    for (uint32_t page = first; page - first < count; page += FILES_POINTERS - page % FILES_POINTERS)
        TRY(leaf_get(version, page / FILES_POINTERS, &leaf));
    for (uint32_t page = first; page - first < count; page++) {
        if (page == first || page % FILES_POINTERS == 0)
            TRY(leaf_get(version, page / FILES_POINTERS, &leaf));
        if (bitmap_get(leaf->own, page % FILES_POINTERS) || bitmap_get(leaf->promised, page % FILES_POINTERS))
            continue;
        bitmap_set(leaf->promised, page % FILES_POINTERS);
        promise(version, 1);
    }
    return OK;
}

/* Where a page would best lie: behind the last one, or beside a neighbour. */
static uint32_t wish(const struct files_version *version, const struct leaf *leaf, uint32_t page)
{
    uint32_t i = page % FILES_POINTERS;
    if (page == version->last_page + 1)
        return version->last_block + 1;
    if (i > 0 && bitmap_get(leaf->own, i - 1))
        return leaf->page[i - 1].block + 1;
    if (i + 1 < FILES_POINTERS && bitmap_get(leaf->own, i + 1))
        return leaf->page[i + 1].block - 1;
    return 0;
}

err_t files_place(struct files_version *version, uint32_t page, uint32_t checksum, uint32_t *block)
{
    struct leaf *leaf;
    uint32_t i = page % FILES_POINTERS;
    TRY(files_reserve(version, page, 1));
    TRY(leaf_get(version, page / FILES_POINTERS, &leaf));
    if (!bitmap_get(leaf->own, i)) {
        version->promised--;
        version->volume->promised--;
        err_t taken = space_take(version->volume, wish(version, leaf, page), &leaf->page[i].block);
        if (taken != OK) {
            promise(version, 1);
            return taken;
        }
        bitmap_clear(leaf->promised, i);
        bitmap_set(leaf->own, i);
    }
    leaf->page[i].checksum = checksum;
    version->last_page = page;
    version->last_block = *block = leaf->page[i].block;
    return OK;
}

/* Own pages behind the end give their blocks back, and have a promise instead. */
static void leaf_cut(struct files_version *version, struct leaf *leaf, uint64_t pages)
{
    for (uint32_t i = 0; i < FILES_POINTERS; i++) {
        if ((uint64_t)leaf->index * FILES_POINTERS + i < pages)
            continue;
        if (bitmap_get(leaf->own, i)) {
            (void)!space_release(version->volume, leaf->page[i].block);
            bitmap_clear(leaf->own, i);
            bitmap_set(leaf->promised, i);
            promise(version, 1);
        }
        leaf->page[i] = (struct files_pointer){0, 0};
    }
}

err_t files_set_size(struct files_version *version, uint64_t bytes)
{
    if (!version->unfinished)
        return ERR_KIND;
    uint64_t pages = files_pages(bytes);
    if (pages > FILES_PAGES_MAX)
        return ERR_RANGE;
    struct leaf *leaf;
    bool cut = pages < version->base_pages, other_height = files_height(pages) != version->base_height;
    if (version->base_pages != 0 && pages != 0 && (cut || other_height)) {
        /* what is above these leaves will be written anew, and so be cut, or as high as it must */
        TRY(leaf_get(version, 0, &leaf));
        TRY(leaf_get(version, (uint32_t)(((cut ? pages : version->base_pages) - 1) / FILES_POINTERS), &leaf));
    }
    if (cut)
        version->base_pages = pages;
    if (pages < files_pages(version->size))
        for (uint32_t i = 0; i < version->leaf_count; i++)
            leaf_cut(version, version->leaves[i].leaf, pages);
    version->size = bytes;
    return OK;
}

void leaves_drop(struct files_version *version)
{
    for (uint32_t i = 0; i < version->leaf_count; i++) {
        struct leaf *leaf = version->leaves[i].leaf;
        for (uint32_t page = 0; page < FILES_POINTERS; page++)
            if (bitmap_get(leaf->own, page))
                (void)!space_release(version->volume, leaf->page[page].block);
        memory_release(version->volume, leaf, sizeof *leaf);
    }
    if (version->leaf_room != 0)
        memory_release(version->volume, version->leaves, version->leaf_room * (uint32_t)sizeof *version->leaves);
    version->volume->promised -= version->promised;
    version->leaf_count = version->leaf_room = version->promised = 0;
}
