/* The FPU, switched lazily: a thread owns a state only once it has used the FPU (trap 7). */
#ifndef KERNEL_ARCH_X86_FPU_H
#define KERNEL_ARCH_X86_FPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* FXSAVE's 512 bytes need 16-byte alignment, which is found inside. => zeroed when new, 4-byte aligned */
struct fpu_state {
    uint8_t area[524];
    uint32_t saved; /* 0: never used, begins clean */
};
_Static_assert(sizeof(struct fpu_state) == 512 + 16, "512 bytes and room to align them");

void fpu_start(void);

/* Whose registers are in the FPU (NULL: nobody's), and does its next use trap (CR0.TS)? Written by fpu.c only. */
struct fpu_owner {
    struct fpu_state *loaded;
    bool trapping;
};
extern struct fpu_owner fpu_owner;
void fpu_trap(bool on);

/* The thread with this state is about to run; NULL: it has never used the FPU. */
static inline void fpu_switch(const struct fpu_state *state)
{
    bool trap = state == NULL || state != fpu_owner.loaded;
    if (trap != fpu_owner.trapping)
        fpu_trap(trap);
}

void fpu_thread_gone(struct fpu_state *state); /* before the state's memory is used again; NULL allowed */

#endif
