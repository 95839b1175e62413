/* sources: test/structures/[a-z]*.c src/kernel/linear/[a-z]*.c test/host/fake_paging.c */
/* flags: -Itest/structures */
/* Every structure of test/structures against a plain model: what each page is, in an array. Random regions come and go;
 * at every step look-ups, overlaps and holes must be the model's. So what is compared in docs/structures.md does the
 * same. */
#include "structure.h"

#include "host.h"
#include "memory.h"
#include "random.h"
#include "workload.h"
#include <string.h>

#define STEPS 16000u
#define PHASES 8u /* more and fewer regions in turn */
#define REGIONS 1000u
#define QUESTIONS 3u

static uint8_t model[USER_PAGES]; /* enum entry_kind */
static struct region regions[REGIONS];
static uint32_t region_count;

static bool model_overlaps(uint32_t first, uint32_t end)
{
    for (uint32_t page = first; page < end; page++)
        if (model[page] != ENTRY_NONE)
            return true;
    return false;
}

static uint32_t model_hole(uint32_t pages, uint32_t from)
{
    uint32_t at = from;
    for (uint32_t page = from; page < at + pages && page < USER_PAGES; page++)
        if (model[page] != ENTRY_NONE)
            at = page + 1;
    return at + pages <= USER_PAGES ? at : USER_PAGES;
}

static void model_set(const struct region *r, enum entry_kind kind)
{
    memset(&model[r->first.n], (int)kind, r->end.n - r->first.n);
}

/* Crowded in the first two tables, at the end and around one border between tables, and anywhere. */
static uint32_t any_page(void)
{
    switch (below(8)) {
    case 0:
        return below(USER_PAGES);
    case 1:
        return USER_PAGES - 1 - below(400);
    case 2:
    case 3:
        return 7 * TABLE_ENTRIES - 300 + below(600);
    default:
        return below(2 * TABLE_ENTRIES);
    }
}

static uint32_t any_count(void)
{
    switch (below(40)) {
    case 0:
        return 1 + below(3 * TABLE_ENTRIES);
    case 1:
        return TABLE_ENTRIES * (1 + below(2));
    default:
        return 1 + below(12);
    }
}

static struct region any_region(void)
{
    uint32_t first = any_page(), pages = any_count();
    if (pages % TABLE_ENTRIES == 0)
        first -= first % TABLE_ENTRIES;
    if (pages > USER_PAGES - first)
        pages = USER_PAGES - first;
    return (struct region){{first}, {first + pages}, below(2) ? ENTRY_GUARD : ENTRY_ON_DEMAND};
}

static void one_comes(const struct structure *s)
{
    struct region r = any_region();
    bool fits = !model_overlaps(r.first.n, r.end.n);
    assert_int_equal(s->insert(&r), fits);
    if (!fits)
        return;
    model_set(&r, r.kind);
    regions[region_count++] = r;
}

static void one_goes(const struct structure *s)
{
    uint32_t i = below(region_count);
    struct region r = regions[i];
    s->remove(&r);
    model_set(&r, ENTRY_NONE);
    regions[i] = regions[--region_count];
}

static void ask(const struct structure *s)
{
    uint32_t page = any_page(), pages = any_count(), from = below(4) ? page : 0;
    struct region r = any_region();
    assert_int_equal(s->kind_at((page_t){page}), model[page]);
    assert_int_equal(s->overlaps(r.first, r.end), model_overlaps(r.first.n, r.end.n));
    assert_int_equal(s->find_hole(pages, (page_t){from}).n, model_hole(pages, from));
}

static void start(const struct structure *s)
{
    memory_start();
    memset(model, ENTRY_NONE, sizeof model);
    region_count = 0;
    s->start(REGIONS);
}

static void as_the_model(const struct structure *s, uint32_t seed)
{
    random_state = random_start(seed, 0);
    start(s);
    uint32_t growing = 0;
    for (uint32_t i = 0; i < STEPS; i++) {
        if (i % (STEPS / PHASES) == 0)
            growing = i / (STEPS / PHASES) % 2 ? 4 : 15;
        if (region_count < REGIONS && (region_count == 0 || below(16) < growing))
            one_comes(s);
        else
            one_goes(s);
        for (uint32_t q = 0; q < QUESTIONS; q++)
            ask(s);
    }
    while (region_count)
        one_goes(s);
    assert_int_equal(s->find_hole(USER_PAGES, (page_t){0}).n, 0);
}

static void test_answers_are_the_models(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < STRUCTURE_COUNT; i++)
        as_the_model(structures[i], 42);
}

/* Filling it twice takes no more than filling it once: what was deleted has been given back. */
static void test_nothing_is_kept(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < STRUCTURE_COUNT; i++) {
        uint32_t full[2];
        random_state = 7;
        start(structures[i]);
        while (region_count < REGIONS)
            one_comes(structures[i]);
        full[0] = memory_in_use();
        for (uint32_t r = 0; r < region_count; r++)
            structures[i]->remove(&regions[r]);
        for (uint32_t r = 0; r < region_count; r++)
            assert_true(structures[i]->insert(&regions[r]));
        full[1] = memory_in_use();
        assert_int_equal(full[0], full[1]);
    }
}

/* The layouts are what they say: ascending, apart, below LAYOUT_END; the order holds each region once. */
static void test_layouts(void **state)
{
    (void)state;
    static struct region made[20000];
    static uint32_t order[20000];
    for (uint32_t l = 0; l < layout_count; l++) {
        static bool there[20000];
        memset(there, 0, sizeof there);
        workload_start(1);
        layouts[l].make(made, 20000);
        workload_order(&layouts[l], order, 20000);
        for (uint32_t i = 0; i < 20000; i++) {
            assert_true(made[i].first.n < made[i].end.n && made[i].end.n <= LAYOUT_END);
            assert_true(i == 0 || made[i - 1].end.n <= made[i].first.n);
            assert_false(there[order[i]]);
            there[order[i]] = true;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_the_models),
        cmocka_unit_test(test_nothing_is_kept),
        cmocka_unit_test(test_layouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
