#include "apps/bench/memory.h"
#include "apps/bench/samples.h"
#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/vm.h>

PROGRAM_OVERCOMMIT; /* for a gigabyte, and for more pages than the machine has */

#define START 0x10000000u
#define GIGABYTE 0x40000000u
#define STRIDE 61u /* pages between two that are read back: no neighbours that came along */

static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(START + page * PAGE_BYTES); }

err_t bench_fault_zero(void)
{
    TRY(vm_set(START, (SAMPLES + 1) * PAGE_BYTES, VM_ON_DEMAND));
    *page_at(SAMPLES) = 1; /* the table is there */
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint64_t begin = time_stamp();
        *page_at(i) = 1;
        sample_add(begin);
    }
    return vm_set(START, (SAMPLES + 1) * PAGE_BYTES, VM_NONE);
}

/* Evicted and touched again before its frame is taken; what came from somewhere else does not count. */
err_t bench_fault_soft(void)
{
    TRY(vm_set(START, PAGE_BYTES, VM_ON_DEMAND));
    for (uint32_t i = 0; i < SAMPLES; i++) {
        *page_at(0) = i + 1;
        TRY(vm_page_out(START, PAGE_BYTES));
        uint32_t soft = info()->faults_soft;
        uint64_t begin = time_stamp();
        (void)*page_at(0);
        if (info()->faults_soft == soft + 1)
            sample_add(begin);
    }
    return vm_set(START, PAGE_BYTES, VM_NONE);
}

/* A quarter more pages than there are frames, each written; then some of the oldest again. */
err_t bench_fault_swap(void)
{
    uint32_t pages = info()->ram_frames + info()->ram_frames / 4;
    if (info()->swap_blocks < pages / 2 || pages > GIGABYTE / PAGE_BYTES)
        return ERR_LIMIT;
    TRY(vm_set(START, pages * PAGE_BYTES, VM_ON_DEMAND));
    for (uint32_t i = 0; i < pages; i++)
        *page_at(i) = i + 1;
    for (uint32_t i = 0; i < pages && samples_count() < SAMPLES; i += STRIDE) {
        uint32_t from_swap = info()->faults_swap;
        uint64_t begin = time_stamp();
        (void)*page_at(i);
        if (info()->faults_swap == from_swap + 1)
            sample_add(begin);
    }
    return vm_set(START, pages * PAGE_BYTES, VM_NONE);
}

static err_t bench_mark(uint32_t bytes)
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint64_t begin = time_stamp();
        TRY(vm_set(START, bytes, VM_ON_DEMAND));
        sample_add(begin);
        TRY(vm_set(START, bytes, VM_NONE));
    }
    return OK;
}

err_t bench_mark_4k(void) { return bench_mark(PAGE_BYTES); }
err_t bench_mark_1g(void) { return bench_mark(GIGABYTE); }
