/* sources: test/host/fake_boot.c test/host/share_model.c */
#include "share_machine.h"
#include "fake_boot.h"
#include "fake_machine.h"
#include "host.h"
#include "kernel/linear/lend.h"
#include "kernel/pager/inside.h"
#include "random.h"
#include <string.h>

#define FRAMES 210u
#define BLOCKS 600u

extern const struct usage_module usage_module;

struct process programs[PROGRAMS];
static struct process server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static uint32_t next_value, free_at_start, tables_lost, reads_failed;
static bool reads_fail;

int share_boot(void **state)
{
    (void)state;
    return fake_boot(memory, FRAMES, records, BLOCKS) ? 0 : 1;
}

int share_start(void **state)
{
    (void)state;
    random_state = 1;
    next_value = tables_lost = reads_failed = 0;
    reads_fail = false;
    memset(model, 0, sizeof model);
    server = (struct process){.flags = SPAWN_LOCKED};
    free_at_start = frame_count_free(FRAME_USE_USER);
    for (uint32_t i = 0; i < PROGRAMS; i++) {
        programs[i] = (struct process){.flags = 0};
        assert_int_equal(pager_space_open(&programs[i].space, NULL), OK);
    }
    assert_int_equal(pager_space_open(&server.space, NULL), OK);
    assert_int_equal(pager_table_make(&server.space, fake_server_window()), OK);
    fake_machine_start(&programs[0], &server, blocks[0]);
    return 0;
}

void share_check(void)
{
    uint32_t charged = server.space.charged;
    fake_check(tables_lost);
    for (uint32_t i = 0; i < PROGRAMS; i++) {
        fake_charge_check(&programs[i].space);
        charged += programs[i].space.charged;
    }
    assert_int_equal(commit_used(), charged);
}

void share_tables_lost(uint32_t tables) { tables_lost = tables; }

uint32_t share_reads_fail(bool may)
{
    reads_fail = may;
    fake_server_fail(SWAP_READ, may ? 7 : 0);
    return reads_failed;
}

struct space *space_of(struct run r)
{
    struct space *space = &programs[r.program].space;
    (void)FINISH(pager_directory_ready(space));
    return space;
}

struct page_range range_of(struct run r) { return (struct page_range){{FIRST + r.first}, {FIRST + r.first + r.pages}}; }

void touch(uint32_t i, bool write)
{
    void *content = NULL;
    fake_machine_switch(&programs[i / PAGES]);
    bool can = fake_touch((page_t){FIRST + i % PAGES}, write, &content);
    bool may = place_shows(i) && (!write || model[i].may_write);
    reads_failed += !can && may && reads_fail;
    assert_true(can == may || (may && reads_fail));
    if (!can)
        return;
    fake_page_is(content, *place_value(i));
    if (!write)
        return;
    *place_value(i) = below(8) ? ++next_value : 0;
    fake_page_fill(content, *place_value(i));
}

void run_mark(struct run r, enum entry_kind kind, enum holds holds)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    assert_int_equal(FINISH(pager_range_set(space_of(r), range_of(r), kind, &progress)), OK);
    for (uint32_t i = 0; i < r.pages; i++)
        place_set(place(r, i), holds);
}

void leave_begin(uint32_t program)
{
    struct thread *thread = current;
    current = NULL;
    for (page_t next = {0}; pager_space_free_step(&programs[program].space, &next, false) == ERR_MORE;)
        ;
    current = thread;
    for (uint32_t i = program * PAGES; i < (program + 1) * PAGES; i++)
        loans_end(i);
    share_check();
    for (uint32_t i = 0; i < PLACES; i++)
        if (i / PAGES != program)
            touch(i, false);
}

void leave_end(uint32_t program)
{
    fake_settle();
    fake_space_free(&programs[program].space);
    fake_machine_switch(&programs[(program + 1) % PROGRAMS]);
    pager_space_close(&programs[program].space);
    assert_int_equal(pager_space_open(&programs[program].space, NULL), OK);
    for (uint32_t i = program * PAGES; i < (program + 1) * PAGES; i++)
        place_set(i, NOTHING);
}

void share_end(void)
{
    fake_settle();
    for (uint32_t i = 0; i <= PROGRAMS; i++) {
        struct space *space = i < PROGRAMS ? &programs[i].space : &server.space;
        fake_space_free(space);
        if (i < PROGRAMS)
            memset(&model[i * PAGES], 0, PAGES * sizeof *model);
        share_check();
    }
    for (uint32_t i = 0; i < PROGRAMS; i++)
        pager_space_close(&programs[i].space);
    pager_space_close(&server.space);
    assert_int_equal(usage_module.blocks_used(), 0);
    assert_int_equal(commit_used(), 0);
    while (lent_room_return())
        continue;
    assert_int_equal(lend_slots(), 0);
    assert_int_equal(frame_count_free(FRAME_USE_USER), free_at_start);
}
