/* Threads: their stacks are slots below the end of process space (thread_block.h). */
#include "lib/system_call.h"
#include "lib/thread_block.h"
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define THREADS_MAX 256u
#define PRIORITY_LARGEST 31u

struct thread_block first_thread_block;
uint8_t first_thread_buffer[PAGE_BYTES] __attribute__((aligned(4096)));

static uint8_t slot_taken[THREADS_MAX];
static uint32_t exit_stack[16]; /* what ending threads push, and nobody reads */

static bool slot_take(uint32_t *slot)
{
    for (uint32_t i = 0; i < THREADS_MAX; i++)
        if (__atomic_exchange_n(&slot_taken[i], (uint8_t)1, __ATOMIC_ACQUIRE) == 0) {
            *slot = i;
            return true;
        }
    return false;
}

static void slot_release(uint32_t slot) { __atomic_store_n(&slot_taken[slot], (uint8_t)0, __ATOMIC_RELEASE); }

/* Give the slot's pages their kinds. A slot that was used before has them already; setting them again empties it. */
static err_t slot_prepare(uint32_t slot, uintptr_t *base)
{
    uintptr_t process_start, process_end, thread_end;
    TRY(vm_space(&process_start, &process_end, &thread_end));
    *base = process_end - (slot + 1u) * THREAD_SLOT_BYTES;
    TRY(vm_set(*base, PAGE_BYTES, VM_GUARD));
    return vm_set(*base + PAGE_BYTES, THREAD_SLOT_BYTES - PAGE_BYTES, VM_ON_DEMAND);
}

/* Where every thread begins, on its new stack. */
static __attribute__((noreturn)) void thread_begin(void)
{
    struct thread_block *block = thread_block();
    block->entry(block->argument);
    thread_exit();
}

/* The largest priority that the kernel grants is the caller's own. */
static err_t thread_start(uintptr_t stack, uint32_t priority, handle_t *thread)
{
    uint32_t try = priority == PRIORITY_OWN ? PRIORITY_LARGEST : priority;
    for (;; try--) {
        struct gate g = {(uintptr_t)thread_begin, 0, try, stack};
        err_t error = system_call_result(SYSCALL_thread_create, g, thread);
        if (error != ERR_RIGHTS || priority != PRIORITY_OWN || try == 0)
            return error;
    }
}

err_t thread_create(void (*entry)(void *), void *argument, uint32_t priority, handle_t *thread)
{
    uint32_t slot;
    uintptr_t base;
    if (!slot_take(&slot))
        return ERR_LIMIT;
    err_t error = slot_prepare(slot, &base);
    if (error == OK) {
        struct thread_block *block = (struct thread_block *)(base + THREAD_BLOCK_OFFSET);
        *block = (struct thread_block){NULL, 0, entry, argument, slot};
        /* esp where a call would have left it: 4 below a multiple of 16 */
        error = thread_start((uintptr_t)block - 4u, priority, thread);
    }
    if (error != OK)
        slot_release(slot);
    return error;
}

err_t thread_wait(handle_t thread) { return system_call_plain(SYSCALL_thread_wait, thread, 0, 0, 0); }

void thread_yield(void) { (void)system_call_plain(SYSCALL_thread_yield, 0, 0, 0, 0); }

/* Leave the slot for the next thread before the call, which therefore runs on the exit stack. */
static __attribute__((noreturn)) void slot_leave(uint8_t *taken)
{
    asm volatile("movl %[stack], %%esp\n\t"
                 "movb $0, (%[taken])\n\t"
                 "call %c[gate]\n\t"
                 "ud2"
                 :
                 : [stack] "r"(&exit_stack[16]), [taken] "r"(taken), "a"(SYSCALL_thread_exit), [gate] "i"(GATE_PAGE)
                 : "memory");
    __builtin_unreachable();
}

void thread_exit(void)
{
    struct thread_block *block = thread_block();
    if (block != &first_thread_block)
        slot_leave(&slot_taken[block->slot]);
    for (;;)
        (void)system_call_plain(SYSCALL_thread_exit, 0, 0, 0, 0);
}
