/* The FPU, switched lazily: a thread owns a state only once it has used the FPU (trap 7). */
#ifndef KERNEL_ARCH_X86_FPU_H
#define KERNEL_ARCH_X86_FPU_H

#include <stdbool.h>
#include <stdint.h>

/* FXSAVE's 512 bytes need 16-byte alignment, which is found inside. => zeroed when new, 4-byte aligned */
struct fpu_state {
    uint8_t area[524];
    uint32_t saved; /* 0: never used, begins clean */
};
_Static_assert(sizeof(struct fpu_state) == 512 + 16, "512 bytes and room to align them");

void fpu_start(void);
void fpu_switch(struct fpu_state **of_thread); /* this thread is about to run; *of_thread NULL: never used it */
void fpu_thread_gone(struct fpu_state *state); /* before the state's memory is used again; NULL allowed */

#endif
