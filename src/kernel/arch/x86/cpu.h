/* The processor: one instruction, one name; features as CPUID reports them. No other C file contains asm. */
#ifndef KERNEL_ARCH_X86_CPU_H
#define KERNEL_ARCH_X86_CPU_H

#include <stdbool.h>
#include <stdint.h>

struct cpu_features {
    bool fpu, pse, tsc, msr, apic, sysenter, pge, fxsr, sse, apic_movable;
};

void cpu_start(void); /* ask CPUID, where there is one */
const struct cpu_features *cpu_features(void);
const char *cpu_name(void); /* short, for a RESULT line: "qemu32", "pentium" … at most 15 letters */

#define CR0_MONITOR 0x00000002u /* Intel SDM vol. 3A, 2.5 */
#define CR0_EMULATE 0x00000004u
#define CR0_TASK_SWITCHED 0x00000008u
#define CR0_NUMERIC_ERROR 0x00000020u
#define CR0_WRITE_PROTECT 0x00010000u
#define CR4_PSE 0x00000010u
#define CR4_PGE 0x00000080u
#define CR4_OSFXSR 0x00000200u
#define CR4_OSXMMEXCPT 0x00000400u
#define MSR_APIC_BASE 0x1Bu
#define MSR_SYSENTER_CS 0x174u
#define MSR_SYSENTER_ESP 0x175u
#define MSR_SYSENTER_EIP 0x176u

static inline uint32_t cr0_read(void)
{
    uint32_t v;
    asm volatile("mov %%cr0, %0" : "=r"(v));
    return v;
}
static inline void cr0_write(uint32_t v) { asm volatile("mov %0, %%cr0" : : "r"(v) : "memory"); }
static inline uint32_t cr2_read(void)
{
    uint32_t v;
    asm volatile("mov %%cr2, %0" : "=r"(v));
    return v;
}
static inline uint32_t cr3_read(void)
{
    uint32_t v;
    asm volatile("mov %%cr3, %0" : "=r"(v));
    return v;
}
static inline void cr3_write(uint32_t v) { asm volatile("mov %0, %%cr3" : : "r"(v) : "memory"); }
static inline uint32_t cr4_read(void)
{
    uint32_t v;
    asm volatile("mov %%cr4, %0" : "=r"(v));
    return v;
}
static inline void cr4_write(uint32_t v) { asm volatile("mov %0, %%cr4" : : "r"(v) : "memory"); }
static inline void task_switched_clear(void) { asm volatile("clts" : : : "memory"); }

static inline void interrupts_off(void) { asm volatile("cli" : : : "memory"); }
static inline void cpu_halt(void) { asm volatile("hlt" : : : "memory"); }
/* Let one interrupt (or more) in. => the shadow of STI covers HLT: none is missed. */
static inline void interrupts_wait(void) { asm volatile("sti; hlt; cli" : : : "memory"); }
static inline void interrupts_let_in(void) { asm volatile("sti; nop; nop; cli" : : : "memory"); }
static inline void cpu_relax(void) { asm volatile("rep; nop" : : : "memory"); }

static inline void page_invalidate(uintptr_t linear) { asm volatile("invlpg (%0)" : : "r"(linear) : "memory"); }
static inline uint32_t word_exchange(uint32_t *at, uint32_t value)
{
    asm volatile("xchg %0, %1" : "+r"(value), "+m"(*at) : : "memory");
    return value;
}

static inline uint32_t flags_read(void)
{
    uint32_t v;
    asm volatile("pushfl; popl %0" : "=r"(v));
    return v;
}
static inline void flags_write(uint32_t v) { asm volatile("pushl %0; popfl" : : "r"(v) : "memory", "cc"); }

/* high:low / by. => high < by: the quotient fits */
static inline uint32_t divide_wide(uint32_t high, uint32_t low, uint32_t by)
{
    uint32_t quotient, rest;
    asm("divl %4" : "=a"(quotient), "=d"(rest) : "a"(low), "d"(high), "rm"(by) : "cc");
    return quotient;
}

static inline uint64_t tsc_read(void)
{
    uint64_t v;
    asm volatile("rdtsc" : "=A"(v));
    return v;
}
static inline void msr_write(uint32_t msr, uint64_t v) { asm volatile("wrmsr" : : "c"(msr), "A"(v)); }
static inline uint64_t msr_read(uint32_t msr)
{
    uint64_t v;
    asm volatile("rdmsr" : "=A"(v) : "c"(msr));
    return v;
}

static inline void cpuid(uint32_t leaf, uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    asm volatile("cpuid" : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d) : "a"(leaf), "c"(0));
}

static inline uintptr_t frame_base(void)
{
    uintptr_t v;
    asm volatile("mov %%ebp, %0" : "=r"(v));
    return v;
}

static inline void fpu_save(void *area) { asm volatile("fnsave (%0)" : : "r"(area) : "memory"); }
static inline void fpu_restore(const void *area) { asm volatile("frstor (%0)" : : "r"(area) : "memory"); }
static inline void fpu_save_extended(void *area) { asm volatile("fxsave (%0)" : : "r"(area) : "memory"); }
static inline void fpu_restore_extended(const void *area) { asm volatile("fxrstor (%0)" : : "r"(area) : "memory"); }
/* Does anything answer FNINIT? The status word is 0 after it. => CR0.EM and CR0.TS clear */
static inline bool fpu_answers(void)
{
    uint16_t status = 0x5A5A;
    asm volatile("fninit; fnstsw %0" : "+m"(status));
    return status == 0;
}

#endif
