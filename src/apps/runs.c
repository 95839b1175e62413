/* runs: gives every other page of a range another kind, reads the runs back, and gives the range up. However many runs
 * there are, the kernel keeps no memory for them beyond the page tables. */
#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/vm.h>

#define START 0x20000000u
#define RUNS_MAX 200000u
#define QUERY_ROOM 64u
#define STATUS_WRONG 1
#define STATUS_REFUSED 3

/* Counts the runs of the range; *right: they are one page long, GUARD and ON_DEMAND in turn. */
static err_t runs_count(uint32_t pages, uint32_t *counted, bool *right)
{
    static struct vm_run run[QUERY_ROOM];
    uintptr_t at = START, end = START + pages * PAGE_BYTES;
    *counted = 0;
    *right = true;
    while (at < end) {
        uint32_t count;
        TRY(vm_query(at, end - at, run, QUERY_ROOM, &count));
        if (count == 0)
            return ERR_RANGE;
        for (uint32_t i = 0; i < count; i++, ++*counted)
            *right = *right && run[i].start == at + i * PAGE_BYTES && run[i].bytes == PAGE_BYTES &&
                     run[i].kind == (*counted % 2 == 0 ? VM_GUARD : VM_ON_DEMAND);
        at = run[count - 1].start + run[count - 1].bytes;
    }
    return OK;
}

static err_t runs_make(uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++)
        TRY(vm_set(START + i * PAGE_BYTES, PAGE_BYTES, i % 2 == 0 ? VM_GUARD : VM_ON_DEMAND));
    return OK;
}

int main(int argc, char **argv)
{
    uint32_t pages = 20000, counted;
    bool right;
    const struct option option[] = {{"--count", OPTION_NUMBER, {.number = &pages}, "how many runs (20000)"}};
    (void)options_read(
        &(struct options){"runs [--count N]", "Makes runs of one page each, of two kinds in turn.", option, 1, NULL, 0},
        argc, argv);
    if (pages == 0 || pages > RUNS_MAX)
        usage_error(argv[0], "too many or too few", "--count");
    uint32_t kernel = info()->frames_kernel, tables = info()->frames_tables;
    err_t error = runs_make(pages);
    uint32_t kernel_then = info()->frames_kernel, tables_then = info()->frames_tables;
    if (error == OK)
        error = runs_count(pages, &counted, &right);
    if (error == OK)
        error = vm_set(START, pages * PAGE_BYTES, VM_NONE);
    if (error != OK) {
        print("runs: %s\n", err_name(error));
        return STATUS_REFUSED;
    }
    result("runs", "runs=%u right=%u frames_kernel=%u frames_kernel_more=%d frames_tables_more=%d", counted,
           right ? 1u : 0u, kernel_then, (int)(kernel_then - kernel), (int)(tables_then - tables));
    return right && counted == pages ? 0 : STATUS_WRONG;
}
