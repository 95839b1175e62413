/* The names of the kernel's functions, out of the table that tools/symbols makes at link time. */
#ifndef KERNEL_DEBUG_SYMBOLS_H
#define KERNEL_DEBUG_SYMBOLS_H

#include <stdint.h>

/* The function with the instruction at that address, and how far the address lies behind its start. NULL: unknown. */
const char *symbol_find(uintptr_t address, uint32_t *offset);

/* The same for the address that a call returns to: the function with the call, which ends there if its last instruction
 * calls what never returns. */
const char *symbol_find_caller(uintptr_t return_address, uint32_t *offset);

#endif
