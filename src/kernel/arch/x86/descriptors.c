#include "kernel/arch/x86/descriptors.h"
#include "common/string.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/stack.h"
#include "kernel/debug/panic.h"

struct descriptor {
    uint32_t low, high;
};
struct table_pointer {
    uint16_t limit;
    uint32_t base;
} __attribute__((packed));

void segments_load(const struct table_pointer *gdt); /* descriptors.asm */
void interrupts_load(const struct table_pointer *idt);
void task_load(uint32_t selector);
void sysenter_entry(void); /* trap.asm */
extern const uint32_t trap_stubs[VECTORS];

enum segment_type { SEGMENT_CODE = 0x9A, SEGMENT_DATA = 0x92, SEGMENT_TASK = 0x89 };
enum gate_type { GATE_INTERRUPT = 0x8E, GATE_TASK = 0x85 };
#define RING_USER 0x60u /* descriptor privilege level 3, in a type byte */

#define VECTOR_BREAKPOINT 3u
#define VECTOR_OVERFLOW 4u
#define VECTOR_DOUBLE_FAULT 8u
#define DESCRIPTORS 7u

struct task_state task_state;
static struct task_state double_fault_state;
static uint8_t double_fault_stack[4096] __attribute__((aligned(16)));
static struct descriptor gdt[DESCRIPTORS], idt[VECTORS];

/* limit in units of 4 KiB when pages is 1, else bytes */
static struct descriptor segment(uint32_t base, uint32_t limit, uint32_t type, uint32_t pages)
{
    return (struct descriptor){.low = base << 16 | (limit & 0xFFFFu),
                               .high = (base & 0xFF000000u) | (base >> 16 & 0xFFu) | (limit & 0xF0000u) | type << 8 |
                                       pages << 22 | pages << 23};
}

static struct descriptor gate(uint32_t selector, uint32_t offset, uint32_t type)
{
    return (struct descriptor){.low = selector << 16 | (offset & 0xFFFFu), .high = (offset & 0xFFFF0000u) | type << 8};
}

/* Runs in a task of its own: the main task's state is where the processor saved it. */
static void double_fault(void)
{
    const struct task_state *t = &task_state;
    struct context c = {.edi = t->edi,
                        .esi = t->esi,
                        .ebp = t->ebp,
                        .ebx = t->ebx,
                        .edx = t->edx,
                        .ecx = t->ecx,
                        .eax = t->eax,
                        .vector = VECTOR_DOUBLE_FAULT,
                        .eip = t->eip,
                        .cs = t->cs,
                        .eflags = t->eflags,
                        .esp = t->esp,
                        .ss = t->ss};
    panic_at(&c, "double fault, esp %08x", t->esp);
}

static void gdt_fill(void)
{
    gdt[KERNEL_CODE / 8] = segment(0, 0xFFFFF, SEGMENT_CODE, 1);
    gdt[KERNEL_DATA / 8] = segment(0, 0xFFFFF, SEGMENT_DATA, 1);
    gdt[USER_CODE / 8] = segment(0, 0xFFFFF, SEGMENT_CODE | RING_USER, 1);
    gdt[USER_DATA / 8] = segment(0, 0xFFFFF, SEGMENT_DATA | RING_USER, 1);
    gdt[TASK_MAIN / 8] = segment((uint32_t)(uintptr_t)&task_state, sizeof task_state - 1, SEGMENT_TASK, 0);
    gdt[TASK_DOUBLE_FAULT / 8] =
        segment((uint32_t)(uintptr_t)&double_fault_state, sizeof double_fault_state - 1, SEGMENT_TASK, 0);
}

static void idt_fill(void)
{
    for (uint32_t v = 0; v < VECTORS; v++)
        idt[v] = gate(KERNEL_CODE, trap_stubs[v], GATE_INTERRUPT);
    idt[VECTOR_BREAKPOINT] = gate(KERNEL_CODE, trap_stubs[VECTOR_BREAKPOINT], GATE_INTERRUPT | RING_USER);
    idt[VECTOR_OVERFLOW] = gate(KERNEL_CODE, trap_stubs[VECTOR_OVERFLOW], GATE_INTERRUPT | RING_USER);
    idt[VECTOR_GATE] = gate(KERNEL_CODE, trap_stubs[VECTOR_GATE], GATE_INTERRUPT | RING_USER);
    idt[VECTOR_DOUBLE_FAULT] = gate(TASK_DOUBLE_FAULT, 0, GATE_TASK);
}

static void tasks_fill(void)
{
    memset(task_state.io, 0xFF, sizeof task_state.io);
    task_state.ss0 = KERNEL_DATA;
    io_ports_forbid();

    double_fault_state.cr3 = frame_address(directory_kernel());
    double_fault_state.eip = (uint32_t)(uintptr_t)double_fault;
    double_fault_state.esp = (uint32_t)(uintptr_t)(double_fault_stack + sizeof double_fault_stack);
    double_fault_state.eflags = 2;
    double_fault_state.cs = KERNEL_CODE;
    double_fault_state.ss = KERNEL_DATA;
    double_fault_state.ds = double_fault_state.es = USER_DATA;
    double_fault_state.bitmap = sizeof double_fault_state;
}

void descriptors_start(void)
{
    gdt_fill();
    idt_fill();
    tasks_fill();
    struct table_pointer gdt_at = {sizeof gdt - 1, (uint32_t)(uintptr_t)gdt};
    struct table_pointer idt_at = {sizeof idt - 1, (uint32_t)(uintptr_t)idt};
    segments_load(&gdt_at);
    interrupts_load(&idt_at);
    task_load(TASK_MAIN);
    if (cpu_features()->sysenter) {
        msr_write(MSR_SYSENTER_CS, KERNEL_CODE);
        msr_write(MSR_SYSENTER_ESP, KERNEL_STACK_TOP);
        msr_write(MSR_SYSENTER_EIP, (uint32_t)(uintptr_t)sysenter_entry);
    }
}
