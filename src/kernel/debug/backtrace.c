#include "kernel/debug/backtrace.h"
#include "abi/layout.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/stack.h"
#include "kernel/debug/log.h"

#define DEPTH_MAX 32u

/* Made by tools/symbols at link time; addresses ascend. */
extern const uint32_t symbol_count, symbol_addresses[], symbol_names[];
extern const char symbol_text[];

const char *symbol_find(uintptr_t address, uint32_t *offset)
{
    uint32_t low = 0, high = symbol_count;
    while (low < high) { /* the first one above the address */
        uint32_t middle = low + (high - low) / 2;
        if (symbol_addresses[middle] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *offset = (uint32_t)address - symbol_addresses[low - 1];
    return symbol_text + symbol_names[low - 1];
}

static void frame_print(uintptr_t eip)
{
    uint32_t offset;
    const char *name = eip >= KERNEL_SPACE ? symbol_find(eip, &offset) : NULL;
    if (name != NULL)
        log_print("  %08x %s+0x%x\n", (uint32_t)eip, name, offset);
    else
        log_print("  %08x\n", (uint32_t)eip);
}

static bool lies_in(uintptr_t ebp, uintptr_t stack)
{
    return ebp >= stack && ebp - stack <= KERNEL_STACK_BYTES - 2 * sizeof(uint32_t);
}

/* Frames lie on the kernel stack and nowhere else; a chain that leaves it, or turns back, ends. */
static bool frame_is_here(uintptr_t ebp, uintptr_t below)
{
    return ebp > below && ebp % 4 == 0 && (lies_in(ebp, KERNEL_STACK) || lies_in(ebp, (uintptr_t)boot_stack));
}

void backtrace_print(uintptr_t eip, uintptr_t ebp)
{
    uintptr_t below = 0;
    frame_print(eip);
    for (unsigned depth = 0; depth < DEPTH_MAX && frame_is_here(ebp, below); depth++) {
        const uint32_t *frame = (const uint32_t *)ebp;
        if (frame[1] == 0)
            return;
        frame_print(frame[1]);
        below = ebp;
        ebp = frame[0];
    }
}
