#include "apps/bench/handlers.h"
#include "apps/bench/peer.h"
#include "apps/bench/samples.h"
#include "lib/system_call.h"
#include "lib/thread_block.h"
#include <apteryx/fault.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define START 0x10000000u
#define UNMEASURED 2u /* the first faults: the other process starts, and answers these by the library */
#define PAGES (SAMPLES + UNMEASURED)

static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(START + page * PAGE_BYTES); }

static err_t faults_measure(const char *serves)
{
    struct peer peer;
    TRY(peer_start(serves, &peer));
    TRY(fault_handler(peer.port));
    for (uint32_t i = 0; i < PAGES; i++) {
        uint32_t begin = time_stamp();
        *page_at(i) = 1;
        uint32_t passed = time_stamp() - begin;
        if (i >= UNMEASURED)
            sample_add(passed);
    }
    TRY(fault_handler(0));
    TRY(peer_end(&peer));
    return vm_set(START, PAGES * PAGE_BYTES, VM_NONE);
}

err_t bench_fault_handler(void)
{
    TRY(vm_set(START, PAGES * PAGE_BYTES, VM_ON_DEMAND));
    for (uint32_t i = 0; i < PAGES; i++)
        *page_at(i) = 2;
    TRY(vm_set(START, PAGES * PAGE_BYTES, VM_WATCHED));
    return faults_measure(SERVE_UNWATCH);
}

err_t bench_fault_pager(void)
{
    TRY(vm_set(START, PAGES * PAGE_BYTES, VM_WATCHED));
    return faults_measure(SERVE_PAGES);
}

/* Twice by the library, which registers the message buffer and names the port; then straight through the gate, and
 * what the buffer has to say of a page is written there each time, since what arrives takes its place. */
static int serve(struct message *answer, uint32_t is_long)
{
    static struct message m;
    handle_t reply, port = start_handle(PEER_PORT);
    struct message *buffer = thread_buffer_page();
    struct ipc_head out;
    if (ipc_receive(port, &m, &reply, NULL, 0) != OK)
        return 0;
    m = *answer;
    if (ipc_reply_receive(reply, port, &m, &reply, NULL) != OK)
        return 0;
    uint32_t head = reply << 17;
    while ((head & 0x7Fu) == OK) {
        if (is_long)
            buffer->page = answer->page;
        head = ipc_gate((head & ~0x1FFFFu) | answer->words << 8 | is_long | SYSCALL_ipc_reply_receive, answer, &out);
    }
    return 0;
}

int handlers_serve_unwatch(void)
{
    static struct message answer;
    fault_retry(&answer, FAULT_UNWATCH);
    return serve(&answer, 0);
}

int handlers_serve_pages(void)
{
    static struct message answer;
    if (vm_set(START, PAGE_BYTES, VM_ON_DEMAND) != OK)
        return 0;
    *page_at(0) = 3;
    fault_supply(&answer, START, PAGE_BYTES, PAGE_MAP, true);
    return serve(&answer, IPC_LONG);
}
