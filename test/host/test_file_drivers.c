/* sources: test/host/file_machine.c */
/* Pages of the file server's cache that a disk driver is told of: what becomes of them when server and driver end. */
#include "kernel/pager/file.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "file_machine.h"
#include "host.h"

/* A page of the cache that a driver is told of; the file server ends, and with `dies` the driver did so before. */
static frame_t held_by_the_dead(struct space *driver, uint32_t device, bool dies)
{
    uint32_t token;
    frame_t frame;
    assert_int_equal(hold_try((page_t){CACHE}, true, &token), OK);
    assert_int_equal(pager_token_frame(token, (struct token_user){driver, device}, &frame), OK);
    if (dies)
        pager_driver_ends(driver);
    fake_space_free(&file_server.space);
    assert_int_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    pager_space_close(&file_server.space);
    pager_file_holder_gone(&file_server.space);
    process_make(&file_server);
    mark(&file_server.space, CACHE, 1, ENTRY_FILE_OUT);
    return frame;
}

static void driver_starts(struct process *driver, uint32_t device)
{
    uint32_t physical;
    const struct page_range range = {{OWN}, {OWN + 1}};
    process_make(driver);
    assert_int_equal(pager_range_dma(&driver->space, range, (struct dma_wanted){0, device}, &physical), OK);
}

/* Their device may still write it: it is nobody's before that was reset. */
static void what_server_and_driver_leave_waits_for_a_reset(void **state)
{
    (void)state;
    static struct process driver, other, next;
    process_make(&driver);
    frame_t frame = held_by_the_dead(&driver.space, 7, true);
    driver_starts(&other, 8);
    assert_int_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    fake_check(0);
    driver_starts(&next, 7);
    assert_int_not_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    fake_check(0);
    frame = held_by_the_dead(&driver.space, 7, false); /* one that lives has answered */
    assert_int_not_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    struct process *const made[] = {&driver, &other, &next};
    for (uint32_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        fake_space_free(&made[i]->space);
        pager_space_close(&made[i]->space);
    }
    machine_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_server_and_driver_leave_waits_for_a_reset, machine_start),
    };
    return cmocka_run_group_tests(tests, machine_boot, NULL);
}
