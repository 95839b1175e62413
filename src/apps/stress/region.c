#include "apps/stress/region.h"
#include "common/units.h"
#include <apteryx/memory.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define STACKS_BYTES 0x01000000u /* the library puts thread stacks there, below the end of process space */
#define GENERATION_MAX 0x7Fu
#define KNOWN_LOST 0x80u /* or-ed to a generation: this page is counted */
#define REPORTS_MAX 4u

static bool sparse;
static uint32_t step, region_seed, region_process, reports;
static uint8_t *generation; /* of each page; 0: not filled yet */

static uintptr_t region_end(void)
{
    uintptr_t process_start, process_end, thread_end;
    if (vm_space(&process_start, &process_end, &thread_end) != OK)
        return REGION_START;
    return process_end - STACKS_BYTES;
}

uint32_t region_pages_max(enum pattern pattern)
{
    return (region_end() - REGION_START) / (pattern == PATTERN_SPARSE ? SPARSE_STEP : PAGE_BYTES);
}

err_t region_make(enum pattern pattern, uint32_t pages, uint32_t seed, uint32_t process)
{
    sparse = pattern == PATTERN_SPARSE;
    step = sparse ? SPARSE_STEP : PAGE_BYTES;
    region_seed = seed;
    region_process = process;
    generation = calloc(pages, 1);
    if (generation == NULL)
        return ERR_COMMIT;
    (void)process_lock_object(generation, pages); /* as all that stress keeps for itself (main.c) */
    return vm_set(REGION_START, pages * step, VM_ON_DEMAND);
}

static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(REGION_START + page * step); }

static struct page_key page_key(uint32_t page)
{
    return (struct page_key){region_seed, region_process, page, generation[page] & GENERATION_MAX};
}

void region_write(uint32_t page)
{
    uint32_t now = generation[page] & GENERATION_MAX, next = now == GENERATION_MAX ? 1 : now + 1;
    generation[page] = (uint8_t)((generation[page] & KNOWN_LOST) | next);
    struct page_key key = page_key(page);
    (sparse ? sparse_fill : page_fill)(page_at(page), &key);
}

static void report(uint32_t page, const struct page_key *key, const struct page_fault *fault)
{
    const volatile uint32_t *at = page_at(page);
    if (__atomic_fetch_add(&reports, 1u, __ATOMIC_RELAXED) >= REPORTS_MAX)
        return;
    print("stress: process %u page %u generation %u at %p: word %u is 0x%08x, not 0x%08x\n", key->process, page,
          key->generation, (void *)(uintptr_t)at, fault->word, fault->is, fault->should_be);
    if (!sparse && at[0] == PAGE_MAGIC)
        print("stress: it says that it is process %u page %u generation %u\n", at[1], at[2], at[3]);
}

bool region_check(uint32_t page)
{
    struct page_fault fault;
    struct page_key key = page_key(page);
    if ((sparse ? sparse_check : page_check)(page_at(page), &key, &fault) || (generation[page] & KNOWN_LOST))
        return true;
    generation[page] |= KNOWN_LOST;
    report(page, &key, &fault);
    return false;
}
