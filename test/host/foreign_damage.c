#include "foreign_image.h"
#include "host.h"
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 200000u /* reads of the device in a walk through a damaged image */

static void read_some(struct foreign_node *node)
{
    uint32_t sectors = (uint32_t)((node->bytes + SECTOR - 1) / SECTOR), sector;
    const uint8_t *at;
    if (node->directory || node->unreadable)
        return;
    for (uint32_t i = 0; i < 12 && sectors > 0; i++) {
        uint32_t which = i < 4 ? (i < sectors ? i : 0) : below(sectors);
        if (foreign_sector(&volume, node, which, &sector) == OK)
            assert_true(sector < image_bytes / SECTOR);
        if (foreign_content(&volume, node, which, &at) == OK)
            assert_true(at >= volume.buffer[0] && at + SECTOR <= volume.buffer[0] + sizeof volume.buffer);
    }
}

static void walk_some(const char *path, uint32_t depth, uint32_t *budget)
{
    char name[FOREIGN_NAME_MAX + 1] = "", next[FOREIGN_NAME_MAX + 1], below_it[2 * FOREIGN_NAME_MAX];
    struct foreign_node node, again;
    while (*budget > 0 && foreign_list(&volume, path, name, next, &node) == OK) {
        --*budget;
        assert_true(strcmp(next, name) > 0);
        memcpy(name, next, sizeof name);
        read_some(&node);
        int n = snprintf(below_it, sizeof below_it, "%s%s%s", path, *path == '\0' ? "" : "/", next);
        if (n < 0 || n > (int)FOREIGN_NAME_MAX)
            continue;
        assert_int_equal(foreign_look(&volume, below_it, &again), OK);
        if (node.directory && depth > 0)
            walk_some(below_it, depth - 1, budget);
    }
}

/* Pages of the image that are read to find what is in it. */
static bool *metadata_find(uint32_t pages)
{
    bool *metadata = calloc(pages + 1, sizeof *metadata);
    uint32_t budget = 60;
    assert_non_null(metadata);
    memset(touched, 0, pages + 1);
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count("many"), MANY); /* what was read for that is metadata */
    walk_some("", 3, &budget);
    memcpy(metadata, touched, pages);
    return metadata;
}

static uint32_t metadata_draw(const bool *metadata, uint32_t pages)
{
    uint32_t page = below(pages);
    while (!metadata[page])
        page = (page + 1) % pages;
    return page * FOREIGN_PAGE_BYTES + below(below(2) ? 300 : FOREIGN_PAGE_BYTES);
}

void damaged(uint32_t seed, uint32_t rounds)
{
    random_state = seed;
    uint32_t pages = image_bytes / FOREIGN_PAGE_BYTES, mounted = 0;
    bool *metadata = metadata_find(pages);
    for (uint32_t round = 0; round < rounds; round++) {
        uint32_t changed[8], n = 1 + below(8), budget = 25;
        uint8_t was[8];
        for (uint32_t i = 0; i < n; i++) {
            changed[i] = metadata_draw(metadata, pages);
            was[i] = image[changed[i]];
            image[changed[i]] = (uint8_t)(below(3) ? below(256) : below(2) ? 0xFF : 0);
        }
        reads = 0;
        if (mount() == OK) {
            mounted++;
            walk_some("", 4, &budget);
        }
        assert_true(reads < STEPS_MAX);
        while (n-- > 0)
            image[changed[n]] = was[n];
    }
    assert_true(mounted > rounds / 2);
    free(metadata);
}

/* Cut off anywhere, it is an error where something is missing. */
void cut_off(uint32_t seed)
{
    random_state = seed;
    uint32_t whole = image_bytes;
    for (uint32_t i = 0; i < 60; i++) {
        uint32_t budget = 10;
        image_bytes = below(whole / 2048) * 2048;
        if (mount() == OK)
            walk_some("", 2, &budget);
    }
    image_bytes = whole;
}
