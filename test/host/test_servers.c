/* sources: src/servers/swap/batch.c */
#include "servers/swap/batch.h"
#include "host.h"
#include "servers/ata/identify.h"
#include "servers/atapi/packet.h"
#include <stdlib.h>
#include <string.h>

static uint32_t words[2 * SWAP_BATCH_MAX];
static struct batch batch;

static void set(uint32_t i, enum swap_operation operation, uint32_t block)
{
    words[2 * i] = swap_request(operation, block);
    words[2 * i + 1] = 1000 + i;
}

static void runs_are_as_long_as_they_can_be(void **state)
{
    (void)state;
    set(0, SWAP_READ, 9);
    set(1, SWAP_READ, 7);
    set(2, SWAP_READ, 8);
    set(3, SWAP_WRITE, 10);
    set(4, SWAP_DISCARD, 11);
    set(5, SWAP_WRITE, 11);
    set(6, SWAP_WRITE, 13);
    batch_sort(&batch, words, 7);
    assert_int_equal(batch.count, 6);
    assert_int_equal(batch_run(&batch, words, 0, 64), 3);
    assert_int_equal(batch.order[0], 1);
    assert_int_equal(batch_run(&batch, words, 0, 2), 2);
    assert_int_equal(batch_run(&batch, words, 3, 64), 2);
    assert_int_equal(batch_run(&batch, words, 5, 64), 1);
}

/* Whatever the batch: every read and write is in exactly one run, reads first, and a run is consecutive. */
static void any_batch(void **state)
{
    (void)state;
    srand(5);
    for (unsigned round = 0; round < 2000; round++) {
        uint32_t requests = (uint32_t)rand() % (SWAP_BATCH_MAX + 1), transfers = 0, seen = 0;
        bool served[SWAP_BATCH_MAX] = {false};
        for (uint32_t i = 0; i < requests; i++) {
            enum swap_operation operation = (enum swap_operation)(rand() % 5);
            set(i, operation, (uint32_t)rand() % 100);
            transfers += operation == SWAP_READ || operation == SWAP_WRITE;
        }
        batch_sort(&batch, words, requests);
        for (uint32_t at = 0, run; at < batch.count; at += run) {
            run = batch_run(&batch, words, at, 16);
            assert_true(run >= 1 && run <= 16 && at + run <= batch.count);
            for (uint32_t i = at; i < at + run; i++, seen++) {
                assert_false(served[batch.order[i]]);
                served[batch.order[i]] = true;
                assert_int_equal(words[2 * batch.order[i]], words[2 * batch.order[at]] + i - at);
            }
        }
        assert_int_equal(seen, transfers);
    }
}

static void identify(void **state)
{
    (void)state;
    uint16_t w[IDENTIFY_WORDS] = {0};
    struct drive drive;
    assert_false(identify_drive(w, &drive));
    w[49] = 0x0300;
    w[60] = 0x5678;
    w[61] = 0x0012;
    assert_true(identify_drive(w, &drive));
    assert_int_equal(drive.multiple, 0);
    w[47] = 0x8010;
    assert_true(identify_drive(w, &drive));
    assert_int_equal(drive.multiple, 16);
    assert_true(drive.dma && !drive.lba48 && !drive.flush && !drive.flush_extended);
    assert_int_equal(drive.sectors, 0x125678);
    w[61] = 0xFFFF;
    assert_true(identify_drive(w, &drive));
    assert_int_equal(drive.sectors, ATA_SECTORS_LBA28);
    w[83] = 0xB400; /* not a valid word */
    assert_true(identify_drive(w, &drive) && !drive.lba48 && !drive.flush);
    w[83] = 0x7400;
    w[100] = 8;
    assert_true(identify_drive(w, &drive) && drive.lba48 && drive.flush && drive.flush_extended);
    assert_int_equal(drive.sectors, 8);
    w[102] = 1;
    assert_true(identify_drive(w, &drive));
    assert_int_equal(drive.sectors, UINT32_MAX);
    w[49] = 0x0200;
    assert_true(identify_drive(w, &drive) && !drive.dma);
    w[0] = 0x8000;
    assert_false(identify_drive(w, &drive));
    w[0] = 0;
    w[49] = 0;
    assert_false(identify_drive(w, &drive));
}

/* What a CD drive says of a command that failed. */
static void sense(void **state)
{
    (void)state;
    static const struct {
        uint8_t key, why;
        err_t wanted;
    } said[] = {
        {2, 0x3A, ERR_NO_ENTRY}, {2, 0x30, ERR_NO_ENTRY}, {2, 0x04, ERR_BUSY}, {6, 0x28, ERR_NO_ENTRY},
        {6, 0x29, ERR_IO},       {3, 0x11, ERR_IO},       {4, 0x08, ERR_IO},   {0, 0, ERR_IO},
    };
    for (uint32_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        uint8_t bytes[SENSE_BYTES] = {0x70, 0, (uint8_t)(0xF0 | said[i].key)};
        bytes[12] = said[i].why;
        assert_int_equal(sense_error(bytes), said[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_as_long_as_they_can_be),
        cmocka_unit_test(any_batch),
        cmocka_unit_test(identify),
        cmocka_unit_test(sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
