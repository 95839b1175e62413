#include "kernel/boot/breakage.h"
#include "abi/layout.h"
#include "kernel/arch/x86/stack.h"
#include "kernel/debug/panic.h"
#include "kernel/pager/pager.h"

static void write_at(uintptr_t at)
{
    /* cppcheck-suppress nullPointer */
    *(volatile uint8_t *)at = 0; /* NOLINT(clang-analyzer-core.NullDereference) */
}

/* More than there is: its lowest byte, where the stack pointer is, lies in the page that is not there. */
static void stack_leave(void)
{
    uint8_t room[KERNEL_STACK_BYTES];
    write_at((uintptr_t)room);
}

void breakage_do(enum breakage what)
{
    switch (what) {
    case BREAKAGE_NONE:
        break;
    case BREAKAGE_PANIC:
        panic("asked for on the command line");
    case BREAKAGE_TEXT:
        write_at((uintptr_t)breakage_do);
        break;
    case BREAKAGE_MODULE:
        write_at(USAGE_MODULE);
        break;
    case BREAKAGE_NULL:
        write_at(0);
        break;
    case BREAKAGE_COUNT:
        pager_space(1)->resident++;
        break;
    case BREAKAGE_STACK:
        stack_leave();
        break;
    }
}
