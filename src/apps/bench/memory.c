#include "apps/bench/memory.h"
#include "apps/bench/samples.h"
#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

PROGRAM_OVERCOMMIT; /* for a gigabyte, and for more pages than the machine has */

#define START 0x10000000u
#define GIGABYTE 0x40000000u
#define STRIDE 61u /* pages between two that are read back: no neighbours that came along */

static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(START + page * PAGE_BYTES); }

#define ROUND 48u       /* faults in a row: the kernel keeps somewhat more frames zeroed ahead */
#define PAUSE_US 20000u /* for it to zero them again, and for writes to reach the disk */
#define ROUNDS_MAX 64u  /* of a row that may find nothing to measure */

/* The table is there, and a zeroed frame: what is left is the fault. */
err_t bench_fault_zero(void)
{
    TRY(vm_set(START, (SAMPLES + 1) * PAGE_BYTES, VM_ON_DEMAND));
    *page_at(SAMPLES) = 1;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        if (i % ROUND == 0)
            time_sleep_us(PAUSE_US);
        uint32_t begin = time_stamp();
        *page_at(i) = 1;
        sample_add(time_stamp() - begin);
    }
    return vm_set(START, (SAMPLES + 1) * PAGE_BYTES, VM_NONE);
}

/* Evicted and touched again before the frame is taken; what came from somewhere else does not count. */
static void soft_measure(uint32_t page)
{
    uint32_t soft = info()->faults_soft;
    uint32_t begin = time_stamp();
    (void)*page_at(page);
    uint32_t passed = time_stamp() - begin;
    if (info()->faults_soft == soft + 1)
        sample_add(passed);
}

err_t bench_fault_soft(void)
{
    TRY(vm_set(START, ROUND * PAGE_BYTES, VM_ON_DEMAND));
    for (uint32_t round = 0; round < ROUNDS_MAX && samples_count() < SAMPLES; round++) {
        for (uint32_t i = 0; i < ROUND; i++)
            *page_at(i) = round + 1;
        TRY(vm_page_out(START, ROUND * PAGE_BYTES));
        for (uint32_t i = 0; i < ROUND; i++)
            soft_measure(i);
        time_sleep_us(PAUSE_US);
    }
    return vm_set(START, ROUND * PAGE_BYTES, VM_NONE);
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
        uint32_t begin = time_stamp();
        (void)*page_at(i);
        uint32_t passed = time_stamp() - begin;
        if (info()->faults_swap == from_swap + 1)
            sample_add(passed);
    }
    return vm_set(START, pages * PAGE_BYTES, VM_NONE);
}

static err_t bench_mark(uint32_t bytes)
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint32_t begin = time_stamp();
        TRY(vm_set(START, bytes, VM_ON_DEMAND));
        sample_add(time_stamp() - begin);
        TRY(vm_set(START, bytes, VM_NONE));
    }
    return OK;
}

err_t bench_mark_4k(void) { return bench_mark(PAGE_BYTES); }
err_t bench_mark_1g(void) { return bench_mark(GIGABYTE); }

#define SPACE_START 0x04000000u
#define SPACE_BYTES 0xB9800000u /* 2.9 GiB: what is left of process space, but for the program */

err_t bench_mark_space(void)
{
    uint32_t tables = info()->frames_tables;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint32_t begin = time_stamp();
        TRY(vm_set(SPACE_START, SPACE_BYTES, VM_ON_DEMAND));
        TRY(vm_set(SPACE_START, SPACE_BYTES, VM_NONE));
        sample_add(time_stamp() - begin);
    }
    return info()->frames_tables == tables ? OK : ERR_KIND;
}

#define MAPPINGS 20000u
#define MAPPINGS_BYTES (2 * MAPPINGS * PAGE_BYTES)
#define MAPPINGS_TABLES (MAPPINGS_BYTES / TABLE_SPAN_BYTES + 1) /* the last one in part */

/* Each is a page, and so is each hole between them. */
static err_t mappings_make(void)
{
    for (uint32_t i = 0; i < MAPPINGS; i++)
        TRY(vm_set((uintptr_t)page_at(2 * i), PAGE_BYTES, VM_ON_DEMAND));
    return OK;
}

static err_t find_measure(uint32_t bytes, uintptr_t wanted, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
        uintptr_t found = 0;
        uint32_t begin = time_stamp();
        TRY(vm_find_hole(bytes, 0, START, START + GIGABYTE, &found));
        sample_add(time_stamp() - begin);
        if (found != wanted)
            return ERR_RANGE;
    }
    return OK;
}

/* The first hole of two pages, behind all of them; `before`: searches that are not measured. */
static err_t find_beside_mappings(uint32_t before, uint32_t times)
{
    const uintptr_t wanted = START + MAPPINGS_BYTES - PAGE_BYTES;
    TRY(mappings_make());
    TRY(find_measure(2 * PAGE_BYTES, wanted, before));
    samples_clear();
    TRY(find_measure(2 * PAGE_BYTES, wanted, times));
    return vm_set(START, MAPPINGS_TABLES * TABLE_SPAN_BYTES, VM_NONE);
}

err_t bench_find_hole(void) { return find_beside_mappings(1, SAMPLES); }
err_t bench_find_hole_cold(void) { return find_beside_mappings(0, 1); }
err_t bench_find_hole_empty(void) { return find_measure(GIGABYTE, START, SAMPLES); }
