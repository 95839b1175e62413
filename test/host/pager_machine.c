/* sources: test/host/fake_boot.c */
#include "pager_machine.h"
#include "fake_boot.h"
#include "fake_machine.h"
#include "host.h"
#include "random.h"
#include <string.h>

extern const struct usage_module usage_module;

struct page_model model[PAGES];
struct process program;
static struct process server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static uint32_t next_value, free_at_start;

int machine_boot(void **state)
{
    (void)state;
    return fake_boot(memory, FRAMES, records, BLOCKS) ? 0 : 1;
}

int machine_start(void **state)
{
    (void)state;
    random_state = 1;
    next_value = 0;
    memset(model, 0, sizeof model);
    program = server = (struct process){.flags = 0};
    server.flags = SPAWN_LOCKED;
    free_at_start = frame_count_free(FRAME_USE_USER);
    assert_int_equal(pager_space_open(&program.space, NULL), OK);
    assert_int_equal(pager_space_open(&server.space, NULL), OK);
    assert_int_equal(pager_table_make(&server.space, fake_server_window()), OK);
    fake_machine_start(&program, &server, blocks[0]);
    return 0;
}

void machine_check(void)
{
    fake_check(0);
    fake_charge_check(&program.space);
    assert_int_equal(commit_used(), program.space.charged + server.space.charged);
}

void machine_end(void)
{
    struct process *const both[] = {&program, &server};
    fake_settle();
    for (uint32_t i = 0; i < 2; i++) {
        fake_space_free(&both[i]->space);
        machine_check();
        pager_space_close(&both[i]->space);
    }
    assert_int_equal(usage_module.blocks_used(), 0);
    assert_int_equal(commit_used(), 0);
    assert_int_equal(frame_count_free(FRAME_USE_USER), free_at_start);
}

void *machine_block(block_t block) { return blocks[block.n]; }

err_t set(struct page_range range, enum entry_kind kind)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    (void)FINISH(pager_directory_ready(&program.space));
    return FINISH(pager_range_set(&program.space, range, kind, &progress));
}

void promise(uint32_t first, uint32_t pages)
{
    for (uint32_t i = first; i < first + pages; i++)
        model[i].holds = PROMISE;
    assert_int_equal(set((struct page_range){{FIRST + first}, {FIRST + first + pages}}, ENTRY_ON_DEMAND), OK);
}

void page_out_all(struct page_range range)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    assert_int_equal(pager_range_out(&program.space, range, &progress), OK);
}

/* A page of zeros may be one that holds nothing: which, its entry says. */
void model_watch(uint32_t i)
{
    enum entry_kind kind = pte_kind(space_entry(&program.space, (page_t){FIRST + i}, NULL));
    model[i].watched = kind != ENTRY_WATCHED_OUT;
    if (model[i].watched)
        return;
    assert_int_equal(model[i].value, 0);
    model[i].holds = SUPPLIED;
}

void model_unwatch(uint32_t i)
{
    model[i].locked = model[i].watched = false;
    model[i].holds = PROMISE;
}

bool touch(uint32_t i, bool write)
{
    void *content = NULL;
    bool can = fake_touch((page_t){FIRST + i}, write, &content);
    if (model[i].holds != PROMISE)
        assert_false(can);
    if (write && model[i].watched) {
        assert_false(can); /* reported; the handler ends the watch */
        assert_int_equal(set((struct page_range){{FIRST + i}, {FIRST + i + 1}}, ENTRY_NORMAL), OK);
        model_unwatch(i);
        can = fake_touch((page_t){FIRST + i}, write, &content);
    }
    if (!can)
        return false;
    fake_page_is(content, model[i].value);
    if (!write)
        return true;
    model[i].value = below(8) ? ++next_value : 0; /* zero pages need no block */
    fake_page_fill(content, model[i].value);
    return true;
}
