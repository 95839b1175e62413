/* The saved user registers of a thread, in the order in which traps push them.
 *
 * The processor pushes eip … ss straight into the current thread's context (TSS.esp0 is its end), trap.asm pushes
 * vector (and error), then PUSHA. Resuming is the same backwards. SYSENTER fills the same structure.
 *
 *   offset 0    edi esi ebp (esp) ebx edx ecx eax      pusha
 *   offset 32   vector error                           the stub, or the processor
 *   offset 40   eip cs eflags esp ss                   the processor */
#ifndef KERNEL_ARCH_X86_CONTEXT_H
#define KERNEL_ARCH_X86_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

struct context {
    uint32_t edi, esi, ebp, esp_ignored, ebx, edx, ecx, eax;
    uint32_t vector, error;
    uint32_t eip, cs, eflags, esp, ss;
};
_Static_assert(offsetof(struct context, eax) == 28, "pusha pushes eax first");
_Static_assert(offsetof(struct context, vector) == 32, "trap.asm pushes 8 registers below the vector");
_Static_assert(offsetof(struct context, eip) == 40, "the processor's own part begins with eip");
_Static_assert(sizeof(struct context) == 60, "trap.asm finds the end of a context at its start + 60");

/* A context that begins at entry with that stack: user segments, interrupts on, every other register 0. */
void context_start(struct context *c, uintptr_t entry, uintptr_t stack);

/* Write the gate page's code: SYSENTER where the processor has it, else the interrupt gate. => page is PAGE_BYTES. */
void arch_gate_page(void *page);

#endif
