/* The upward calls of arch: faults, interrupts and system calls come in here, and kernel_next says who goes on. */
#include "common/elf.h"
#include "kernel/arch/x86/clock.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/switch.h"
#include "kernel/arch/x86/upcalls.h"
#include "kernel/debug/log.h"
#include "kernel/debug/panic.h"
#include "kernel/syscall/calls.h"
#include "kernel/task/reaper.h"
#include "kernel/task/scheduler.h"
#include "kernel/task/work.h"

typedef err_t (*call_function)(struct thread *thread);
#define CALL_ROW(number, name, arguments, results, text) [number] = call_##name,
static const call_function calls[SYSCALL_COUNT] = {SYSCALLS(CALL_ROW)};
#undef CALL_ROW

static bool is_ipc(uint32_t number) { return number >= SYSCALL_ipc_call && number <= SYSCALL_ipc_reply_receive; }

static void call_run(struct thread *thread)
{
    uint32_t number = thread->context.eax; /* of an IPC call with more in it */
    if (number >= SYSCALL_COUNT)
        number = is_ipc(number & 0xFFu & ~IPC_LONG) ? number & 0xFFu & ~IPC_LONG : SYSCALL_COUNT;
    err_t error = number < SYSCALL_COUNT ? calls[number](thread) : ERR_RANGE;
    if (error != (err_t)ERR_PARKED && error != ERR_DELIVERED)
        thread->context.eax = error;
}

static const char *access_name(enum access access)
{
    static const char *const names[] = {[ACCESS_READ] = "read", [ACCESS_WRITE] = "write", [ACCESS_EXECUTE] = "execute"};
    return names[access];
}

void fault_end(struct thread *thread, uintptr_t address, enum access access, uint32_t entry, const char *kind)
{
    struct process *process = thread->process;
    struct elf_function function;
    log_print("FAULT pid=%u name=%s address=0x%08x kind=%s access=%s entry=0x%08x ip=0x%08x", process_number(process),
              process->name, address, kind, access_name(access), entry, thread->context.eip);
    if (program_function(process, thread->context.eip, &function))
        log_print(" in=%.*s+0x%x", (int)function.name_bytes, function.name, function.offset);
    log_print("\n");
    process_end(process, (int32_t)STATUS_FAULT, true);
}

static void page_fault_end(struct thread *thread, uintptr_t address, enum access access)
{
    if (address >= KERNEL_SPACE) {
        fault_end(thread, address, access, 0, "KERNEL");
        return;
    }
    page_t page = address_page(address);
    const struct space *space = thread_space(thread, page);
    if (!space_is_here(space)) {
        fault_end(thread, address, access, space->root.w, "DIRECTORY");
        return;
    }
    pte_t entry = space_entry(space, page, NULL);
    fault_end(thread, address, access, entry.w, entry_kind_name(pte_kind(entry)));
}

/* What an instruction tried can't be. */
static void access_refuse(struct thread *thread, bool handler_may_help)
{
    struct fault tried = thread->fault;
    if (!handler_may_help || !fault_ask(thread, tried.address, tried.access, false))
        page_fault_end(thread, tried.address, tried.access);
}

static enum access access_of(const struct context *c, uintptr_t address, uint32_t error)
{
    if (error & PAGE_FAULT_WRITE)
        return ACCESS_WRITE;
    return address == c->eip ? ACCESS_EXECUTE : ACCESS_READ;
}

static err_t fault_resolve(struct thread *thread, page_t page, enum access access)
{
    TRY(page.n < USER_PAGES ? pager_table_await(thread_space(thread, page), page) : OK);
    return thread_resolve(thread, page, access);
}

void kernel_fault(struct context *c, uintptr_t address, uint32_t error)
{
    struct thread *thread = current;
    enum access access = access_of(c, address, error);
    err_t outcome = fault_resolve(thread, address_page(address), access);
    thread->fault.address = address;
    thread->fault.access = access;
    if (outcome == (err_t)ERR_PARKED)
        thread->run_again = false; /* the instruction is tried again, not a call */
    else if (outcome != OK)
        access_refuse(thread, outcome == ERR_FAULT);
}

