/* The heap lies behind the program and takes free pages only: a range in use is stepped over. */
#include "lib/heap.h"
#include "abi/layout.h"
#include "common/units.h"
#include <apteryx/vm.h>

#define HEAP_STEP 0x10000u

extern uint8_t program_end[]; /* program.ld */
static uintptr_t heap_end;

/* Is it all NONE? If not, *next is where to look after. */
static bool range_is_free(uintptr_t start, uint32_t bytes, uintptr_t *next)
{
    struct vm_run runs[2];
    uint32_t count;
    if (vm_query(start, bytes, runs, 2, &count) != OK || count == 0)
        return false;
    if (count == 1 && runs[0].kind == VM_NONE)
        return true;
    const struct vm_run *used = &runs[runs[0].kind == VM_NONE ? 1 : 0];
    *next = used->start + used->bytes;
    return false;
}

void *heap_grow(uint32_t bytes, uint32_t *got)
{
    if (heap_end == 0)
        heap_end = ((uintptr_t)program_end + PAGE_BYTES - 1u) & ~(uintptr_t)(PAGE_BYTES - 1u);
    bytes = (bytes + HEAP_STEP - 1u) & ~(HEAP_STEP - 1u);
    uintptr_t process_start, process_end, thread_end;
    if (vm_space(&process_start, &process_end, &thread_end) != OK)
        return NULL;
    for (uintptr_t start = heap_end; start < process_end - bytes;) {
        uintptr_t next = 0;
        if (range_is_free(start, bytes, &next)) {
            if (vm_set(start, bytes, VM_ON_DEMAND) != OK)
                return NULL;
            heap_end = start + bytes;
            *got = bytes;
            return (void *)start;
        }
        if (next <= start)
            return NULL;
        start = next;
    }
    return NULL;
}
