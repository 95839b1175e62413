/* Slots, and the trees of nodes below roots. */
#include "kernel/linear/lend.h"

enum slot_kind { SLOT_FREE, SLOT_NODE, SLOT_DEAD, SLOT_ROOT };

/* 128 bits. The processor never sees them. */
struct slot {
    union {
        struct {
            uint32_t page : 20, space_high : 12;
        };
        entry_word_t word; /* of a root */
    };
    uint32_t up : 20 /* a node's root; how many nodes a root has */, child_high : 12;
    uint32_t parent : 20, child_low : 8, space_low : 4; /* child: a node's, or a root's first top */
    uint32_t sibling : 20 /* or the next free slot */, depth : 5, may_write : 1, kind : 2;
};
_Static_assert(sizeof(struct slot) == 16, "a slot is 128 bits");
_Static_assert(LEND_PAGE_SLOTS * sizeof(struct slot) == PAGE_BYTES, "slots fill their page");
_Static_assert(LEND_DEPTH_MAX < 32, "a depth fits five bits");

#define PAGES_MAX (ENTRY_NODE_COUNT / LEND_PAGE_SLOTS)
static struct slot *pages[PAGES_MAX];
static uint32_t page_count, free_count, free_first = ENTRY_NODE_COUNT;

static struct slot *slot(uint32_t n)
{
    assert(n < page_count * LEND_PAGE_SLOTS);
    return &pages[n / LEND_PAGE_SLOTS][n % LEND_PAGE_SLOTS];
}

static struct slot *node_slot(node_t node)
{
    struct slot *s = slot(node.n);
    assert(s->kind == SLOT_NODE);
    return s;
}

static struct slot *root_slot(root_t root)
{
    struct slot *s = slot(root.n);
    assert(s->kind == SLOT_ROOT);
    return s;
}

static uint32_t child_of(const struct slot *s) { return s->child_low | (uint32_t)s->child_high << 8; }

static void set_child(struct slot *s, uint32_t n)
{
    s->child_low = n & 0xFFu;
    s->child_high = (n >> 8) & 0xFFFu;
}

static struct lend_place place_of(const struct slot *s)
{
    return (struct lend_place){s->space_low | (uint32_t)s->space_high << 4, {s->page}};
}

static void set_place(struct slot *s, struct lend_place place)
{
    s->page = place.page.n & 0xFFFFFu;
    s->space_low = place.space & 15u;
    s->space_high = (place.space >> 4) & 0xFFFu;
}

/* ---- room ---- */

uint32_t lend_room(void) { return free_count; }
uint32_t lend_slots(void) { return page_count * LEND_PAGE_SLOTS; }

static void slot_free(uint32_t n)
{
    *slot(n) = (struct slot){.sibling = free_first & 0xFFFFFu, .kind = SLOT_FREE};
    free_first = n;
    free_count++;
}

static uint32_t slot_take(enum slot_kind kind)
{
    uint32_t n = free_first;
    struct slot *s = slot(n);
    assert(s->kind == SLOT_FREE && free_count > 0);
    free_first = s->sibling;
    free_count--;
    *s = (struct slot){.sibling = ENTRY_NODE_COUNT, .parent = ENTRY_NODE_COUNT, .kind = (unsigned)kind & 3u};
    set_child(s, ENTRY_NODE_COUNT);
    return n;
}

bool lend_grow(void *page)
{
    if (page_count == PAGES_MAX)
        return false;
    pages[page_count++] = page;
    for (uint32_t i = LEND_PAGE_SLOTS; i-- > 0;) /* low numbers go first */
        slot_free((page_count - 1) * LEND_PAGE_SLOTS + i);
    return true;
}

/* ---- what they say ---- */

bool lend_is_node(node_t node)
{
    return node.n < lend_slots() && (slot(node.n)->kind == SLOT_NODE || slot(node.n)->kind == SLOT_DEAD);
}

bool lend_is_root(root_t root) { return root.n < lend_slots() && slot(root.n)->kind == SLOT_ROOT; }
bool lend_is_dead(node_t node) { return slot(node.n)->kind == SLOT_DEAD; }

bool lend_names(node_t node, struct lend_place place)
{
    assert(lend_is_node(node));
    return lend_place_same(place_of(slot(node.n)), place);
}

struct lend_place lend_place(node_t node) { return place_of(slot(node.n)); }
root_t lend_root(node_t node) { return (root_t){node_slot(node)->up}; }
node_t lend_parent(node_t node) { return (node_t){node_slot(node)->parent}; }
node_t lend_child(node_t node) { return (node_t){child_of(node_slot(node))}; }
bool lend_may_write(node_t node) { return node_slot(node)->may_write; }
pde_t lend_word(root_t root) { return (pde_t){root_slot(root)->word}; }
void lend_set_word(root_t root, pde_t word) { root_slot(root)->word = word.w; }
uint32_t lend_count(root_t root) { return root_slot(root)->up; }
node_t lend_first(root_t root) { return (node_t){child_of(root_slot(root))}; }
bool lend_is_common(root_t root) { return node_slot(lend_first(root))->sibling != ENTRY_NODE_COUNT; }

node_t lend_top(node_t node)
{
    while (!node_is_none(lend_parent(node)))
        node = lend_parent(node);
    return node;
}

/* Down, else aside, else up until aside; above `within` there is nothing. */
node_t lend_tree_next(node_t node, node_t within)
{
    if (!node_is_none(lend_child(node)))
        return lend_child(node);
    while (!node_same(node, within)) {
        const struct slot *s = node_slot(node);
        if (s->sibling != ENTRY_NODE_COUNT)
            return (node_t){s->sibling};
        node = (node_t){s->parent};
        if (node_is_none(node))
            break;
    }
    return NODE_NONE;
}