void kernel_exception(struct context *c) { fault_end(current, c->eip, ACCESS_EXECUTE, c->vector, "EXCEPTION"); }

enum copy_outcome kernel_mode_fault(uintptr_t address, uint32_t error)
{
    enum access access = error & PAGE_FAULT_WRITE ? ACCESS_WRITE : ACCESS_READ;
    err_t outcome = thread_resolve(current, address_page(address), access);
    if (outcome == (err_t)ERR_PARKED || (outcome == ERR_FAULT && fault_ask(current, address, access, true)))
        return COPY_PARKED;
    return outcome == OK ? COPY_AGAIN : COPY_ERROR;
}

void kernel_interrupt(uint32_t line)
{
    if (line == TIMER_LINE)
        scheduler_timer_expired();
    else
        interrupt_arrived(line);
}

/* What has to be done between two steps of user programs; all of it bounded. */
static void housekeeping(void)
{
    current = NULL; /* nobody waits for what it begins */
    if (work_pending & WORK_REAP)
        reaper_step();
    if (work_pending & WORK_RECLAIM)
        pager_balance();
    if (work_pending & WORK_SUBMIT)
        pager_submit();
}

/* Its directory may be in swap: then it waits for that first, whatever it is to do. */
static bool space_load_or_wait(struct thread *thread)
{
    bool run_again = thread->run_again;
    err_t error = thread_space_ready(thread);
    if (error == (err_t)ERR_PARKED)
        thread->run_again = run_again;
    else if (error != OK)
        fault_end(thread, thread->context.eip, ACCESS_EXECUTE, thread->process->space.root.w, "DIRECTORY");
    else
        thread_space_load(thread);
    return error == OK;
}

/* What it waited for has ended: a call runs again, or what it tried is refused. */
static void go_on(struct thread *thread)
{
    if (thread->fault.refused)
        fault_end(thread, thread->fault.address, thread->fault.access, thread->fault.entry.w,
                  entry_kind_name(pte_kind(thread->fault.entry)));
    else if (thread->file.failed && !thread->file.in_call)
        access_refuse(thread, true);
    else
        call_run(thread);
    thread->file.failed = false;
}

/* Runs parked calls anew until a thread is found that can go on in user mode: one whose call left nothing to do is. NULL:
 * nobody. */
static struct thread *thread_next(void)
{
    for (;;) {
        housekeeping();
        work_lower(WORK_SCHEDULE);
        current = scheduler_pick();
        if (!current)
            return NULL;
        struct thread *thread = current;
        if (!space_load_or_wait(thread))
            continue;
        arch_switch(&thread->context, thread->fpu, &thread->process->io);
        if (!thread->run_again)
            break;
        thread->run_again = false;
        go_on(thread);
        if (current == thread && thread->wait == WAIT_NONE)
            pager_thread_runs(thread);
        interrupts_let_in(); /* between two steps of long work */
        if (!work_pending)
            break;
    }
    return current;
}

/* Out of line: most entries leave nothing to do. */
static __attribute__((noinline)) void next_find(void)
{
    struct thread *thread;
    while ((thread = thread_next()) == NULL) {
        if (reaper_step() || pager_idle_step())
            continue;
        scheduler_timer_update(NULL);
        interrupts_wait();
    }
    if (BUILD_DEBUG)
        pager_check_self();
    scheduler_timer_update(thread);
    pager_thread_runs(thread);
}

struct context *kernel_next(void)
{
    if (work_pending)
        next_find();
    if (frames_changed)
        pager_frames_show();
    return &current->context;
}

struct context *kernel_system_call(struct context *c)
{
    struct context *next;
    assert(c == &current->context);
    if (c->eax >= SYSCALL_COUNT && !work_pending && (next = ipc_fast(current, c->eax)) != NULL)
        return next;
    call_run(current);
    return kernel_next();
}
