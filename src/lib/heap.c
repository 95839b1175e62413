/* The heap lies behind the program and takes free pages only, the first hole behind what it has. What lies in a page
 * table that is in swap does not count as free, so that the last page of the heap is touched before: then it is not. */
#include "lib/heap.h"
#include "abi/layout.h"
#include "common/units.h"
#include <apteryx/vm.h>

#define HEAP_STEP 0x10000u

extern uint8_t program_end[]; /* program.ld */
static uintptr_t heap_end;

void *heap_grow(uint32_t bytes, uint32_t *got)
{
    if (heap_end == 0)
        heap_end = ((uintptr_t)program_end + PAGE_BYTES - 1u) & ~(uintptr_t)(PAGE_BYTES - 1u);
    bytes = (bytes + HEAP_STEP - 1u) & ~(HEAP_STEP - 1u);
    uintptr_t process_start, process_end, thread_end, start;
    if (vm_space(&process_start, &process_end, &thread_end) != OK)
        return NULL;
    (void)*(volatile uint8_t *)(heap_end - 1);
    if (vm_find_hole(bytes, 0, heap_end, process_end, &start) != OK || vm_set(start, bytes, VM_ON_DEMAND) != OK)
        return NULL;
    heap_end = start + bytes;
    *got = bytes;
    return (void *)start;
}
