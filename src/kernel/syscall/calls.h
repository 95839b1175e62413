/* syscall: the system calls, one function each, named call_NAME after the list in abi/syscalls.h.
 *
 * A call finds its arguments in the thread's context (ebx, edx, esi, edi, ebp) and leaves results there, after the last
 * step that can fail. It returns an error value, ERR_PARKED (the thread waits; nothing is returned now) or
 * ERR_DELIVERED (all results, eax included, are in place). Two phases: see docs/design.md, section 2. */
#ifndef KERNEL_SYSCALL_CALLS_H
#define KERNEL_SYSCALL_CALLS_H

#include "abi/syscalls.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/boot/boot_info.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"

#define CALL_DECLARE(number, name, arguments, results, text) err_t call_##name(struct thread *thread);
SYSCALLS(CALL_DECLARE)
#undef CALL_DECLARE

/* User memory, in prepare phases only. OK, ERR_FAULT, ERR_PARKED. */
static inline err_t copy_in(void *to, const void __user *from, uint32_t bytes)
{
    return (err_t)user_read(to, from, bytes);
}
static inline err_t copy_out(void __user *to, const void *from, uint32_t bytes)
{
    return (err_t)user_write(to, from, bytes);
}

/* A text of `bytes` bytes without NUL, below room; NUL is added. ERR_RANGE: empty, too long, or with a NUL inside. */
MUST_USE err_t copy_in_text(char *to, uint32_t room, const void __user *from, uint32_t bytes);

/* Who is to be asked about faults. 0: nobody, *port is NULL. ERR_HANDLE, ERR_RIGHTS */
MUST_USE err_t fault_port_find(struct process *process, handle_t handle, struct handle_entry **port);

/* Make a handle out of a new object whose reference the caller holds. => handle_prepare said OK */
void result_handle(struct thread *thread, const struct handle_entry *entry);

static inline uint64_t two_words(uint32_t low, uint32_t high) { return (uint64_t)high << 32 | low; }

static inline uint8_t *module_bytes(struct boot_module module) { return frame_pointer(address_frame(module.start)); }

/* hardware_calls.c */
void interrupt_arrived(uint32_t line);
void hardware_start(const struct boot_info *boot); /* the modules that programs may read */
void interrupts_port_gone(const struct port *port);

/* Thread, process: a fault ends it, with a report. */
void fault_end(struct thread *thread, uintptr_t address, enum access access, uint32_t entry, const char *kind);

#endif
