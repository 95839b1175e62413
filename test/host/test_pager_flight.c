/* sources: test/host/pager_machine.c */
/* Frames that a device may still write, or a transfer still uses: nobody else gets them before that has ended. */
#include "kernel/pager/pager.h"

#include "fake_machine.h"
#include "host.h"
#include "pager_machine.h"

extern const struct usage_module usage_module;

/* Freed while it is written or read, neither frame nor block is used before the transfer ends. */
static void orphans_wait_for_their_transfer(void **state)
{
    (void)state;
    const struct page_range range = {{FIRST}, {FIRST + 40}};
    promise(0, 40);
    for (uint32_t i = 0; i < 40; i++)
        while (model[i].value == 0)
            assert_true(touch(i, true));
    fake_server_hold(true);
    page_out_all(range);
    fake_housekeeping();
    assert_int_equal(frame_count(FRAME_WRITING), 40);
    assert_int_equal(set(range, ENTRY_NONE), OK);
    assert_int_equal(frame_count(FRAME_ORPHAN), 40);
    assert_int_equal(usage_module.blocks_used(), 40);
    machine_check();
    fake_settle();
    assert_int_equal(frame_count(FRAME_ORPHAN), 0);
    assert_int_equal(usage_module.blocks_used(), 0);
    machine_end();
}

static void dma_buffer(struct space *space, uint32_t device, frame_t *frame)
{
    uint32_t physical;
    const struct page_range range = {{FIRST}, {FIRST + 2}};
    assert_int_equal(pager_range_dma(space, range, (struct dma_wanted){0, device}, &physical), OK);
    *frame = (frame_t){physical / PAGE_BYTES};
}

/* What a driver's device may still use is not free until the next driver of that device makes a buffer. */
static void a_dead_drivers_buffers_wait_for_its_successor(void **state)
{
    (void)state;
    struct space first, other, next;
    frame_t frame;
    assert_int_equal(pager_space_open(&first, NULL), OK);
    dma_buffer(&first, 7, &frame);
    fake_space_free(&first);
    pager_space_close(&first);
    assert_int_equal(pager_space_open(&other, NULL), OK);
    dma_buffer(&other, 8, &(frame_t){0});
    assert_int_equal(frame_count(FRAME_LOCKED), 4);
    assert_true(record_state(frame_record(frame)) == FRAME_LOCKED && record_has(frame_record(frame), FRAME_QUARANTINE));
    assert_int_equal(pager_space_open(&next, NULL), OK);
    dma_buffer(&next, 7, &frame);
    assert_int_equal(frame_count(FRAME_LOCKED), 4);
    assert_false(record_has(frame_record(frame), FRAME_QUARANTINE));
    fake_space_free(&other);
    fake_space_free(&next);
    pager_space_close(&other);
    pager_space_close(&next);
    assert_int_equal(pager_space_open(&first, NULL), OK);
    for (uint32_t device = 7; device <= 8; device++) { /* given back by a living driver, they are free at once */
        struct range_progress progress = {.phase = RANGE_SURVEY};
        const struct page_range range = {{FIRST}, {FIRST + 2}};
        dma_buffer(&first, device, &frame);
        assert_int_equal(pager_range_set(&first, range, ENTRY_NONE, &progress), OK);
    }
    assert_int_equal(frame_count(FRAME_LOCKED), 0);
    fake_space_free(&first);
    pager_space_close(&first);
    machine_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(orphans_wait_for_their_transfer, machine_start),
        cmocka_unit_test_setup(a_dead_drivers_buffers_wait_for_its_successor, machine_start),
    };
    return cmocka_run_group_tests(tests, machine_boot, NULL);
}
