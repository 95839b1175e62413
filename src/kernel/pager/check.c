/* The invariant checker: walks all tables and all frame records and proves that they agree (docs/design.md, 7). */
#include "kernel/pager/check.h"

static void block_count(struct tally *t, block_t block)
{
    t->blocks++;
    t->mix += block_mix(block);
}

void complain(struct tally *t, const struct space *space, page_t page, pte_t entry, const char *what)
{
    if (t->report->errors++ < 10)
        log_print("check: space %u page 0x%05x entry 0x%08x: %s\n", space->id, page.n, entry.w, what);
}

void block_check(struct tally *t, const struct space *space, page_t page, pte_t entry, block_t block)
{
    block_count(t, block);
    if (!usage->block_taken(block))
        complain(t, space, page, entry, "its block is free");
}

static void frame_check(struct tally *t, const struct space *space, page_t page, pte_t entry)
{
    const struct frame_record *r = frame_record(pte_frame(entry));
    enum frame_state state = record_state(r);
    enum entry_kind kind = pte_kind(entry);
    bool locked = kind == ENTRY_LOCKED || kind == ENTRY_DMA;
    bool mapped = kind == ENTRY_NORMAL || kind == ENTRY_WATCHED;
    bool agrees = kind == ENTRY_FILE ? file_record_agrees(r, FRAME_MAPPED)
                  : mapped           ? state == FRAME_MAPPED
                  : locked           ? state == FRAME_LOCKED
                                     : state == FRAME_STANDBY || state == FRAME_WRITING || state == FRAME_READING;
    if (!agrees)
        complain(t, space, page, entry, "its frame's record is in another state");
    if (!record_names(r, space, page))
        complain(t, space, page, entry, "its frame's record names another page");
    if (kind == ENTRY_TRANSIT && record_becomes(r) != BECOMES_NORMAL && record_becomes(r) != BECOMES_WATCHED &&
        !file_record_agrees(r, FRAME_WRITING))
        complain(t, space, page, entry, "its frame's record becomes what no page is");
    if (!locked && record_has_block(r))
        block_check(t, space, page, entry, record_block(r));
}

void entry_check(struct tally *t, const struct space *space, page_t page, pte_t entry, uint32_t *resident)
{
    enum entry_kind kind = pte_kind(entry);
    t->report->entries++;
    if (kind == ENTRY_UNLAWFUL) {
        complain(t, space, page, entry, "unlawful");
    } else if (entry_is_lent(space, page, entry)) {
        *resident += kind != ENTRY_LENT && kind != ENTRY_LOCKED;
        lent_entry_check(t, space, page, entry);
    } else if (entry_is_viewers(space, page, entry)) {
        ++*resident;
    } else if (kind == ENTRY_NORMAL || kind == ENTRY_WATCHED || kind == ENTRY_TRANSIT || kind == ENTRY_LOCKED ||
               kind == ENTRY_DMA || kind == ENTRY_FILE) {
        bool locked = kind == ENTRY_LOCKED || kind == ENTRY_DMA;
        *resident += !locked;
        t->own += !locked;
        frame_check(t, space, page, entry);
    } else if (kind_is_swapped(kind)) {
        block_check(t, space, page, entry, pte_block(entry));
    }
    if (pte_writable(entry) && !space_protection(space, page).write)
        complain(t, space, page, entry, "writable in a read-only area");
}

static void copies_check(struct tally *t, const struct space *own)
{
    for (page_t page = {0}; page.n < own->process_end.n; page.n += TABLE_ENTRIES)
        if (!space_copy_is_right(own, page))
            complain(t, own, page, pte_none(), "the copy of the master's entry is stale");
}

/* All that is promised is charged, and nothing else: when nothing is under way and all tables tell. */
static void charge_check(struct tally *t, struct space *space)
{
    const struct process *process = space_process(space);
    const struct page_range pages = {space->master ? space->process_end : (page_t){0}, {USER_PAGES}};
    if (space->overcommit || space->dying || !process->listed || process->range_owner)
        return;
    struct survey has = space_survey(space, pages);
    uint32_t promised = has.pages + has.tables;
    if (space->charged < promised || (space->charged > promised && !has.out && !space->charged_more))
        complain(t, space, (page_t){0}, pte_none(), "it is charged for something else than it was promised");
}

static void space_check(struct tally *t, struct space *space)
{
    uint32_t resident = 0, tables = 0;
    t->nodes += space->nodes;
    directory_check(t, space);
    if (!space_is_here(space))
        return;
    if (space->master)
        copies_check(t, space);
    for (page_t page = space->master ? space->process_end : (page_t){0}; page.n < USER_PAGES; page.n += TABLE_ENTRIES)
        tables += directory_entry_check(t, space, page, &resident);
    if (resident != space->resident || tables != space->tables)
        complain(t, space, (page_t){0}, pte_none(), "the space's counts are wrong");
    charge_check(t, space);
}

/* Orphans own their blocks until their transfers end. */
static void records_check(struct tally *t, uint32_t *own, uint32_t *lent)
{
    for (uint32_t n = 0; n < frame_end(); n++) {
        const struct frame_record *r = frame_record((frame_t){n});
        enum frame_state state = record_state(r);
        t->report->frames += state != FRAME_NOT_RAM;
        bool recorded =
            state == FRAME_MAPPED || state == FRAME_STANDBY || state == FRAME_WRITING || state == FRAME_READING;
        if (record_becomes(r) < BECOMES_TABLE)
            *(record_has(r, FRAME_LENT) ? lent : own) += recorded;
        if (state == FRAME_ORPHAN && record_has_block(r))
            block_count(t, record_block(r));
    }
}

static uint32_t blocks_taken_mix(void)
{
    uint32_t mix = 0;
    for (block_t block = {0}; block.n < swap_block_count; block.n++)
        if (usage->block_taken(block))
            mix += block_mix(block);
    return mix;
}

void pager_check(struct check_report *report)
{
    struct tally t = {
        .report = report, .blocks = swap_bad.blocks + tables_hide.blocks, .mix = swap_bad.mix + tables_hide.mix};
    uint32_t own = 0, lent = 0;
    *report = (struct check_report){0};
    counters()->checks++;
    for (uint32_t id = 1, left = pager_space_count(); left; id++) {
        struct space *space = pager_space_or_null(id);
        if (!space)
            continue;
        left--;
        space_check(&t, space);
    }
    lent_all_check(&t);
    file_check(&t);
    records_check(&t, &own, &lent);
    for (uint32_t i = 0; i < discard_count; i++)
        block_count(&t, discard_block(i));
    report->blocks = swap_block_count ? usage->blocks_used() : 0;
    report->unowned = report->blocks > t.blocks ? report->blocks - t.blocks : 0;
    if (t.blocks > report->blocks && ++report->errors)
        log_print("check: %u blocks are owned, %u are taken\n", t.blocks, report->blocks);
    if (t.blocks == report->blocks && t.mix != blocks_taken_mix() && ++report->errors)
        log_print("check: a block is owned twice, and another by nobody\n");
    if (t.own != own && ++report->errors)
        log_print("check: %u entries name recorded frames, %u records say so\n", t.own, own);
    if (t.lent != lent && ++report->errors)
        log_print("check: %u roots name recorded frames, %u records say so\n", t.lent, lent);
    uint32_t tables = frame_count(FRAME_TABLE) + frame_count(FRAME_TABLE_IDLE);
    if (t.tables != tables && ++report->errors)
        log_print("check: %u page tables are present, %u records say so\n", t.tables, tables);
    report->errors += report->unowned != 0;
}
