/* sources: test/host/model_pager.c test/host/usage_properties.c test/host/reference_strings.c src/usage/policy/fifo.c */
/* The core with fifo: the same properties, and page-ins against exact FIFO on the reference strings. */
#include "usage_properties.h"
#include "reference_strings.h"

#include "host.h"
#include <stdio.h>
#include <stdlib.h>

static void lists_records_and_blocks_agree(void **state)
{
    (void)state;
    assert_string_equal(usage_module.name, "fifo");
    usage_random_operations_all();
}

static void neighbours_go_together_and_clean_copies_are_kept(void **state)
{
    (void)state;
    assert_true(usage_sequential_passes(2500, 32768) >= 80);
    assert_true(usage_sequential_passes(10240, 24576) >= 80);
}

static void page_ins_are_close_to_exact_fifo(void **state)
{
    (void)state;
    struct model_options o = {.pages = REFERENCE_PAGES, .frames = 10240 + 48, .blocks = 65536};
    o.water_low = 32;
    o.water_high = 64;
    o.cluster = 1;
    o.write_delay = 16;
    for (char name = 'a'; name <= 'd'; name++) {
        struct reference_string s = reference_string(name);
        model_start(&o);
        for (uint32_t page = 0; page < REFERENCE_PAGES; page++)
            model_touch(page, true);
        struct model_counts before = model_counts;
        for (uint32_t i = 0; i < s.count; i++)
            model_touch(s.page[i], i % 4 == 0);
        uint32_t ins = model_counts.page_ins - before.page_ins, exact = exact_fifo(&s, 10240);
        uint32_t ratio = (uint32_t)((uint64_t)ins * 1000 / exact);
        printf("fifo on %c: page-ins %u, exact FIFO %u, ratio %u.%03u\n", name, ins, exact, ratio / 1000, ratio % 1000);
        assert_in_range(ratio, 980, 1020);
        assert_int_equal(model_counts.samples, 0);
        model_end();
        free(s.page);
    }
}

/* Touched on its way out, a page keeps its place: it is the first to go again. */
static void a_soft_touch_keeps_the_place(void **state)
{
    (void)state;
    static struct frame_record records[40];
    struct usage_action actions[USAGE_ROOM];
    const struct usage_setup setup = {records, 40, 40, 40};
    usage_module.start(&setup);
    for (uint32_t n = 0; n < 40; n++) {
        records[n] = (struct frame_record){{0}};
        record_set_block(&records[n], BLOCK_NONE);
        record_set_state(&records[n], FRAME_MAPPED);
        usage_module.inserted((frame_t){n}, USAGE_ZERO_FILL, USAGE_DISTANCE_UNKNOWN);
    }
    for (uint32_t again = 0; again < 3; again++) {
        assert_true(usage_module.choose(USAGE_ZONE_ANY, 1, actions, USAGE_ROOM) > 0);
        assert_int_equal(actions[0].kind, USAGE_EVICT);
        assert_int_equal(actions[0].frame.n, 0);
        record_set_state(&records[0], FRAME_STANDBY);
        usage_module.evicted((frame_t){0});
        record_set_state(&records[0], FRAME_MAPPED);
        usage_module.soft_touched((frame_t){0});
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_records_and_blocks_agree),
        cmocka_unit_test(neighbours_go_together_and_clean_copies_are_kept),
        cmocka_unit_test(page_ins_are_close_to_exact_fifo),
        cmocka_unit_test(a_soft_touch_keeps_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
