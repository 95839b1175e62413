#include "servers/file/mapping.h"
#include <apteryx/memory.h>

/* Ordered by address from left to right; a node's priority is at least that of the nodes below it. */
struct mapping_node {
    struct mapping mapping;
    uint32_t priority;
    struct mapping_node *left, *right;
};

/* Nodes come from pieces of memory that hold many, and go back to one list: malloc looks through all that it gave. */
#define NODES_A_PIECE 100u
static struct mapping_node *spare; /* through `right` */

static struct mapping_node *node_take(void)
{
    if (spare == NULL) {
        struct mapping_node *piece = malloc(NODES_A_PIECE * sizeof(*piece));
        for (uint32_t i = 0; piece != NULL && i < NODES_A_PIECE; i++) {
            piece[i].right = spare;
            spare = &piece[i];
        }
    }
    struct mapping_node *node = spare;
    if (node != NULL)
        spare = node->right;
    return node;
}

static void node_give(struct mapping_node *node)
{
    node->right = spare;
    spare = node;
}

/* xorshift: never 0 */
static uint32_t priority_draw(struct mappings *map)
{
    map->random ^= map->random << 13;
    map->random ^= map->random >> 17;
    map->random ^= map->random << 5;
    return map->random;
}

/* What begins below `at` goes to *left, the rest to *right. */
static void split(struct mapping_node *top, uintptr_t at, struct mapping_node **left, struct mapping_node **right)
{
    while (top != NULL) {
        if (top->mapping.start < at) {
            *left = top;
            left = &top->right;
            top = top->right;
        } else {
            *right = top;
            right = &top->left;
            top = top->left;
        }
    }
    *left = *right = NULL;
}

/* => all of left lies below all of right */
static struct mapping_node *merge(struct mapping_node *left, struct mapping_node *right)
{
    struct mapping_node *root, **at = &root;
    while (left != NULL && right != NULL) {
        if (left->priority >= right->priority) {
            *at = left;
            at = &left->right;
            left = left->right;
        } else {
            *at = right;
            at = &right->left;
            right = right->left;
        }
    }
    *at = left != NULL ? left : right;
    return root;
}

/* The last that begins at or below an address. */
static struct mapping_node *last_below(const struct mappings *map, uintptr_t address)
{
    struct mapping_node *found = NULL;
    for (struct mapping_node *at = map->root; at != NULL;) {
        if (at->mapping.start <= address) {
            found = at;
            at = at->right;
        } else {
            at = at->left;
        }
    }
    return found;
}

void mappings_start(struct mappings *map, uint32_t seed)
{
    *map = (struct mappings){.root = NULL, .count = 0, .random = seed != 0 ? seed : 1};
}

static err_t node_insert(struct mappings *map, const struct mapping *mapping)
{
    struct mapping_node *node = node_take(), *left, *right;
    if (node == NULL)
        return ERR_MEMORY;
    *node = (struct mapping_node){.mapping = *mapping, .priority = priority_draw(map), .left = NULL, .right = NULL};
    split(map->root, mapping->start, &left, &right);
    map->root = merge(merge(left, node), right);
    map->count++;
    return OK;
}

err_t mappings_insert(struct mappings *map, const struct mapping *mapping)
{
    const struct mapping_node *below = last_below(map, mapping_end(mapping) - 1);
    if (below != NULL && mapping_end(&below->mapping) > mapping->start)
        return ERR_BUSY;
    return node_insert(map, mapping);
}

const struct mapping *mappings_find(const struct mappings *map, uintptr_t address)
{
    const struct mapping_node *below = last_below(map, address);
    return below != NULL && mapping_end(&below->mapping) > address ? &below->mapping : NULL;
}

const struct mapping *mappings_from(const struct mappings *map, uintptr_t address)
{
    const struct mapping *found = mappings_find(map, address);
    for (const struct mapping_node *at = found == NULL ? map->root : NULL; at != NULL;) {
        if (at->mapping.start > address) {
            found = &at->mapping;
            at = at->left;
        } else {
            at = at->right;
        }
    }
    return found;
}

/* What lies across an address becomes two mappings. */
static err_t cut(struct mappings *map, uintptr_t at)
{
    struct mapping_node *node = at > 0 ? last_below(map, at - 1) : NULL;
    if (node == NULL || mapping_end(&node->mapping) <= at)
        return OK;
    uint32_t before = (uint32_t)((at - node->mapping.start) >> 12);
    struct mapping behind = node->mapping;
    behind.start = at;
    behind.first += before;
    behind.pages -= before;
    TRY(node_insert(map, &behind));
    node->mapping.pages = before;
    return OK;
}

/* Gives up a tree, lowest first; a right turn at its top makes the left side shorter until there is none. */
static void tree_drop(struct mappings *map, struct mapping_node *top,
                      void (*gone)(void *context, const struct mapping *piece), void *context)
{
    while (top != NULL) {
        struct mapping_node *left = top->left;
        if (left != NULL) {
            top->left = left->right;
            left->right = top;
            top = left;
            continue;
        }
        struct mapping_node *right = top->right;
        gone(context, &top->mapping);
        node_give(top);
        map->count--;
        top = right;
    }
}

err_t mappings_remove(struct mappings *map, uintptr_t start, uintptr_t end,
                      void (*gone)(void *context, const struct mapping *piece), void *context)
{
    struct mapping_node *left, *middle, *right;
    TRY(cut(map, start)); /* a cut alone changes nothing that can be seen */
    TRY(cut(map, end));
    split(map->root, start, &left, &right);
    split(right, end, &middle, &right);
    map->root = merge(left, right);
    tree_drop(map, middle, gone, context);
    return OK;
}
