/* try_fault: fault handlers, each sentence of <apteryx/fault.h>. Handlers are threads of this program, with a script of
 * answers; what they were asked is looked at afterwards. Processes that end by their faults are children. */
#include "expect.h"
#include "lib/thread_block.h"
#include <apteryx/fault.h>
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define START 0x40000000u
#define SUPPLY 0x48000000u
#define STATUS_BY_FAULT 139

enum script { RETRY, UNWATCH, GIVE, MAP, KILL, CLOSE, NEVER, WRONG };

static handle_t port, item_port;
static volatile enum script script;
static struct fault seen;
static volatile uint32_t asked;
static uint32_t seen_badge;

static volatile uint32_t *at(uintptr_t address) { return (volatile uint32_t *)address; }

/* An answer that can't be carried out is refused, and another can be given. */
static void refused_answers(handle_t reply)
{
    struct message m;
    fault_retry(&m, (enum fault_then)7);
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_RANGE);
    fault_kill(&m);
    m.label = 4711;
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_RANGE);
    fault_retry(&m, FAULT_AS_IT_IS);
    m.page = (struct page_item){SUPPLY, PAGE, PAGE_GRANT, 1};
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_KIND);
    fault_supply(&m, SUPPLY + PAGE, PAGE, PAGE_GRANT, true); /* NONE */
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_KIND);
    fault_supply(&m, SUPPLY + 1, PAGE, PAGE_GRANT, true);
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_RANGE);
    m.page.how = PAGE_NOTHING;
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_KIND);
    EXPECT_ERROR(vm_set(seen.address & ~(PAGE - 1u), PAGE, VM_ON_DEMAND), OK);
    fault_retry(&m, FAULT_AS_IT_IS);
    EXPECT_ERROR(ipc_reply(reply, &m), OK);
}

static void answer(handle_t reply)
{
    struct message m;
    uintptr_t page = seen.address & ~(PAGE - 1u);
    switch (script) {
    case RETRY:
        (void)vm_set(page, PAGE, VM_NORMAL);
        fault_retry(&m, FAULT_AS_IT_IS);
        break;
    case UNWATCH:
        fault_retry(&m, FAULT_UNWATCH);
        break;
    case GIVE:
    case MAP:
        EXPECT_ERROR(vm_set(SUPPLY, PAGE, VM_ON_DEMAND), OK);
        *at(SUPPLY) = page + 1;
        fault_supply(&m, SUPPLY, PAGE, script == GIVE ? PAGE_GRANT : PAGE_MAP, true);
        break;
    case KILL:
        fault_kill(&m);
        break;
    case CLOSE:
        EXPECT_ERROR(handle_close(reply), OK);
        return;
    case WRONG:
        refused_answers(reply);
        return;
    case NEVER:
        return;
    }
    EXPECT_ERROR(ipc_reply(reply, &m), OK);
}

static void handler(void *unused)
{
    static struct message m;
    handle_t reply;
    (void)unused;
    while (ipc_receive(port, &m, &reply, &seen_badge, 0) == OK) {
        EXPECT(fault_read(&m, &seen));
        asked++;
        answer(reply);
    }
}

static bool was_asked(uint32_t times, uintptr_t address, enum fault_access access)
{
    bool right = asked == times && (times == 0 || (seen.address == address && seen.access == access));
    asked = 0;
    return right;
}

static enum vm_kind kind_of(uintptr_t page)
{
    struct vm_run run;
    uint32_t count;
    return vm_query(page, PAGE, &run, 1, &count) == OK ? run.kind : VM_LENT;
}

static void watched(uintptr_t page, uint32_t value)
{
    EXPECT_ERROR(vm_set(page, PAGE, VM_ON_DEMAND), OK);
    *at(page) = value;
    EXPECT_ERROR(vm_set(page, PAGE, VM_WATCHED), OK);
}

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

static void answer_once(void *message)
{
    handle_t reply;
    EXPECT_ERROR(ipc_receive(item_port, message, &reply, NULL, 0), OK);
    EXPECT_ERROR(ipc_reply(reply, &(struct message){.words = 0}), OK);
}

/* A watched page is not lent, and granted it is watched no more. */
static void try_items(void)
{
    static struct message arrived;
    struct message m = {.page = {START, PAGE, PAGE_MAP, 1}};
    handle_t thread;
    watched(START, 6);
    EXPECT_ERROR(port_create(&item_port), OK);
    EXPECT_ERROR(ipc_window(START + 8 * PAGE, PAGE), OK);
    EXPECT_ERROR(thread_create(answer_once, &arrived, PRIORITY_OWN, &thread), OK);
    thread_yield();
    EXPECT_ERROR(ipc_call(item_port, &m), ERR_KIND);
    m.page = (struct page_item){START, PAGE, PAGE_COPY, 1};
    EXPECT_ERROR(ipc_call(item_port, &m), ERR_KIND);
    m.page = (struct page_item){START, PAGE, PAGE_GRANT, 1};
    EXPECT_ERROR(ipc_call(item_port, &m), OK);
    EXPECT(kind_of(START + 8 * PAGE) == VM_NORMAL && *at(START + 8 * PAGE) == 6 && was_asked(0, 0, FAULT_READ));
    EXPECT_ERROR(vm_set(START + 8 * PAGE, PAGE, VM_NONE), OK);
    EXPECT_ERROR(handle_close(item_port), OK);
}

static void watch_buffer(void)
{
    *(volatile uint32_t *)thread_buffer_page() = 0; /* or it would hold nothing */
    EXPECT_ERROR(vm_set((uintptr_t)thread_buffer_page(), PAGE, VM_WATCHED), OK);
}

