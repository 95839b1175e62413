/* Commit: what was promised is there (docs/design.md, 6). Charged: each page that a space was promised and each page
 * table, or 4 MiB promised by a directory entry, as one page. Overcommit spaces are charged nothing. */
#include "kernel/pager/inside.h"
#include "kernel/task/account.h"

#define COMMIT_RESERVE 64u /* frames for the pagers and for kernel objects */

uint32_t commit_used(void) { return counters()->commit_used; }

uint32_t commit_limit(void)
{
    uint32_t directories = pager_space_count(); /* each is a page, in RAM or in swap */
    uint32_t fixed = frame_count(FRAME_KERNEL) + frame_count(FRAME_RECORDS) + directories;
    uint32_t ram = frame_count_ram();
    fixed += file_private_cap() + file_hold_cap(); /* nobody's promise, and a file server may be slow to let them go */
    uint32_t pageable = ram > fixed + COMMIT_RESERVE ? ram - fixed - COMMIT_RESERVE : 0;
    return pageable + swap_block_count - swap_block_count / 64;
}

err_t pager_charge(struct space *space, uint32_t pages)
{
    uint32_t limit = commit_limit(), used = commit_used();
    if (space->overcommit)
        return OK;
    if (used > limit || pages > limit - used)
        return ERR_COMMIT;
    TRY(account_charge(space->account, LIMIT_PAGES, pages));
    counters()->commit_used += pages;
    space->charged += pages;
    return OK;
}

void pager_refund(struct space *space, uint32_t pages)
{
    if (space->overcommit)
        return;
    assert(pages <= space->charged && pages <= counters()->commit_used);
    counters()->commit_used -= pages;
    space->charged -= pages;
    account_refund(space->account, LIMIT_PAGES, pages);
}

err_t pager_charge_move(struct space *from, struct space *to, uint32_t pages)
{
    if (from->overcommit || to->overcommit) {
        TRY(pager_charge(to, pages));
        pager_refund(from, pages);
        return OK;
    }
    assert(pages <= from->charged);
    TRY(account_move(from->account, to->account, LIMIT_PAGES, pages));
    from->charged -= pages;
    to->charged += pages;
    return OK;
}

/* Nothing was charged when it was promised: it counts what it has touched. */
err_t pager_may_touch(const struct space *space)
{
    const struct account *account = space->account;
    if (!space->overcommit || !account)
        return OK;
    uint32_t in_use = space->resident + space->swapped + space->tables;
    return in_use < account->limit[LIMIT_PAGES] ? OK : ERR_LIMIT;
}

/* Pages that somebody holds on to are as good as no RAM to everybody else: they leave a quarter, and this much or, of
 * small memory, an eighth. */
#define HOLD_LEAVES 256u

bool pager_may_hold(uint32_t frames)
{
    uint32_t held = frame_count(FRAME_LOCKED) + frame_count(FRAME_KERNEL) + frame_count(FRAME_DIRECTORY);
    uint32_t ram = frame_count_ram(), leave = ram / 4 + (ram / 8 < HOLD_LEAVES ? ram / 8 : HOLD_LEAVES);
    return frames < ram && held + frames + leave <= ram;
}

err_t pager_lock_charge(const struct space *space, uint32_t pages)
{
    return account_charge(space->account, LIMIT_LOCKED, pages);
}

void pager_lock_refund(const struct space *space, uint32_t pages)
{
    account_refund(space->account, LIMIT_LOCKED, pages);
}
