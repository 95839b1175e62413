/* mark's work, for mark (ordinary) and mark_over (overcommit). */
#ifndef APPS_MARK_H
#define APPS_MARK_H

#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/vm.h>

#define MARK_START 0x10000000u
#define MARK_MIB_MAX 2560u
#define MIB 0x100000u
#define STATUS_WRONG 1
#define STATUS_REFUSED 3

struct mark_cost {
    uint32_t tables, resident, commit;
};

static inline struct mark_cost mark_cost_now(void)
{
    return (struct mark_cost){info()->frames_tables, info()->frames_resident, info()->commit_used};
}

static inline uint32_t mark_touch(uint32_t bytes)
{
    uint32_t touched = 0;
    for (uint32_t at = 0; at < bytes; at += TABLE_SPAN_BYTES, touched++)
        *(volatile uint32_t *)(MARK_START + at) = at + 1u;
    return touched;
}

/* How many of the words are there again. */
static inline uint32_t mark_check(uint32_t bytes)
{
    uint32_t right = 0;
    for (uint32_t at = 0; at < bytes; at += TABLE_SPAN_BYTES)
        right += *(volatile uint32_t *)(MARK_START + at) == at + 1u ? 1u : 0u;
    return right;
}

static inline int mark_main(int argc, char **argv)
{
    uint32_t mib = 2048, touch = 0;
    const struct option option[] = {
        {"--mib", OPTION_NUMBER, {.number = &mib}, "how much (2048)"},
        {"--touch", OPTION_FLAG, {.number = &touch}, "write one word in every 4 MiB, and read them back"},
    };
    (void)options_read(
        &(struct options){"mark [--mib N] [--touch]", "Gives a large range the kind ON_DEMAND.", option, 2, NULL, 0},
        argc, argv);
    if (mib == 0 || mib > MARK_MIB_MAX)
        usage_error(argv[0], "too much or too little", "--mib");
    print("%s: %u MiB\n", argv[0], mib); /* what print itself needs is there before anything is counted */
    struct mark_cost before = mark_cost_now();
    err_t error = vm_set(MARK_START, mib * MIB, VM_ON_DEMAND);
    struct mark_cost marked = mark_cost_now();
    uint32_t touched = error == OK && touch != 0 ? mark_touch(mib * MIB) : 0;
    struct mark_cost after = mark_cost_now();
    uint32_t right = touched != 0 ? mark_check(mib * MIB) : 0;
    result("mark",
           "mib=%u error=%s tables_marked=%d commit_marked=%d touched=%u right=%u tables_touched=%d "
           "resident_touched=%d",
           mib, err_name(error), (int)(marked.tables - before.tables), (int)(marked.commit - before.commit), touched,
           right, (int)(after.tables - marked.tables), (int)(after.resident - marked.resident));
    if (error != OK)
        return STATUS_REFUSED;
    return right == touched ? 0 : STATUS_WRONG;
}

#endif
