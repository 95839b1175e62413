/* sources: test/host/fake_paging.c test/host/fake_machine.c src/kernel/frames/frames*.c src/kernel/linear/[a-z]*.c src/kernel/pager/[a-z]*.c src/usage/core/[!t]*.c src/usage/policy/lru.c src/common/string.c src/common/copy.c */
#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include <string.h>

extern const struct usage_module usage_module;

bool fake_boot(void *memory, uint32_t frames, struct frame_record *records, uint32_t blocks)
{
    struct frame_map map = {.ram = {{0, frames}}, .ram_count = 1, .limit = frames};
    static struct process first;
    memset(memory, 0xA5, frames * PAGE_BYTES);
    fake_paging_start(memory, frames);
    frames_start(&map, frames, records, (struct frame_range){0, 0});
    pager_start(&usage_module, 4);
    bool opens = pager_space_open(&first.space, NULL) == OK; /* the first makes the table of spaces */
    pager_space_close(&first.space);
    return opens && pager_swap_register(fake_swap_port(), blocks) == OK;
}

void fake_check(uint32_t lines)
{
    struct check_report report;
    pager_check(&report);
    assert_int_equal(report.errors, 0);
    assert_int_equal(report.unowned, 0);
    assert_int_equal(fake_stale().n, USER_PAGES);
    assert_int_equal(fake_log_lines(), lines);
}

void fake_page_fill(void *content, uint32_t word)
{
    uint32_t *at = content;
    for (uint32_t i = 0; i < PAGE_BYTES / sizeof *at; i++)
        at[i] = word;
}

void fake_page_is(const void *content, uint32_t word)
{
    const uint32_t *at = content;
    for (uint32_t i = 0; i < PAGE_BYTES / sizeof *at; i++)
        if (at[i] != word)
            fail_msg("word %u is 0x%08x, not 0x%08x", i, at[i], word);
}
