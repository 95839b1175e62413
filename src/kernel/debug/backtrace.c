#include "kernel/debug/backtrace.h"
#include "abi/layout.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/stack.h"
#include "kernel/debug/log.h"
#include "kernel/debug/symbols.h"

#define DEPTH_MAX 32u

typedef const char *symbol_finder(uintptr_t address, uint32_t *offset);

static void address_print(uintptr_t address, symbol_finder *find)
{
    uint32_t offset;
    const char *name = address >= KERNEL_SPACE ? find(address, &offset) : NULL;
    if (name != NULL)
        log_print("  %08x %s+0x%x\n", (uint32_t)address, name, offset);
    else
        log_print("  %08x\n", (uint32_t)address);
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

void backtrace_callers(uintptr_t ebp)
{
    uintptr_t below = 0;
    for (unsigned depth = 0; depth < DEPTH_MAX && frame_is_here(ebp, below); depth++) {
        const uint32_t *frame = (const uint32_t *)ebp;
        if (frame[1] == 0)
            return;
        address_print(frame[1], symbol_find_caller);
        below = ebp;
        ebp = frame[0];
    }
}

void backtrace_print(uintptr_t eip, uintptr_t ebp)
{
    address_print(eip, symbol_find);
    backtrace_callers(ebp);
}
