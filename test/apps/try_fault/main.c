/* try_fault: fault handlers, each sentence of <apteryx/fault.h>. Handlers are threads of this program, with a script of
 * answers; what they were asked is looked at afterwards. Processes that end by their faults are children. */
#include "try_fault.h"
#include <apteryx/info.h>
#include <apteryx/process.h>

static void try_instructions(void)
{
    script = RETRY;
    watched(START, 5);
    EXPECT(*at(START) == 5 && was_asked(0, 0, FAULT_READ));
    *at(START + 8) = 6;
    EXPECT(was_asked(1, START + 8, FAULT_WRITE) && *at(START + 8) == 6 && *at(START) == 5);
    EXPECT(seen.process == process_id() && seen.thread != 0 && (seen.entry & 0xE03u) == 0xE01u);
    EXPECT(seen.instruction >= 0x00100000u && seen.instruction < 0x00200000u);
    *at(START + 12) = 7;
    EXPECT(was_asked(0, 0, FAULT_READ));
    script = UNWATCH;
    watched(START, 8);
    *at(START) = 9;
    EXPECT(was_asked(1, START, FAULT_WRITE) && *at(START) == 9 && kind_of(START) == VM_NORMAL);
    EXPECT_ERROR(vm_set(START, PAGE, VM_NONE), OK);
    EXPECT_ERROR(vm_set(START, PAGE, VM_WATCHED), OK); /* it holds nothing: to be read, too */
    EXPECT(*at(START) == 0 && was_asked(1, START, FAULT_READ));
}

static void try_supply(void)
{
    script = GIVE;
    uint32_t charged = info()->commit_used;
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_WATCHED), OK);
    EXPECT(*at(START + PAGE) == START + PAGE + 1 && was_asked(1, START + PAGE, FAULT_READ));
    EXPECT_ERROR(vm_set(START + 2 * PAGE, PAGE, VM_GUARD), OK);
    *at(START + 2 * PAGE + 4) = 1;
    EXPECT(*at(START + 2 * PAGE) == START + 2 * PAGE + 1 && was_asked(1, START + 2 * PAGE + 4, FAULT_WRITE));
    EXPECT_ERROR(vm_set(START + 3 * PAGE, PAGE, VM_NONE), OK);
    EXPECT(*at(START + 3 * PAGE) == START + 3 * PAGE + 1 && was_asked(1, START + 3 * PAGE, FAULT_READ));
    script = MAP;
    EXPECT(*at(START) == START + 1 && was_asked(1, START, FAULT_READ));
    *at(START) = 77;
    EXPECT(*at(SUPPLY) == 77 && kind_of(START) == VM_SHARED);
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_NONE), OK);
    EXPECT_ERROR(vm_set(SUPPLY, PAGE, VM_NONE), OK);
    EXPECT(info()->commit_used <= charged + 2); /* tables */
}

static void try_wrong(void)
{
    handle_t deaf;
    script = WRONG;
    EXPECT_ERROR(vm_set(SUPPLY, PAGE, VM_ON_DEMAND), OK);
    *at(START) = 3;
    EXPECT(*at(START) == 3 && was_asked(1, START, FAULT_WRITE));
    EXPECT_ERROR(vm_set(SUPPLY, PAGE, VM_NONE), OK);
    EXPECT_ERROR(fault_handler(4711), ERR_HANDLE);
    EXPECT_ERROR(handle_copy(port, RIGHT_RECEIVE, 0, &deaf), OK);
    EXPECT_ERROR(fault_handler(deaf), ERR_RIGHTS);
    EXPECT_ERROR(handle_close(deaf), OK);
}

/* A thread's own port comes first, and says by its badge who named it. */
static void try_thread(void)
{
    handle_t own;
    script = UNWATCH;
    EXPECT_ERROR(handle_copy(port, RIGHT_SEND, 99, &own), OK);
    EXPECT_ERROR(fault_handler_thread(own), OK);
    EXPECT_ERROR(handle_close(own), OK); /* it stays named */
    watched(START, 1);
    *at(START) = 2;
    EXPECT(was_asked(1, START, FAULT_WRITE) && seen_badge == 99);
    EXPECT_ERROR(fault_handler_thread(0), OK);
    watched(START, 1);
    *at(START) = 2;
    EXPECT(was_asked(1, START, FAULT_WRITE) && seen_badge == 0);
}

int main(int argc, char **argv)
{
    handle_t thread;
    if (argc == 2)
        return child_main(argv[1]);
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(fault_handler(port), OK);
    EXPECT_ERROR(thread_create(handler, NULL, PRIORITY_OWN, &thread), OK);
    thread_yield();
    try_instructions();
    try_supply();
    try_calls();
    try_items();
    try_buffers();
    try_wrong();
    try_thread();
    try_ends();
    try_never();
    return expect_end("try_fault");
}
