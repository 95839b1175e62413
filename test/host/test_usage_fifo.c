/* sources: test/host/model_pager.c test/host/usage_properties.c test/host/reference_strings.c src/kernel/frames/frames*.c src/usage/core/[!t]*.c src/usage/policy/fifo.c */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_records_and_blocks_agree),
        cmocka_unit_test(neighbours_go_together_and_clean_copies_are_kept),
        cmocka_unit_test(page_ins_are_close_to_exact_fifo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