node_t lend_next(node_t node) { return lend_tree_next(node, NODE_NONE); }

node_t lend_find(root_t root, struct lend_place place)
{
    node_t node = lend_first(root);
    while (!node_is_none(node) && !lend_place_same(place_of(slot(node.n)), place))
        node = lend_next(node);
    return node;
}

/* ---- changes ---- */

/* The list that a node stands in: its parent's children, or its root's tops. */
static struct slot *list_owner(const struct slot *s) { return slot(s->parent == ENTRY_NODE_COUNT ? s->up : s->parent); }

static void link_in(uint32_t n)
{
    struct slot *s = slot(n), *owner = list_owner(s);
    s->sibling = child_of(owner) & 0xFFFFFu;
    set_child(owner, n);
}

static void link_out(uint32_t n)
{
    struct slot *s = slot(n), *owner = list_owner(s);
    uint32_t next = s->sibling, before = child_of(owner);
    if (before == n) {
        set_child(owner, next);
        return;
    }
    while (slot(before)->sibling != n)
        before = slot(before)->sibling;
    slot(before)->sibling = next & 0xFFFFFu;
}

static node_t node_make(root_t root, node_t parent, struct lend_place place, bool may_write)
{
    uint32_t n = slot_take(SLOT_NODE);
    struct slot *s = slot(n), *r = root_slot(root);
    set_place(s, place);
    s->up = root.n & 0xFFFFFu;
    s->parent = parent.n & 0xFFFFFu;
    s->depth = node_is_none(parent) ? 0 : (node_slot(parent)->depth + 1u) & 31u;
    s->may_write = may_write;
    r->up = (r->up + 1u) & 0xFFFFFu;
    link_in(n);
    return (node_t){n};
}

node_t lend_open(pde_t word, struct lend_place place)
{
    root_t root = {slot_take(SLOT_ROOT)};
    lend_set_word(root, word);
    return node_make(root, NODE_NONE, place, true);
}

bool lend_can_add(node_t to, bool below)
{
    return lend_count(lend_root(to)) < LEND_NODES_MAX && (!below || node_slot(to)->depth < LEND_DEPTH_MAX);
}

node_t lend_map(node_t parent, struct lend_place place, bool may_write)
{
    assert(lend_can_add(parent, true));
    return node_make(lend_root(parent), parent, place, may_write && lend_may_write(parent));
}

node_t lend_copy(node_t of, struct lend_place place)
{
    assert(lend_can_add(of, false));
    return node_make(lend_root(of), NODE_NONE, place, true);
}

root_t lend_part(node_t top, pde_t word)
{
    root_t from = lend_root(top), root = {slot_take(SLOT_ROOT)};
    assert(node_is_none(lend_parent(top)) && lend_is_common(from));
    lend_set_word(root, word);
    link_out(top.n);
    uint32_t moved = 0;
    for (node_t n = top; !node_is_none(n); n = lend_tree_next(n, top)) {
        slot(n.n)->up = root.n & 0xFFFFFu;
        moved++;
    }
    link_in(top.n);
    root_slot(root)->up = moved & 0xFFFFFu;
    root_slot(from)->up = (root_slot(from)->up - moved) & 0xFFFFFu;
    return root;
}

void lend_move(node_t node, struct lend_place place) { set_place(node_slot(node), place); }

void lend_drop(node_t node, bool keeps_number)
{
    struct slot *s = node_slot(node), *root = slot(s->up);
    uint32_t root_number = s->up;
    assert(node_is_none(lend_child(node)) && root->kind == SLOT_ROOT && root->up > 0);
    link_out(node.n);
    root->up = (root->up - 1u) & 0xFFFFFu;
    if (root->up == 0)
        slot_free(root_number);
    if (keeps_number)
        s->kind = SLOT_DEAD;
    else
        slot_free(node.n);
}

void lend_bury(node_t node)
{
    assert(lend_is_dead(node));
    slot_free(node.n);
}

/* ---- the checker's ---- */

/* Walks what hangs below a root; what leads astray is told from a walk that is too long. */
static uint32_t root_check(root_t root)
{
    uint32_t nodes = 0, wrong = 0;
    node_t n = lend_first(root);
    for (; !node_is_none(n) && nodes <= lend_count(root); nodes++) {
        if (n.n >= lend_slots() || slot(n.n)->kind != SLOT_NODE)
            return wrong + 1;
        const struct slot *s = slot(n.n);
        const struct slot *parent = s->parent == ENTRY_NODE_COUNT ? NULL : slot(s->parent);
        wrong += s->up != root.n || s->depth != (parent ? parent->depth + 1u : 0u);
        wrong += s->may_write && parent && !parent->may_write;
        n = lend_next(n);
    }
    return wrong + (nodes != lend_count(root)) + (nodes == 0) + (nodes > LEND_NODES_MAX) +
           (root_kind(lend_word(root)) == ENTRY_UNLAWFUL);
}

uint32_t lend_check(void)
{
    uint32_t wrong = 0, listed = 0, is_free = 0, nodes = 0, counted = 0;
    for (uint32_t n = 0; n < lend_slots(); n++) {
        const struct slot *s = slot(n);
        is_free += s->kind == SLOT_FREE;
        nodes += s->kind == SLOT_NODE;
        if (s->kind != SLOT_ROOT)
            continue;
        wrong += root_check((root_t){n});
        counted += s->up;
    }
    for (uint32_t n = free_first; n != ENTRY_NODE_COUNT && listed <= free_count; n = slot(n)->sibling)
        listed += slot(n)->kind == SLOT_FREE;
    return wrong + (is_free != free_count) + (listed != free_count) + (nodes != counted);
}
