/* sources: src/kernel/linear/lend*.c */
/* Lending roots and nodes against a plain model: an array of places, each with its parent and the page that it shows. */
#include "kernel/linear/lend.h"

#include "host.h"
#include "random.h"
#include <stdlib.h>

#define PLACES 600u
#define OPERATIONS 300000u
#define NOBODY PLACES

enum life { UNUSED, LIVE, DEAD };
struct place_model {
    enum life life;
    struct lend_place place;
    uint32_t parent; /* index; NOBODY: a top */
    uint32_t shows;  /* the page: equal for all places of one root */
    uint32_t depth;
    bool may_write;
    node_t node;
};
static struct place_model model[PLACES];
static uint32_t next_page, pages_given, shrunk;

static void room_for(uint32_t slots)
{
    while (lend_room() < slots) {
        void *page = aligned_alloc(PAGE_BYTES, PAGE_BYTES);
        assert_non_null(page);
        assert_true(lend_grow(page));
        pages_given++;
    }
}

/* No more than is in use: a page that holds nothing is given back, wherever it is. */
static void shrink(void)
{
    void *page = lend_shrink();
    pages_given -= page != NULL;
    shrunk += page != NULL;
    free(page);
}

static struct lend_place any_place(void) { return (struct lend_place){1 + below(0xFFFFu), {below(0xC0000u)}}; }

static uint32_t places_of(uint32_t page)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < PLACES; i++)
        count += model[i].life == LIVE && model[i].shows == page;
    return count;
}

static bool has_several_trees(uint32_t page)
{
    uint32_t tops = 0;
    for (uint32_t i = 0; i < PLACES; i++)
        tops += model[i].life == LIVE && model[i].shows == page && model[i].parent == NOBODY;
    return tops > 1;
}

static bool is_below(uint32_t i, uint32_t top)
{
    while (i != NOBODY && i != top)
        i = model[i].parent;
    return i == top;
}

static uint32_t any(enum life life)
{
    uint32_t from = below(PLACES);
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[(from + i) % PLACES].life == life)
            return (from + i) % PLACES;
    return NOBODY;
}

/* ---- operations ---- */

static void place_open(void)
{
    uint32_t i = any(UNUSED);
    if (i == NOBODY)
        return;
    room_for(2);
    uint32_t page = ++next_page;
    model[i] = (struct place_model){LIVE, any_place(), NOBODY, page, 0, true, NODE_NONE};
    model[i].node = lend_open(pde_swap((block_t){page}), model[i].place);
}

static void place_add(bool copies)
{
    uint32_t i = any(UNUSED), of = any(LIVE);
    if (i == NOBODY || of == NOBODY)
        return;
    bool can = places_of(model[of].shows) < LEND_NODES_MAX && (copies || model[of].depth < LEND_DEPTH_MAX);
    assert_int_equal(lend_can_add(model[of].node, !copies), can);
    if (!can)
        return;
    room_for(1);
    bool write = below(2);
    model[i] = (struct place_model){LIVE, any_place(), copies ? NOBODY : of, model[of].shows, 0, true, NODE_NONE};
    model[i].depth = copies ? 0 : model[of].depth + 1;
    model[i].may_write = copies || (write && model[of].may_write);
    model[i].node =
        copies ? lend_copy(model[of].node, model[i].place) : lend_map(model[of].node, model[i].place, write);
}

static void tree_part(void)
{
    uint32_t top = any(LIVE);
    if (top == NOBODY || model[top].parent != NOBODY || !has_several_trees(model[top].shows))
        return;
    room_for(1);
    uint32_t page = ++next_page;
    lend_part(model[top].node, pde_swap((block_t){page}));
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[i].life == LIVE && is_below(i, top))
            model[i].shows = page;
}

/* Leaves first, some of them with an entry that can't be reached. */
static void tree_drop(void)
{
    uint32_t top = any(LIVE), left = 1;
    if (top == NOBODY)
        return;
    while (left) {
        node_t leaf = model[top].node;
        while (!node_is_none(lend_child(leaf)))
            leaf = lend_child(leaf);
        uint32_t i = 0;
        while (i < PLACES && !(model[i].life == LIVE && node_same(model[i].node, leaf)))
            i++;
        assert_true(i < PLACES && is_below(i, top));
        bool keeps = below(8) == 0;
        left = i != top;
        lend_drop(leaf, keeps);
        model[i].life = keeps ? DEAD : UNUSED;
    }
}

static void all_go(void)
{
    while (any(LIVE) != NOBODY)
        tree_drop();
    for (uint32_t i; (i = any(DEAD)) != NOBODY; model[i].life = UNUSED)
        lend_bury(model[i].node);
}

