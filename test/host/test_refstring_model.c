/* sources: test/host/model_pager.c test/host/reference_strings.c src/usage/policy/lru.c */
/* lru, the very code that ships, against exact LRU at the same residency on the four reference strings. */
#include "model_pager.h"
#include "reference_strings.h"

#include "host.h"
#include <stdio.h>
#include <stdlib.h>

static struct model_options plain(uint32_t frames)
{
    return (struct model_options){.pages = REFERENCE_PAGES,
                                  .frames = frames,
                                  .blocks = 65536,
                                  .water_low = 32,
                                  .water_high = 64,
                                  .cluster = 1,
                                  .write_delay = 16};
}

/* Page-ins over those of exact LRU, in thousandths. */
static uint32_t permille(char name, const struct model_options *o)
{
    struct reference_string s = reference_string(name);
    assert_int_equal(reference_check(&s), s.check);
    model_start(o);
    for (uint32_t page = 0; page < REFERENCE_PAGES; page++)
        model_touch(page, true);
    struct model_counts before = model_counts;
    uint64_t resident = 0;
    for (uint32_t i = 0; i < s.count; i++) {
        model_touch(s.page[i], i % 4 == 0);
        resident += model_resident();
    }
    model_check();
    uint32_t ins = model_counts.page_ins - before.page_ins, held = (uint32_t)(resident / s.count);
    uint32_t exact = exact_lru(&s, held), taken = model_counts.taken - before.taken;
    uint32_t ratio = (uint32_t)((uint64_t)ins * 1000 / exact), samples = model_counts.samples - before.samples;
    printf("lru on %c: resident %u, page-ins %u, exact LRU %u, ratio %u.%03u; soft faults %u, written %u in %u, "
           "samples %u.%u a frame\n",
           name, held, ins, exact, ratio / 1000, ratio % 1000, model_counts.soft_faults - before.soft_faults,
           model_counts.written - before.written, model_counts.requests - before.requests, samples / taken,
           samples * 10 / taken % 10);
    assert_true(samples <= 8 * taken);
    model_end();
    free(s.page);
    return ratio;
}

static void the_simulator_agrees_with_published_counts(void **state)
{
    (void)state;
    static const uint32_t lru[] = {41048, 128000, 213637, 57008}, fifo[] = {47741, 128000, 219890, 54274};
    for (uint32_t i = 0; i < 4; i++) {
        struct reference_string s = reference_string((char)('a' + i));
        assert_int_equal(exact_lru(&s, 10240), lru[i]);
        assert_int_equal(exact_fifo(&s, 10240), fifo[i]);
        free(s.page);
    }
}

static void page_ins_are_close_to_exact_lru(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {10240, 6000, 14000};
    for (uint32_t i = 0; i < 3; i++) {
        struct model_options o = plain(sizes[i] + 48);
        for (char name = 'a'; name <= 'd'; name++)
            assert_in_range(permille(name, &o), 0, 1020);
    }
}

static void clusters_keep_the_order(void **state)
{
    (void)state;
    struct model_options o = plain(10240 + 48);
    o.cluster = 16;
    for (char name = 'a'; name <= 'd'; name++)
        assert_in_range(permille(name, &o), 0, 1020);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_simulator_agrees_with_published_counts),
        cmocka_unit_test(page_ins_are_close_to_exact_lru),
        cmocka_unit_test(clusters_keep_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
