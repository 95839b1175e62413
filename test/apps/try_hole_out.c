/* try_hole_out: a page table goes to swap; until it comes back, no page in it is free, and nothing is read to find out.
 * malloc goes on where it was. Wants a machine with less memory than PRESSURE_BYTES. */
#include "expect.h"
#include <apteryx/info.h>
#include <apteryx/machine.h>
#include <apteryx/memory.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define TABLE (1024u * PAGE)
#define START 0x40000000u
#define PRESSURE 0x50000000u
#define PRESSURE_BYTES (24u << 20)
#define ROUNDS 20u
#define HEAP_BYTES ((6u << 20) - 16u) /* with its header, all that the heap then has: nothing behind it is looked at */

static bool table_is_out(uintptr_t at)
{
    struct entry_info entry;
    EXPECT_ERROR(entry_query(process_id(), at, &entry), OK);
    return entry.pde != 0 && (entry.pde & 1u) == 0;
}

/* More pages are used than there is memory, until the table that shows `at` is out. */
static bool pressure(uintptr_t at)
{
    for (uint32_t round = 0; round < ROUNDS && !table_is_out(at); round++)
        for (uint32_t i = 0; i < PRESSURE_BYTES; i += PAGE)
            *(volatile uint32_t *)(PRESSURE + i) = round + i;
    return table_is_out(at);
}

static uintptr_t hole(uint32_t bytes)
{
    uintptr_t start = 0;
    EXPECT_ERROR(vm_find_hole(bytes, 0, START, PRESSURE, &start), OK);
    return start;
}

int main(void)
{
    uintptr_t below, above;
    uint8_t *end = (uint8_t *)malloc(HEAP_BYTES) + HEAP_BYTES; /* behind the table that shows the program */
    EXPECT_ERROR(vm_set(PRESSURE, PRESSURE_BYTES, VM_ON_DEMAND), OK);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_ON_DEMAND), OK);
    *(volatile uint32_t *)START = 77;
    EXPECT(hole(2 * PAGE) == START + 8 * PAGE);
    EXPECT(pressure(START) && table_is_out((uintptr_t)end));
    uint32_t tables = info()->tables_swapped_in;
    EXPECT(hole(2 * PAGE) == START + TABLE);
    EXPECT_ERROR(vm_bounds(START + 2 * TABLE, &below, &above), OK);
    EXPECT(below == START + TABLE - PAGE && above == PRESSURE);
    EXPECT(info()->tables_swapped_in == tables && table_is_out(START));
    EXPECT(*(volatile uint32_t *)START == 77); /* brings the table in */
    EXPECT(hole(2 * PAGE) == START + 8 * PAGE);
    uint8_t *next = malloc(64 * PAGE);
    EXPECT(next >= end && (uint32_t)(next - end) < 32 * PAGE);
    return expect_end("try_hole_out");
}