static void operate(void)
{
    uint32_t what = below(17), i;
    if (what == 16) {
        if (below(200) == 0)
            all_go();
        shrink();
    } else if (what < 3) {
        place_open();
    } else if (what < 10) {
        place_add(what < 5);
    } else if (what < 12) {
        tree_part();
    } else if (what < 13 && (i = any(LIVE)) != NOBODY) {
        model[i].place = any_place();
        lend_move(model[i].node, model[i].place);
    } else if (what < 14 && (i = any(DEAD)) != NOBODY) {
        lend_bury(model[i].node);
        model[i].life = UNUSED;
    } else {
        tree_drop();
    }
}

/* ---- what lend says must be what the model says ---- */

static void live_is_right(uint32_t i)
{
    const struct place_model *m = &model[i];
    root_t root = lend_root(m->node);
    assert_false(lend_is_dead(m->node));
    assert_int_equal(lend_word(root).w, pde_swap((block_t){m->shows}).w);
    assert_int_equal(lend_count(root), places_of(m->shows));
    assert_int_equal(lend_is_common(root), has_several_trees(m->shows));
    assert_int_equal(lend_may_write(m->node), m->may_write);
    assert_int_equal(lend_parent(m->node).n, m->parent == NOBODY ? NODE_NONE.n : model[m->parent].node.n);
    assert_true(node_same(lend_find(root, m->place), m->node));
    node_t top = lend_top(m->node);
    assert_true(node_is_none(lend_parent(top)));
    uint32_t listed = 0, in_tree = 0;
    for (node_t n = lend_first(root); !node_is_none(n); n = lend_next(n))
        listed += node_same(n, m->node);
    for (node_t n = top; !node_is_none(n); n = lend_tree_next(n, top))
        in_tree += node_same(n, m->node);
    assert_int_equal(listed, 1);
    assert_int_equal(in_tree, 1);
}

static void all_is_right(void)
{
    uint32_t slots = 0;
    assert_int_equal(lend_check(), 0);
    for (uint32_t i = 0; i < PLACES; i++) {
        if (model[i].life == UNUSED)
            continue;
        assert_true(lend_is_node(model[i].node) && lend_names(model[i].node, model[i].place));
        slots++;
        if (model[i].life == LIVE)
            live_is_right(i);
        else
            assert_true(lend_is_dead(model[i].node));
    }
    for (uint32_t n = 0; n < lend_slots(); n++)
        slots += lend_is_root((root_t){n});
    assert_int_equal(pages_given * LEND_PAGE_SLOTS - lend_room(), slots);
}

static void random_operations(void **state)
{
    (void)state;
    random_state = 5;
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        operate();
        if (i % 997 == 0)
            all_is_right();
    }
    all_go();
    all_is_right();
    assert_in_range(lend_slots(), LEND_PAGE_SLOTS, 8 * LEND_PAGE_SLOTS); /* numbers are used again */
    while (pages_given)
        shrink();
    assert_int_equal(lend_slots(), 0);
    assert_true(shrunk > 100);
}

static void neither_too_many_nor_too_deep(void **state)
{
    (void)state;
    static node_t top, deep; /* static: expect_assert_failure jumps */
    room_for(2 + LEND_NODES_MAX);
    top = deep = lend_open(pde_swap((block_t){1}), any_place());
    for (uint32_t i = 0; i < LEND_DEPTH_MAX; i++)
        deep = lend_map(deep, any_place(), true);
    assert_false(lend_can_add(deep, true));
    assert_true(lend_can_add(deep, false));
    expect_assert_failure(lend_map(deep, any_place(), true));
    while (lend_count(lend_root(top)) < LEND_NODES_MAX)
        (void)lend_copy(deep, any_place());
    assert_false(lend_can_add(top, true));
    assert_false(lend_can_add(top, false));
    expect_assert_failure(lend_copy(top, any_place()));
    expect_assert_failure(lend_drop(top, false)); /* it has children */
    assert_int_equal(lend_check(), 0);
    for (node_t first; lend_is_node(top);) {
        for (first = lend_first(lend_root(top)); !node_is_none(lend_child(first));)
            first = lend_child(first);
        lend_drop(first, false);
    }
    assert_int_equal(lend_room(), lend_slots());
    assert_int_equal(lend_check(), 0);
}

static void a_dead_number_is_not_used_again(void **state)
{
    (void)state;
    static const struct lend_place place = {7, {1234}};
    static node_t dead;
    room_for(LEND_PAGE_SLOTS);
    dead = lend_open(pde_swap((block_t){1}), place);
    root_t root = lend_root(dead);
    lend_drop(dead, true);
    assert_false(lend_is_root(root));
    assert_true(lend_is_node(dead) && lend_is_dead(dead) && lend_names(dead, place));
    uint32_t room = lend_room();
    for (uint32_t i = 0; i < room / 2; i++)
        assert_false(node_same(lend_open(pde_swap((block_t){1}), place), dead));
    lend_bury(dead);
    assert_false(lend_is_node(dead));
    expect_assert_failure(lend_bury(dead));
    assert_int_equal(lend_check(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_too_many_nor_too_deep),
        cmocka_unit_test(random_operations),
        cmocka_unit_test(a_dead_number_is_not_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
