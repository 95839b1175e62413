/* try_hole_over: where touching free pages allocates them, they are free until they are touched. */
#include "expect.h"
#include <apteryx/vm.h>

#define PAGE 4096u
#define START 0x40000000u
#define END 0x50000000u

PROGRAM_OVERCOMMIT;
PROGRAM_ON_DEMAND;

static uintptr_t hole(uint32_t bytes, uintptr_t low)
{
    uintptr_t start = 0;
    EXPECT_ERROR(vm_find_hole(bytes, 0, low, END, &start), OK);
    return start;
}

int main(void)
{
    uintptr_t below, above;
    EXPECT(hole(END - START, START) == START);
    *(volatile uint32_t *)(START + PAGE) = 1;
    EXPECT(hole(PAGE, START) == START);
    EXPECT(hole(2 * PAGE, START) == START + 2 * PAGE);
    (void)*(volatile uint32_t *)(START + 4 * PAGE); /* to read it is to use it */
    EXPECT(hole(3 * PAGE, START) == START + 5 * PAGE);
    EXPECT_ERROR(vm_bounds(START + 2 * PAGE, &below, &above), OK);
    EXPECT(below == START + PAGE && above == START + 4 * PAGE);
    return expect_end("try_hole_over");
}
