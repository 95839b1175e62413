/* Segments, interrupt table and task states: set once, then only the end of the next context changes. */
#ifndef KERNEL_ARCH_X86_DESCRIPTORS_H
#define KERNEL_ARCH_X86_DESCRIPTORS_H

#include "kernel/arch/x86/context.h"

#define KERNEL_CODE 0x08u /* SYSENTER and SYSEXIT fix this order of the four segments */
#define KERNEL_DATA 0x10u
#define USER_CODE 0x1Bu
#define USER_DATA 0x23u
#define TASK_MAIN 0x28u
#define TASK_DOUBLE_FAULT 0x30u

#define VECTOR_GATE 0x30u /* int 0x30: a system call */
#define VECTOR_APIC_TIMER 0x31u
#define VECTOR_APIC_SPURIOUS 0x3Fu
#define VECTORS 64u

#define IO_BITMAP_BYTES 8192u

/* The processor's task state (Intel SDM vol. 3A, 7.2.1), then the I/O permission bitmap and its closing byte. */
struct task_state {
    uint32_t link, esp0, ss0, esp1, ss1, esp2, ss2;
    uint32_t cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs, ldt;
    uint16_t trap, bitmap;
    uint8_t io[IO_BITMAP_BYTES + 1];
} __attribute__((packed, aligned(4)));
_Static_assert(offsetof(struct task_state, esp0) == 4, "trap.asm reads esp0");
_Static_assert(offsetof(struct task_state, io) == 104, "the fixed part is 104 bytes");

extern struct task_state task_state;

void descriptors_start(void); /* GDT, IDT, TSS; SYSENTER's registers where the processor has it */

static inline void io_ports_forbid(void) { task_state.bitmap = sizeof task_state; } /* behind the limit: no port */
static inline void task_set_context(struct context *c) { task_state.esp0 = (uint32_t)(uintptr_t)(c + 1); }

#endif
