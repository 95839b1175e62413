/* sources: test/host/fake_drive.c */
/* flags: -DSERVERS_PORTS_H -include test/host/fake_ports.h */
/* The ATA driver on a drive that fails or hangs, in as many commands and attempts as it takes. */
#include "servers/ata/drives.h"

#include "fake_drive.h"
#include "fake_driver_library.h"
#include "host.h"
#include <string.h>

#define PAGE_BYTES 4096u
#define SECTORS_A_PAGE 8u
#define ATTEMPTS 3u

static void machine_start(void)
{
    fake_drive_start();
    fake_driver_library_start();
}

static int start(void **state)
{
    (void)state;
    machine_start();
    return 0;
}

static void open_drive(void)
{
    assert_int_equal(drives_open(), OK);
    assert_non_null(drive_of(0));
    assert_null(drive_of(1));
    assert_false(drive_uses_dma(0));
    assert_int_equal(drive_of(0)->sectors, fake.sectors);
    fake.commands = fake.resets = 0;
}

static struct disk_request request(enum disk_work work, uint32_t sector, uint32_t count)
{
    struct disk_request made = {.work = work, .sector = sector, .pages = count};
    for (uint32_t i = 0; i < count; i++)
        made.token[i] = i + 1;
    return made;
}

static uint8_t pattern(uint32_t page, uint32_t byte) { return (uint8_t)(page * 7 + byte / 512 * 3 + byte); }

static void pages_fill(uint32_t count)
{
    for (uint32_t page = 0; page < count; page++)
        for (uint32_t byte = 0; byte < PAGE_BYTES; byte++)
            fake_page(page + 1)[byte] = pattern(page, byte);
}

static void pages_check(uint32_t count)
{
    for (uint32_t page = 0; page < count; page++)
        for (uint32_t byte = 0; byte < PAGE_BYTES; byte++)
            assert_int_equal(fake_page(page + 1)[byte], pattern(page, byte));
}

/* Written, forgotten, and read again. */
static void there_and_back(uint32_t sector, uint32_t count)
{
    struct disk_request write = request(DISK_WORK_WRITE, sector, count), read = request(DISK_WORK_READ, sector, count);
    pages_fill(count);
    assert_int_equal(drive_work(&write), OK);
    for (uint32_t page = 0; page < count; page++)
        memset(fake_page(page + 1), 0, PAGE_BYTES);
    assert_int_equal(drive_work(&read), OK);
    pages_check(count);
}

static void pages_go_there_and_back(void **state)
{
    (void)state;
    static const uint8_t multiples[] = {0, 1, 2, 8, 16};
    for (uint32_t i = 0; i < sizeof(multiples); i++) {
        machine_start();
        fake.multiple = multiples[i];
        open_drive();
        there_and_back(40, 5);
        assert_memory_equal(fake.content[40 + SECTORS_A_PAGE], fake_page(2), 512);
        assert_int_equal(fake.commands, 2);
    }
}

/* A command without a 48-bit address moves 256 sectors at most, and ends below sector 2^28. */
static void long_requests_and_high_sectors(void **state)
{
    (void)state;
    for (uint32_t extended = 0; extended < 2; extended++) {
        machine_start();
        fake.extended = extended;
        fake.multiple = 8;
        open_drive();
        there_and_back(0, DISK_PAGES_MAX);
        assert_int_equal(fake.commands, extended ? 2 : 4);
        assert_int_equal(fake.largest, extended ? DISK_PAGES_MAX * SECTORS_A_PAGE : 256);
    }
    machine_start();
    fake.extended = true;
    fake.sectors = 0x80000000u;
    open_drive();
    there_and_back(0x0FFFFFFCu, 1); /* across the limit: the fake's content is by the last bits of the number */
    there_and_back(0x7FFFFFF8u, 1);
}

