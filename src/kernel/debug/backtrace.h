/* Who called whom, by the chain of frame pointers, with names from the symbol table of tools/symbols. */
#ifndef KERNEL_DEBUG_BACKTRACE_H
#define KERNEL_DEBUG_BACKTRACE_H

#include <stdint.h>

void backtrace_print(uintptr_t eip, uintptr_t ebp);           /* prints through log_print */
const char *symbol_find(uintptr_t address, uint32_t *offset); /* NULL: unknown */

#endif
