/* Commit: what was promised is there (docs/design.md, 6). Charged: each page that a space was promised and each page
 * table, or 4 MiB promised by a directory entry, as one page. Overcommit spaces are charged nothing. */
#include "kernel/pager/inside.h"

#define COMMIT_RESERVE 64u /* frames for the pagers and for kernel objects */

uint32_t commit_used(void) { return counters()->commit_used; }

uint32_t commit_limit(void)
{
    uint32_t fixed = frame_count(FRAME_KERNEL) + frame_count(FRAME_RECORDS) + frame_count(FRAME_DIRECTORY);
    uint32_t ram = frame_count_ram();
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
}

err_t pager_charge_move(struct space *from, struct space *to, uint32_t pages)
{
    if (from->overcommit || to->overcommit) {
        TRY(pager_charge(to, pages));
        pager_refund(from, pages);
        return OK;
    }
    assert(pages <= from->charged);
    from->charged -= pages;
    to->charged += pages;
    return OK;
}
