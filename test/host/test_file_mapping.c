#include "servers/file/mapping.h"
#include "host.h"
#include "random.h"
/* sources: src/servers/file/mapping.c */

/* The model: a plain array, one element a page of a small address space. */
#define PAGES 60000u
#define BASE 0x10000000u

struct shown {
    struct view *view;
    uint32_t page, how;
};
static struct shown model[PAGES];
static struct mappings map;
static struct view *const views[3] = {(struct view *)0x100, (struct view *)0x200, (struct view *)0x300};

static uintptr_t address(uint32_t page) { return BASE + (uintptr_t)page * 4096u; }

static void expect_page(uint32_t page)
{
    const struct mapping *m = mappings_find(&map, address(page) + below(4096));
    assert_true((m != NULL) == (model[page].view != NULL));
    if (m == NULL)
        return;
    assert_true(m->start <= address(page) && address(page) < mapping_end(m));
    assert_ptr_equal(m->view, model[page].view);
    assert_int_equal(m->first + (address(page) - m->start) / 4096u, model[page].page);
    assert_int_equal(m->how, model[page].how);
}

/* Every page, and the walk in order. */
static void agree(void)
{
    uint32_t walked = 0, mapped = 0, shown = 0;
    for (uint32_t i = 0; i < PAGES; i++) {
        expect_page(i);
        shown += model[i].view != NULL;
    }
    uintptr_t end = 0;
    for (const struct mapping *m = mappings_from(&map, 0); m != NULL; m = mappings_from(&map, end)) {
        assert_true(m->start >= end && m->pages > 0);
        end = mapping_end(m);
        mapped += m->pages;
        walked++;
    }
    assert_int_equal(walked, map.count);
    assert_int_equal(mapped, shown);
}

static void try_insert(uint32_t page, uint32_t pages)
{
    bool busy = false;
    for (uint32_t i = page; i < page + pages; i++)
        busy |= model[i].view != NULL;
    struct mapping m = {address(page), pages, below(1u << 20), below(3), views[below(3)]};
    assert_int_equal(mappings_insert(&map, &m), busy ? ERR_BUSY : OK);
    for (uint32_t i = 0; !busy && i < pages; i++)
        model[page + i] = (struct shown){m.view, m.first + i, m.how};
}

static void piece_gone(void *context, const struct mapping *piece)
{
    uintptr_t *from = context;
    assert_true(piece->start >= *from);
    *from = mapping_end(piece);
    for (uint32_t i = 0; i < piece->pages; i++) {
        struct shown *page = &model[(piece->start - BASE) / 4096u + i];
        assert_ptr_equal(piece->view, page->view);
        assert_int_equal(piece->first + i, page->page);
        *page = (struct shown){NULL, 0, 0};
    }
}

static void try_remove(uint32_t page, uint32_t pages)
{
    uintptr_t from = address(page);
    assert_int_equal(mappings_remove(&map, address(page), address(page + pages), piece_gone, &from), OK);
    assert_true(from <= address(page + pages));
    for (uint32_t i = page; i < page + pages; i++)
        assert_null(model[i].view);
}

static void everything_out(void)
{
    uintptr_t from = 0;
    assert_int_equal(mappings_remove(&map, 0, 0xFFFFF000u, piece_gone, &from), OK);
    assert_int_equal(map.count, 0);
    assert_null(map.root);
    agree();
}

static void random_operations(void **state)
{
    (void)state;
    random_state = 11;
    mappings_start(&map, 5);
    for (uint32_t round = 0; round < 30000; round++) {
        uint32_t pages = 1 + below(below(2) ? 4 : 200), page = below(PAGES - pages);
        if (below(5) < 3)
            try_insert(page, pages);
        else
            try_remove(page, pages);
        if (round % 3000 == 0)
            agree();
    }
    agree();
    everything_out();
}

/* The deepest of the tree's nodes is not reachable from outside: how long a look-up takes is. */
static void many(uint32_t count)
{
    mappings_start(&map, 9);
    for (uint32_t i = 0; i < count; i++) /* ascending, what a plain tree likes least */
        try_insert(i * 2, 1);
    assert_int_equal(map.count, count);
    agree();
    for (uint32_t i = 0; i < 200000; i++)
        expect_page(below(2 * count));
    for (uint32_t i = 0; i < count; i += 2)
        try_remove(i * 2, 1);
    assert_int_equal(map.count, count / 2);
    agree();
    everything_out();
}

static void two_thousand(void **state)
{
    (void)state;
    many(2000);
}

static void twenty_thousand(void **state)
{
    (void)state;
    many(20000);
}

static void counted(void *context, const struct mapping *piece)
{
    assert_ptr_equal(context, &map);
    assert_int_equal(piece->pages, 1);
}

static void edges_of_the_address_space(void **state)
{
    (void)state;
    static struct mapping low = {0, 1, 0, 0, NULL}, high = {0xBFFFF000u, 1, 7, 1, NULL};
    mappings_start(&map, 0);
    assert_null(mappings_find(&map, 0));
    assert_null(mappings_from(&map, 0));
    assert_int_equal(mappings_insert(&map, &high), OK);
    assert_int_equal(mappings_insert(&map, &low), OK);
    assert_int_equal(mappings_insert(&map, &low), ERR_BUSY);
    assert_int_equal(mappings_find(&map, 0xFFF)->first, 0);
    assert_int_equal(mappings_find(&map, 0xBFFFFFFFu)->first, 7);
    assert_null(mappings_find(&map, 0xC0000000u));
    assert_int_equal(mappings_from(&map, 0x1000)->first, 7);
    assert_null(mappings_from(&map, 0xC0000000u));
    assert_int_equal(mappings_remove(&map, 0, 0xC0000000u, counted, &map), OK);
    assert_int_equal(map.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations),
        cmocka_unit_test(two_thousand),
        cmocka_unit_test(twenty_thousand),
        cmocka_unit_test(edges_of_the_address_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
