/* Contexts of user threads, and the page through which they call the kernel. */
#include "abi/layout.h"
#include "common/assert.h"
#include "common/string.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/descriptors.h"

#define FLAGS_USER 0x202u /* IF, and bit 1, which is always set */

/* trap.asm's GATE_RETURN: behind MOV (2 bytes) and SYSENTER (2 bytes) */
_Static_assert(GATE_PAGE + 4u == 0xF0801004u, "SYSENTER returns behind itself");

void context_start(struct context *c, uintptr_t entry, uintptr_t stack)
{
    *c = (struct context){
        .eip = (uint32_t)entry, .cs = USER_CODE, .eflags = FLAGS_USER, .esp = (uint32_t)stack, .ss = USER_DATA};
}

void arch_gate_page(void *page)
{
    static const uint8_t by_sysenter[] = {0x89, 0xE1, 0x0F, 0x34, 0xC3}; /* mov ecx, esp; sysenter; ret */
    static const uint8_t by_interrupt[] = {0xCD, VECTOR_GATE, 0xC3};     /* int 0x30; ret */
    memset(page, 0xCC, 4096);                                            /* int3 */
    if (cpu_features()->sysenter)
        memcpy(page, by_sysenter, sizeof by_sysenter);
    else
        memcpy(page, by_interrupt, sizeof by_interrupt);
}