static void receive_watched(void *buffer)
{
    static struct message m;
    handle_t reply;
    *(uintptr_t *)buffer = (uintptr_t)thread_buffer_page();
    watch_buffer();
    EXPECT_ERROR(ipc_receive(item_port, &m, &reply, NULL, 0), OK);
    EXPECT(m.words == 9 && m.word[8] == 88);
    EXPECT_ERROR(ipc_reply(reply, &(struct message){.words = 0}), OK);
    EXPECT_ERROR(ipc_receive(item_port, &m, &reply, NULL, 0), OK);
    m.words = 9;
    EXPECT_ERROR(ipc_reply(reply, &m), OK); /* who can't be reached has himself to blame */
}

/* The kernel writes what arrives to a watched buffer: the receiver's handler is asked, and then it arrives. A reply can't
 * wait for that. */
static void try_buffers(void)
{
    static struct message m;
    uintptr_t buffer = 0;
    handle_t thread;
    script = UNWATCH;
    EXPECT_ERROR(port_create(&item_port), OK);
    EXPECT_ERROR(thread_create(receive_watched, &buffer, PRIORITY_OWN, &thread), OK);
    thread_yield();
    m.words = 9;
    m.word[8] = 88;
    EXPECT_ERROR(ipc_call(item_port, &m), OK);
    EXPECT(was_asked(1, buffer, FAULT_WRITE));
    watch_buffer();
    m.words = 1;
    EXPECT_ERROR(ipc_call(item_port, &m), ERR_FAULT);
    EXPECT(was_asked(0, 0, FAULT_READ));
    EXPECT_ERROR(vm_set((uintptr_t)thread_buffer_page(), PAGE, VM_NORMAL), OK);
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(handle_close(item_port), OK);
}

/* Pointers of calls. */
static void try_calls(void)
{
    struct vm_run *runs = (struct vm_run *)(START + PAGE - 16); /* across two pages */
    uint32_t count;
    script = UNWATCH;
    watched(START, 1);
    watched(START + PAGE, 2);
    EXPECT_ERROR(vm_query(0, 0x100000, runs, 2, &count), OK);
    EXPECT(count == 2 && runs[0].start == 0 && runs[1].start == runs[0].bytes &&
           was_asked(2, START + PAGE, FAULT_WRITE));
    EXPECT(kind_of(START) == VM_NORMAL);
    script = GIVE;
    EXPECT_ERROR(vm_set(START, PAGE, VM_NONE), OK);
    EXPECT_ERROR(name_lookup((const char *)START, &(handle_t){0}), ERR_NO_ENTRY);
    EXPECT(asked >= 1);
    asked = 0;
    EXPECT_ERROR(fault_handler(0), OK);
    EXPECT_ERROR(vm_query(0, PAGE, (struct vm_run *)(START + 8 * PAGE), 1, &count), ERR_FAULT);
    EXPECT_ERROR(fault_handler(port), OK);
    EXPECT_ERROR(vm_set(START, 2 * PAGE, VM_NONE), OK);
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

/* ---- children: each does one thing that ends it, or would ---- */

static void fault_alone(void)
{
    static struct message m;
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(fault_handler(port), OK);
    EXPECT_ERROR(ipc_receive(port, &m, NULL, NULL, time_now_us() + 1), ERR_TIME);
    *at(START) = 1; /* it would ask itself */
}

static void port_closes(void *unused)
{
    (void)unused;
    time_sleep_us(20000);
    (void)handle_close(port);
}

static void fault_dead_port(void)
{
    handle_t thread;
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(fault_handler(port), OK);
    EXPECT_ERROR(thread_create(port_closes, NULL, PRIORITY_OWN, &thread), OK);
    *at(START) = 1; /* queued, and nobody will ever receive it */
}

static int child_main(const char *what)
{
    if (strcmp(what, "alone") == 0)
        fault_alone();
    else if (strcmp(what, "dead") == 0)
        fault_dead_port();
    else
        *at(START) = 1;
    return 3;
}

static handle_t child_start(const char *what, handle_t fault_port)
{
    handle_t child = 0;
    EXPECT_ERROR(process_spawn_with("try_fault", (char *[]){"try_fault", (char *)(uintptr_t)what, NULL},
                                    &(struct spawn_options){.fault_port = fault_port}, &child),
                 OK);
    return child;
}

static int child_ends(const char *what, handle_t fault_port, enum script then)
{
    int status = 0;
    script = then;
    handle_t child = child_start(what, fault_port);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT_ERROR(handle_close(child), OK);
    return status;
}

static void try_ends(void)
{
    EXPECT(child_ends("alone", 0, KILL) == STATUS_BY_FAULT);
    EXPECT(child_ends("dead", 0, KILL) == STATUS_BY_FAULT);
    EXPECT(was_asked(0, 0, FAULT_READ));
    EXPECT(child_ends("fault", port, KILL) == STATUS_BY_FAULT && was_asked(1, START, FAULT_WRITE));
    EXPECT(child_ends("fault", port, CLOSE) == STATUS_BY_FAULT && was_asked(1, START, FAULT_WRITE));
    EXPECT(child_ends("fault", port, GIVE) == 3 && was_asked(1, START, FAULT_WRITE));
    EXPECT(seen.process != process_id());
}

/* A handler that never answers: who waits for it can be killed, and its answer then is for nobody. */
static void try_never(void)
{
    int status;
    script = NEVER;
    handle_t child = child_start("fault", port);
    while (asked == 0)
        time_sleep_us(1000);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT(status == 137 && was_asked(1, START, FAULT_WRITE));
    EXPECT_ERROR(handle_close(child), OK);
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
