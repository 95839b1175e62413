/* Debug builds check themselves, so that what breaks an invariant is caught near the deed. */
#include "kernel/pager/inside.h"

#define CHECK_EVERY 512u /* pages that came or went */

static uint32_t pages_moved(void)
{
    const struct info *i = counters();
    return i->faults_zero + i->faults_soft + i->swap_in + i->swap_out + i->evicted_clean + i->evicted_zero;
}

void pager_check_self(void)
{
    static uint32_t moved, processes;
    struct check_report report;
    bool ended = counters()->processes < processes;
    processes = counters()->processes;
    if (pages_moved() - moved < CHECK_EVERY && !ended)
        return;
    moved = pages_moved();
    pager_check(&report);
    assert(report.errors == 0); /* the checker's own lines say what and where */
}
