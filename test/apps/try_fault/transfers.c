/* What the kernel reads and writes for a thread: pages of messages, buffers, pointers of calls. */
#include "lib/thread_block.h"
#include "try_fault.h"
#include <apteryx/process.h>

static handle_t item_port;

static void answer_once(void *message)
{
    handle_t reply;
    EXPECT_ERROR(ipc_receive(item_port, message, &reply, NULL, 0), OK);
    EXPECT_ERROR(ipc_reply(reply, &(struct message){.words = 0}), OK);
}

/* A watched page is not lent, and granted it is watched no more. */
void try_items(void)
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
void try_buffers(void)
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
void try_calls(void)
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