static void what_fails_is_tried_again(void **state)
{
    (void)state;
    for (uint32_t fail = 0; fail <= ATTEMPTS; fail++) {
        machine_start();
        fake.multiple = 8;
        open_drive();
        fake.fail = fail;
        struct disk_request read = request(DISK_WORK_READ, 16, 2);
        assert_int_equal(drive_work(&read), fail < ATTEMPTS ? OK : ERR_IO);
        assert_int_equal(fake.commands, fail < ATTEMPTS ? fail + 1 : ATTEMPTS);
        assert_int_equal(fake.resets, 0); /* it has said that it is done */
        assert_int_equal(drive_work(&read), OK);
    }
}

/* After five seconds the channel is reset, and told again how many sectors to move an interrupt. */
static void what_hangs_is_reset(void **state)
{
    (void)state;
    for (uint32_t hang = 1; hang <= ATTEMPTS; hang++) {
        machine_start();
        fake.multiple = 8;
        open_drive();
        uint64_t before = fake.now_us;
        fake.hang = hang;
        struct disk_request read = request(DISK_WORK_READ, 16, 2), write = request(DISK_WORK_WRITE, 16, 2);
        assert_int_equal(drive_work(&read), hang < ATTEMPTS ? OK : ERR_IO);
        assert_int_equal(fake.resets, hang);
        assert_true(fake.now_us - before >= (uint64_t)hang * 5000000u);
        assert_int_equal(drive_work(&write), OK);
    }
}

/* In the middle of a request: what was done before counts, what comes after is done too. */
static void a_late_failure(void **state)
{
    (void)state;
    fake.multiple = 4;
    open_drive();
    fake.well = 1;
    fake.hang = 1;
    fake.fail = 1;
    there_and_back(0, DISK_PAGES_MAX);
    assert_int_equal(fake.commands, 4 + 2);
    assert_int_equal(fake.resets, 1);
}

static void flushes(void **state)
{
    (void)state;
    open_drive();
    struct disk_request flush = request(DISK_WORK_FLUSH, 0, 0);
    fake.fail = 1;
    assert_int_equal(drive_work(&flush), OK);
    assert_int_equal(fake.commands, 2);
    fake.fail = ATTEMPTS;
    assert_int_equal(drive_work(&flush), ERR_IO);
}

/* A drive that fails once must not be lost for the whole run of the driver. */
static void the_first_sector_too(void **state)
{
    (void)state;
    static uint8_t sector[DISK_SECTOR_BYTES];
    for (uint32_t hangs = 0; hangs < 2; hangs++)
        for (uint32_t wrong = 0; wrong <= ATTEMPTS; wrong++) {
            machine_start();
            memset(fake.content[0], 0x5A, DISK_SECTOR_BYTES);
            open_drive();
            *(hangs ? &fake.hang : &fake.fail) = wrong;
            memset(sector, 0, sizeof(sector));
            err_t last = hangs ? ERR_TIME : ERR_IO;
            assert_int_equal(drive_first_sector(0, sector), wrong < ATTEMPTS ? OK : last);
            if (wrong < ATTEMPTS)
                assert_memory_equal(sector, fake.content[0], DISK_SECTOR_BYTES);
        }
}

/* A token that is no longer valid is the asker's matter: nothing is started, and nothing tried again. */
static void a_dead_token(void **state)
{
    (void)state;
    open_drive();
    struct disk_request read = request(DISK_WORK_READ, 16, 1);
    read.token[0] = FAKE_PAGES + 1;
    assert_int_equal(drive_work(&read), ERR_NO_ENTRY);
    assert_int_equal(fake.commands, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pages_go_there_and_back, start),
        cmocka_unit_test_setup(long_requests_and_high_sectors, start),
        cmocka_unit_test_setup(what_fails_is_tried_again, start),
        cmocka_unit_test_setup(what_hangs_is_reset, start),
        cmocka_unit_test_setup(a_late_failure, start),
        cmocka_unit_test_setup(flushes, start),
        cmocka_unit_test_setup(the_first_sector_too, start),
        cmocka_unit_test_setup(a_dead_token, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
