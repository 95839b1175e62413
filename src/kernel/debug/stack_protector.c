/* Debug builds only: what the compiler puts between a function's arrays and its return address, and asks on return. */
#include "kernel/debug/panic.h"

extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);

uintptr_t __stack_chk_guard = 0x0AFF0D00u; /* bytes that end a text copy */

void __stack_chk_fail(void) { panic("a function has written over its stack"); }
