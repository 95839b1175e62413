/* refstring: fills 96 MiB, then touches its pages in the order of a reference string, and says how many had to be read
 * back in. Run it with read-ahead off, so that each page-in is one of the string's own. */
#include "abi/layout.h"
#include "apps/refstring/string.h"
#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/vm.h>

#define START 0x10000000u
#define STAMP 0x9E3779B1u
#define WRITE_EVERY 4u
#define STATUS_WRONG 1
#define STATUS_REFUSED 3

static uint32_t weights[STRING_PAGES];

static volatile uint32_t *page_words(uint32_t page) { return (volatile uint32_t *)(START + page * PAGE_BYTES); }
static uint32_t stamp(uint32_t page) { return page * STAMP + 1u; }

static bool can_lock(enum vm_kind kind)
{
    return kind == VM_NORMAL || kind == VM_ON_DEMAND || kind == VM_COW || kind == VM_SWAP || kind == VM_TRANSIT;
}

/* The program itself stays in RAM: nothing but the string's pages comes and goes. => before the string has pages */
static err_t lock_self(void)
{
    struct vm_run run;
    uint32_t count;
    for (uintptr_t at = 0; at < KERNEL_SPACE; at = run.start + run.bytes) {
        TRY(vm_query(at, KERNEL_SPACE - at, &run, 1, &count));
        if (can_lock(run.kind))
            TRY(vm_set(run.start, run.bytes, VM_LOCKED));
    }
    return OK;
}

static void fill(void)
{
    for (uint32_t page = 0; page < STRING_PAGES; page++) {
        page_words(page)[0] = stamp(page);
        page_words(page)[1] = 0;
    }
}

/* Returns how many pages were wrong. */
static uint32_t refer(struct string *s, uint32_t *check)
{
    uint32_t lost = 0;
    *check = STRING_CHECK_START;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t page = string_next(s);
        *check = string_check(*check, page);
        lost += page_words(page)[0] != stamp(page) ? 1u : 0u;
        if (i % WRITE_EVERY == 0)
            page_words(page)[1]++;
    }
    return lost;
}

/* Pages of the string that are in memory now. => looking does not touch them */
static uint32_t resident(void)
{
    static struct vm_run runs[64];
    uint32_t count, pages = 0;
    for (uintptr_t at = START, end = START + STRING_PAGES * PAGE_BYTES; at < end;) {
        if (vm_query(at, end - at, runs, 64, &count) != OK || count == 0)
            return pages;
        for (uint32_t i = 0; i < count; i++)
            pages += runs[i].kind == VM_NORMAL ? runs[i].bytes / PAGE_BYTES : 0;
        at = runs[count - 1].start + runs[count - 1].bytes;
    }
    return pages;
}

int main(int argc, char **argv)
{
    const char *which = NULL;
    struct string s;
    uint32_t check;
    const struct options options = {
        "refstring a|b|c|d", "Counts page-ins on a reference string over 96 MiB.", NULL, 0, &which, 1};
    (void)options_read(&options, argc, argv);
    if (which == NULL || which[1] != '\0' || !string_start(&s, which[0], weights))
        usage_error(argv[0], "not one of a b c d", which != NULL ? which : "no string");
    print("refstring: filling %u pages\n", STRING_PAGES);
    err_t error = lock_self();
    if (error == OK)
        error = vm_set(START, STRING_PAGES * PAGE_BYTES, VM_ON_DEMAND);
    if (error != OK) {
        print("refstring: %s\n", err_name(error));
        return STATUS_REFUSED;
    }
    fill();
    uint32_t before = info()->faults_swap, in_before = info()->swap_in, soft_before = info()->faults_soft;
    uint32_t lost = refer(&s, &check);
    uint32_t page_ins = info()->faults_swap - before, swap_in = info()->swap_in - in_before;
    uint32_t soft = info()->faults_soft - soft_before, in_memory = resident();
    bool right = lost == 0 && check == s.check;
    result("refstring", "pattern=%c refs=%u page_ins=%u resident=%u lost=%u check=0x%08x faults_soft=%u swap_in=%u",
           s.name, s.count, page_ins, in_memory, lost, check, soft, swap_in);
    return right ? 0 : STATUS_WRONG;
}
