/* The trees of nodes below roots. */
#include "kernel/linear/lend_slots.h"

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

/* ---- what they say ---- */

bool lend_is_node(node_t node)
{
    return slot_is_there(node.n) && (slot(node.n)->kind == SLOT_NODE || slot(node.n)->kind == SLOT_DEAD);
}

bool lend_is_root(root_t root) { return slot_is_there(root.n) && slot(root.n)->kind == SLOT_ROOT; }
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
        if (!slot_is_there(n.n) || slot(n.n)->kind != SLOT_NODE)
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
    uint32_t wrong = 0, is_free = 0, nodes = 0, counted = 0;
    for (uint32_t n = 0; n < lend_slots(); n++) {
        if (!slot_is_there(n))
            continue;
        const struct slot *s = slot(n);
        is_free += s->kind == SLOT_FREE;
        nodes += s->kind == SLOT_NODE;
        if (s->kind != SLOT_ROOT)
            continue;
        wrong += root_check((root_t){n});
        counted += s->up;
    }
    return wrong + slots_check(is_free) + (nodes != counted);
}
