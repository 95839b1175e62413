/* sources: test/host/fake_boot.c */
/* One page in each 4 MiB of a whole space, in a machine that has room for all of them and their tables: the tables keep
 * within their share of RAM nevertheless, each page comes back as it was, and pages that lie close together stay where they
 * are, although nobody touches them. */
#include "kernel/pager/inside.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 7700u
#define BLOCKS 4000u
#define SHARE (FRAMES / 11) /* a twelfth, and a few that are on their way; all would be 764 */
#define FIRST_SPAN 4u
#define SPANS (USER_DIRECTORY_ENTRIES - FIRST_SPAN)
#define DENSE 180u /* pages, in the second 4 MiB */
#define ROUNDS 8000u

static struct process program, server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static uint32_t value[SPANS];

static int boot(void **state)
{
    (void)state;
    random_state = 1;
    if (!fake_boot(memory, FRAMES, records, BLOCKS))
        return 1;
    server.flags = SPAWN_LOCKED;
    assert_int_equal(pager_space_open(&program.space, NULL), OK);
    assert_int_equal(pager_space_open(&server.space, NULL), OK);
    assert_int_equal(pager_table_make(&server.space, fake_server_window()), OK);
    fake_machine_start(&program, &server, blocks[0]);
    return 0;
}

static page_t page_of(uint32_t span) { return (page_t){(FIRST_SPAN + span) * TABLE_ENTRIES + span}; }

static void promise(page_t first, uint32_t pages)
{
    assert_int_equal(pager_range_mark(&program.space, (struct page_range){first, {first.n + pages}}, ENTRY_ON_DEMAND),
                     OK);
}

static uint32_t *touch(page_t page)
{
    void *content = NULL;
    assert_true(fake_touch(page, true, &content));
    return content;
}

static void sparse_touch(uint32_t span)
{
    uint32_t *word = touch(page_of(span));
    assert_int_equal(*word, value[span]);
    *word = value[span] += span + 1; /* never all zeros again */
}

/* How many were not there. */
static uint32_t dense_touch(void)
{
    uint32_t missing = 0;
    for (uint32_t i = 0; i < DENSE; i++) {
        page_t page = {TABLE_ENTRIES + i};
        const pte_t *table = space_table(&program.space, page);
        missing += !table || !pte_present(table[page_table_index(page)]);
        *touch(page) = page.n;
    }
    return missing;
}

static uint32_t tables(void) { return frame_count(FRAME_TABLE) + frame_count(FRAME_TABLE_IDLE); }

static void tables_keep_within_their_share(void **state)
{
    (void)state;
    uint32_t most = 0;
    promise((page_t){TABLE_ENTRIES}, DENSE);
    assert_int_equal(dense_touch(), DENSE);
    for (uint32_t span = 0; span < SPANS; span++) {
        promise(page_of(span), 1);
        sparse_touch(span);
    }
    for (uint32_t i = 0; i < ROUNDS; i++) {
        sparse_touch(below(SPANS));
        most = tables() > most ? tables() : most;
        if (i % 64 == 0)
            fake_check(0);
    }
    assert_int_equal(dense_touch(), 0);
    assert_true(most < SHARE);
    assert_true(most > SHARE / 2);
    assert_true(frame_count_free(FRAME_USE_USER) > FRAMES / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_keep_within_their_share)};
    return cmocka_run_group_tests(tests, boot, NULL);
}
