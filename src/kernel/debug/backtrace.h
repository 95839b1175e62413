/* Who called whom, by the chain of frame pointers, with names. */
#ifndef KERNEL_DEBUG_BACKTRACE_H
#define KERNEL_DEBUG_BACKTRACE_H

#include <stdint.h>

/* Print through log_print. */
void backtrace_print(uintptr_t eip, uintptr_t ebp); /* the instruction at eip, and who called its function */
void backtrace_callers(uintptr_t ebp);              /* who called the function with that frame */

#endif
