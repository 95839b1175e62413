/* What the library knows of each thread, found through its stack.
 *
 *   a thread's slot, 64 KiB, aligned      slot + 0x0000  GUARD
 *                                         slot + 0x1000  stack, down from slot + 0xE000
 *                                         slot + 0xE000  struct thread_block
 *                                         slot + 0xF000  message buffer
 *   The first thread's stack ends at STACK_TOP; its block and buffer stand in .bss. */
#ifndef LIB_THREAD_BLOCK_H
#define LIB_THREAD_BLOCK_H

#include "abi/layout.h"
#include "common/units.h"
#include <apteryx/types.h>

#define THREAD_SLOT_BYTES 0x10000u
#define THREAD_BLOCK_OFFSET 0xE000u
#define THREAD_BUFFER_OFFSET 0xF000u

struct thread_block {
    struct message *buffer; /* registered with the kernel; NULL: not yet */
    handle_t listens_on;    /* as ipc_listen was told last; 0: nothing */
    void (*entry)(void *);
    void *argument;
    uint32_t slot;
};

extern struct thread_block first_thread_block;
extern uint8_t first_thread_buffer[PAGE_BYTES];

static inline uintptr_t stack_pointer(void)
{
    uintptr_t esp;
    asm volatile("movl %%esp, %0" : "=r"(esp));
    return esp;
}

static inline struct thread_block *thread_block(void)
{
    uintptr_t esp = stack_pointer();
    if (esp < STACK_TOP)
        return &first_thread_block;
    return (struct thread_block *)((esp & ~(uintptr_t)(THREAD_SLOT_BYTES - 1)) + THREAD_BLOCK_OFFSET);
}

static inline void *thread_buffer_page(void)
{
    uintptr_t esp = stack_pointer();
    if (esp < STACK_TOP)
        return first_thread_buffer;
    return (void *)((esp & ~(uintptr_t)(THREAD_SLOT_BYTES - 1)) + THREAD_BUFFER_OFFSET);
}

#endif
