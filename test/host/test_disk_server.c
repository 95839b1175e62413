/* sources: src/lib/disk_queue.c src/lib/disk_partitions.c */
/* Which request is next, and what a partition table says. */
#include "lib/disk_queue.h"

#include "host.h"
#include "lib/disk_partitions.h"
#include "random.h"
#include <string.h>

#define UNIT_PORTS (1u + DISK_PARTITIONS)
#define ALL UINT32_MAX
#define SWAP_TYPE 0x82u
#define FILES_TYPE 0x7Eu

static struct disk_queue queue;

static int start(void **state)
{
    (void)state;
    queue = (struct disk_queue){.turn = 0};
    random_state = 1;
    return 0;
}

static struct disk_request *put(uint32_t port, bool page_in)
{
    struct disk_request *request = disk_queue_slot(&queue, port);
    assert_non_null(request);
    request->unit = port / UNIT_PORTS;
    request->page_in = page_in;
    disk_queue_put(&queue, request);
    return request;
}

static void answer(struct disk_request *request) { request->state = DISK_REQUEST_NONE; }

static void page_ins_go_first(void **state)
{
    (void)state;
    struct disk_request *write = put(0, false), *file = put(6, false), *first = put(0, true), *second = put(1, true);
    assert_ptr_equal(disk_queue_next(&queue, ALL), first);
    assert_ptr_equal(disk_queue_next(&queue, ALL), second);
    assert_ptr_equal(disk_queue_next(&queue, ALL), write);
    assert_ptr_equal(disk_queue_next(&queue, ALL), file);
    assert_null(disk_queue_next(&queue, ALL));
}

/* However many page-ins come, something else has its turn now and then; alone, they wait for nothing. */
static void page_ins_leave_turns(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3 * DISK_PAGE_INS_MAX; i++) {
        struct disk_request *alone = put(0, true);
        assert_ptr_equal(disk_queue_next(&queue, ALL), alone);
        answer(alone);
    }
    struct disk_request *other = put(5, false);
    for (uint32_t i = 0; i < DISK_PAGE_INS_MAX; i++) {
        struct disk_request *page_in = put(0, true);
        assert_ptr_equal(disk_queue_next(&queue, ALL), page_in);
        answer(page_in);
    }
    struct disk_request *late = put(0, true);
    assert_ptr_equal(disk_queue_next(&queue, ALL), other);
    assert_ptr_equal(disk_queue_next(&queue, ALL), late);
}

/* A port that always has all its slots full gets every other turn, no more. */
static void ports_take_turns(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < DISK_SLOTS; i++)
        put(1, false);
    assert_null(disk_queue_slot(&queue, 1));
    for (uint32_t round = 0; round < 10; round++) {
        struct disk_request *small = put(7, false), *next = disk_queue_next(&queue, ALL);
        if (next != small) {
            assert_true(next >= queue.slot[1] && next < queue.slot[2]);
            answer(next);
            put(1, false);
            next = disk_queue_next(&queue, ALL);
        }
        assert_ptr_equal(next, small);
        answer(small);
    }
}

static void a_busy_unit_holds_nobody_up(void **state)
{
    (void)state;
    struct disk_request *busy = put(0, true), *other = put(UNIT_PORTS, false);
    assert_ptr_equal(disk_queue_next(&queue, 2), other);
    assert_null(disk_queue_next(&queue, 2));
    assert_ptr_equal(disk_queue_next(&queue, 1), busy);
}

/* What overlaps one that is under way waits for its end; what lies beside it does not. */
static void overlapping_requests_wait(void **state)
{
    (void)state;
    struct disk_request *first = put(0, false);
    first->sector = 800;
    first->pages = 2;
    assert_ptr_equal(disk_queue_next(&queue, ALL), first);
    struct disk_request *same = put(1, true), *flush = put(2, false), *beside = put(3, false), *other = put(6, false);
    same->sector = 808;
    same->pages = beside->pages = other->pages = 1;
    flush->sector = flush->pages = 0;
    beside->sector = 816;
    other->sector = 800; /* of the other unit */
    for (uint32_t i = 0; i < 3; i++) {
        const struct disk_request *next = disk_queue_next(&queue, ALL);
        assert_true(next == flush || next == beside || next == other);
    }
    assert_null(disk_queue_next(&queue, ALL));
    answer(first);
    assert_ptr_equal(disk_queue_next(&queue, ALL), same);
}

/* Whatever comes, each request is given once, those of a port and a kind in the order they came, and none waits for ever:
 * not across the end of the numbers either. */
