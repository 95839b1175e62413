/* The gate, inside the library only: registers in, registers out (abi/syscalls.h). */
#ifndef LIB_SYSTEM_CALL_H
#define LIB_SYSTEM_CALL_H

#include "abi/layout.h"
#include "abi/syscalls.h"
#include <apteryx/types.h>

/* Up to four arguments before the call, up to four results after it. Where there is no result the argument stays. */
struct gate {
    uint32_t b, d, s, t; /* ebx edx esi edi */
};

static inline err_t system_call(enum syscall number, struct gate *g)
{
    uint32_t a = number;
    asm volatile("call %c[gate]"
                 : "+a"(a), "+b"(g->b), "+d"(g->d), "+S"(g->s), "+D"(g->t)
                 : [gate] "i"(GATE_PAGE)
                 : "ecx", "memory", "cc");
    return (err_t)a;
}

/* A call without results. */
static inline err_t system_call_plain(enum syscall number, uint32_t b, uint32_t d, uint32_t s, uint32_t t)
{
    struct gate g = {b, d, s, t};
    return system_call(number, &g);
}

/* A call whose only result is a number; *result is left alone on an error. */
static inline err_t system_call_result(enum syscall number, struct gate g, uint32_t *result)
{
    TRY(system_call(number, &g));
    *result = g.b;
    return OK;
}

/* The part of a message that travels in registers: its first six words in memory. */
struct ipc_head {
    uint32_t label;
    uint32_t words; /* comes back as the badge */
    uint32_t word[MESSAGE_REGISTERS];
};

/* `head` = call | words << 8 | handle << 17; returns error | words << 8 | reply << 17. Needs ebp for word 3, which the
 * compiler cannot lend, so that the pointers travel over the stack. */
static inline uint32_t ipc_gate(uint32_t head, const void *in, struct ipc_head *out)
{
    asm volatile("pushl %%ebp\n\t"
                 "pushl %%edi\n\t"
                 "movl (%%ecx), %%edx\n\t"
                 "movl 8(%%ecx), %%ebx\n\t"
                 "movl 12(%%ecx), %%esi\n\t"
                 "movl 16(%%ecx), %%edi\n\t"
                 "movl 20(%%ecx), %%ebp\n\t"
                 "call %c[gate]\n\t"
                 "pushl %%ecx\n\t"
                 "movl 4(%%esp), %%ecx\n\t"
                 "movl %%edx, (%%ecx)\n\t"
                 "popl 4(%%ecx)\n\t"
                 "movl %%ebx, 8(%%ecx)\n\t"
                 "movl %%esi, 12(%%ecx)\n\t"
                 "movl %%edi, 16(%%ecx)\n\t"
                 "movl %%ebp, 20(%%ecx)\n\t"
                 "popl %%edi\n\t"
                 "popl %%ebp"
                 : "+a"(head), "+c"(in), "+D"(out)
                 : [gate] "i"(GATE_PAGE)
                 : "ebx", "edx", "esi", "memory", "cc");
    return head;
}

#endif
