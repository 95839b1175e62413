/* What page tables may take of RAM: a share, as long as something can go for them. A page that is alone in 4 MiB keeps a
 * table for itself; of many such pages the tables would be half of RAM.
 *
 * From tables_many on, pages that are alone are let go, in the order in which the page-usage module would have them go, and
 * are not kept on standby: the table follows. A page found used is told so and stays for that round. Idle tables go if they
 * are cold: others are about to be used, perhaps many of them together. At tables_most a thread whose own access needs one
 * more waits for that, unless round after round no page went. Calls don't wait: they may need many tables at once, and
 * would wait for each other. */
#include "kernel/pager/inside.h"

#define TABLES_FEW 480u  /* no matter how little RAM there is */
#define ROUNDS_VAIN 3u   /* one may have begun anywhere, one finds what has been used, one what has not */
#define ANSWER_FRAMES 4u /* asked for at a time, of */
#define LOOK_FRAMES 64u  /* that are looked at for a table */
#define AT_ONCE 8u       /* frames to let go for it */

static uint32_t vain; /* frames looked at since a page went */

static uint32_t tables_here(void) { return frame_count(FRAME_TABLE) + frame_count(FRAME_TABLE_IDLE); }

static uint32_t tables_many(void)
{
    uint32_t share = frame_count_ram() / 16;
    return share > TABLES_FEW ? share : TABLES_FEW;
}
static uint32_t tables_most(void) { return tables_many() + tables_many() / 4; }

bool tables_are_many(void) { return tables_here() >= tables_many(); }

/* The table that names it and no other; FRAME_NONE: there is none. => MAPPED or STANDBY */
static frame_t table_alone(frame_t frame)
{
    page_t page;
    const struct space *space = place_first(frame, &page);
    if (!space || !space_is_here(space) || !space_table(space, page))
        return FRAME_NONE;
    frame_t table = pde_frame(space_directory_entry(space, page));
    const struct frame_record *r = frame_record(table);
    return record_state(r) == FRAME_TABLE && record_count(r) == 1 ? table : FRAME_NONE;
}

static void table_leave_idle(frame_t table)
{
    if (record_state(frame_record(table)) == FRAME_TABLE_IDLE)
        table_out(table);
}

void table_follow(frame_t frame)
{
    frame_t table = tables_are_many() ? table_alone(frame) : FRAME_NONE;
    if (frame_same(table, FRAME_NONE) || !standby_take(frame))
        return;
    vain = 0;
    table_leave_idle(table);
}

static bool page_let_go(frame_t frame)
{
    frame_t table = table_alone(frame);
    if (frame_same(table, FRAME_NONE))
        return false;
    if (place_age(frame)) {
        usage->sampled(frame, true, place_is_dirty(frame));
        return false;
    }
    if (!page_out(frame))
        return false;
    vain = 0;
    if (record_state(frame_record(frame)) == FRAME_STANDBY)
        standby_take(frame);
    table_leave_idle(table);
    return true;
}

static bool let_go(frame_t frame)
{
    enum frame_state state = record_state(frame_record(frame));
    if (state == FRAME_TABLE_IDLE)
        return usage->is_cold(frame) && table_out(frame);
    return state == FRAME_MAPPED && page_let_go(frame);
}

static void let_some_go(void)
{
    frame_t frame[ANSWER_FRAMES];
    uint32_t gone = 0;
    for (uint32_t looks = 0; looks < LOOK_FRAMES && gone < AT_ONCE; looks += ANSWER_FRAMES) {
        uint32_t n = usage->oldest(frame, ANSWER_FRAMES);
        for (uint32_t i = 0; i < n; i++)
            gone += let_go(frame[i]);
        vain += ANSWER_FRAMES; /* a short answer counts as well: where there is none, the wait is to end */
    }
}

/* Counted in frames, not in ends of the order: whatever the module answers, a wait ends. */
static bool nothing_goes(void) { return vain >= ROUNDS_VAIN * (frame_count(FRAME_MAPPED) + LOOK_FRAMES); }

/* Where more writes wait than the swap server takes at a time, their turn is what there is to wait for. */
static bool writes_wait(void) { return swap_write_room() < 2 * CLUSTER_PAGES; }

static bool may_press(void) { return swap_block_count && current && !(current->process->flags & SPAWN_LOCKED); }

void tables_press(void)
{
    if (tables_are_many() && may_press() && !writes_wait())
        let_some_go();
}

err_t pager_table_await(const struct space *space, page_t page)
{
    if (tables_here() < tables_most() || !may_press() || (space_is_here(space) && space_table(space, page)))
        return OK;
    tables_press();
    if (tables_here() < tables_most() || (nothing_goes() && !writes_wait()))
        return OK;
    if (swap_is_busy())
        return memory_await();
    thread_yield(current);
    return thread_again(current);
}