static void any_requests(void **state)
{
    (void)state;
    static uint32_t waited[DISK_PORTS][DISK_SLOTS];
    queue.last_number = UINT32_MAX - 1000;
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t port = below(DISK_PORTS);
        if (disk_queue_slot(&queue, port))
            put(port, below(2) == 0);
        struct disk_request *next = below(3) ? disk_queue_next(&queue, ALL) : NULL;
        if (!next)
            continue;
        for (uint32_t p = 0; p < DISK_PORTS; p++)
            for (uint32_t s = 0; s < DISK_SLOTS; s++) {
                const struct disk_request *other = &queue.slot[p][s];
                bool rival = other->state == DISK_REQUEST_WAITS && other->page_in == next->page_in;
                if (rival && next >= queue.slot[p] && next < queue.slot[p] + DISK_SLOTS)
                    assert_true((int32_t)(next->number - other->number) < 0);
                waited[p][s] = other->state == DISK_REQUEST_WAITS ? waited[p][s] + 1 : 0;
                assert_true(waited[p][s] < 2 * DISK_PORTS * DISK_SLOTS * (DISK_PAGE_INS_MAX + 1));
            }
        assert_int_equal(next->state, DISK_REQUEST_TAKEN);
        answer(next);
    }
}

static uint8_t sector[DISK_SECTOR_BYTES];
static struct disk_extent partition[DISK_PARTITIONS];

static void entry(uint32_t i, uint8_t type, uint32_t first, uint32_t sectors)
{
    uint8_t *at = sector + 446 + 16 * i;
    memset(at, 0, 16);
    at[4] = type;
    memcpy(at + 8, &first, 4);
    memcpy(at + 12, &sectors, 4);
}

static uint32_t found(uint32_t unit_sectors)
{
    uint32_t mask = 0;
    disk_partitions(sector, unit_sectors, partition);
    for (uint32_t i = 0; i < DISK_PARTITIONS; i++)
        mask |= partition[i].sectors > 0 ? 1u << i : 0;
    return mask;
}

static void tables(void **state)
{
    (void)state;
    memset(sector, 0, sizeof sector);
    assert_int_equal(found(1000), 0);
    entry(0, SWAP_TYPE, 63, 100);
    entry(2, FILES_TYPE, 163, 837);
    assert_int_equal(found(1000), 0); /* no signature */
    sector[510] = 0x55;
    sector[511] = 0xAA;
    assert_int_equal(found(1000), 5);
    assert_int_equal(partition[0].type, SWAP_TYPE);
    assert_int_equal(partition[2].first, 163);
    assert_int_equal(partition[2].sectors, 837);
    assert_int_equal(found(999), 1); /* beyond the unit */
    entry(1, 0x83, 162, 1);
    assert_int_equal(found(1000), 5); /* in the first one's last sector */
    entry(1, 0, 20, 10);
    assert_int_equal(found(1000), 5);
    entry(3, 0x83, 0, 10);
    assert_int_equal(found(1000), 5); /* over the table itself */
    entry(3, 0x83, 20, 10);
    assert_int_equal(found(1000), 13);
    entry(3, 0x83, 0xFFFFFFFF, 0xFFFFFFFF);
    assert_int_equal(found(UINT32_MAX), 5);
    entry(0, SWAP_TYPE, 63, 0);
    assert_int_equal(found(1000), 4);
    sector[446] = 0x80;
    assert_int_equal(found(1000), 4);
    sector[446] = 0x12; /* not a table: code or text */
    assert_int_equal(found(1000), 0);
}

/* Whatever the sector holds: partitions lie within the unit, and apart. */
static void any_sector(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t unit = 1 + below(3000);
        for (uint32_t k = 0; k < DISK_PARTITIONS; k++)
            entry(k, (uint8_t)below(3), below(8) ? below(unit) : (uint32_t)(0 - below(2000)),
                  below(8) ? below(unit / 2 + 1) : (uint32_t)(0 - below(2000)));
        seen += found(unit) != 0;
        for (uint32_t k = 0; k < DISK_PARTITIONS; k++) {
            if (partition[k].sectors == 0)
                continue;
            assert_true(partition[k].first > 0);
            assert_true((uint64_t)partition[k].first + partition[k].sectors <= unit);
            for (uint32_t j = 0; j < k; j++)
                assert_true(partition[j].first + partition[j].sectors <= partition[k].first ||
                            partition[k].first + partition[k].sectors <= partition[j].first);
        }
    }
    assert_true(seen > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(page_ins_go_first, start),
        cmocka_unit_test_setup(page_ins_leave_turns, start),
        cmocka_unit_test_setup(ports_take_turns, start),
        cmocka_unit_test_setup(a_busy_unit_holds_nobody_up, start),
        cmocka_unit_test_setup(overlapping_requests_wait, start),
        cmocka_unit_test_setup(any_requests, start),
        cmocka_unit_test_setup(tables, start),
        cmocka_unit_test_setup(any_sector, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
