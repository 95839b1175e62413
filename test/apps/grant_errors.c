/* grant_errors: every way in which a grant is refused, each of which must leave pages, window and charge as they were.
 * Its second thread answers; both are in one process, so that pages come back to where they can be looked at.
 * RESULT grant_errors: cases wrong. */
#include "grant.h"
#include <apteryx/info.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define START 0x40000000u /* 16 pages, then one GUARD, then NONE */
#define PAGES 16u
#define WINDOW 0x50000000u /* 16 pages of another pattern */
#define LARGE 0x60000000u  /* 1,025 pages, never touched */
#define FREE 0x70000000u
#define KERNEL 0xC0000000u
#define BYTES (PAGES * PAGE_BYTES)

extern uint8_t first_thread_buffer[]; /* the library's: where the first thread's messages lie */

static handle_t port;
static uint32_t cases, wrong;

static void expect(const char *what, err_t seen, err_t wanted)
{
    cases++;
    if (seen == wanted)
        return;
    wrong++;
    print("grant_errors: %s: %s, not %s\n", what, err_name(seen), err_name(wanted));
}

static void fill(uintptr_t start, uint32_t generation)
{
    for (uint32_t i = 0; i < PAGES; i++) {
        const struct page_key key = {1, i, generation};
        page_fill((volatile uint32_t *)(start + i * PAGE_BYTES), &key);
    }
}

static uint32_t pages_wrong(uintptr_t start, uint32_t generation)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < PAGES; i++) {
        const struct page_key key = {1, i, generation};
        found += page_is_wrong((const volatile uint32_t *)(start + i * PAGE_BYTES), &key);
    }
    return found;
}

static enum vm_kind kind_at(uintptr_t page)
{
    struct vm_run run;
    uint32_t count;
    return vm_query(page, PAGE_BYTES, &run, 1, &count) == OK ? run.kind : VM_SPECIAL;
}

static err_t grant(uintptr_t start, uint32_t bytes, uint32_t how)
{
    struct message m = {.page = {.start = start, .bytes = bytes, .how = how}};
    return ipc_call(port, &m);
}

/* One refused grant. Afterwards nothing has changed. */
static void refused(const char *what, uintptr_t start, uint32_t bytes, uint32_t how, err_t wanted)
{
    uint32_t charged = info()->commit_used;
    expect(what, grant(start, bytes, how), wanted);
    if (pages_wrong(START, 1) || pages_wrong(WINDOW, 2) || kind_at(START + BYTES) != VM_GUARD ||
        info()->commit_used != charged) {
        wrong++;
        print("grant_errors: %s: something has changed\n", what);
    }
}

/* Answers every call. A grant in an answer can be refused too; the answer is owed still. */
static void answer(void *unused)
{
    struct message m;
    handle_t reply;
    (void)unused;
    while (ipc_receive(port, &m, &reply, NULL, 0) == OK) {
        m.page = (struct page_item){START + BYTES, PAGE_BYTES, PAGE_GRANT, 0};
        if (m.label == GRANT_RETURN)
            expect("GUARD page in an answer", ipc_reply(reply, &m), ERR_KIND);
        m.page.how = PAGE_NOTHING;
        (void)ipc_reply(reply, &m);
    }
}

static void all_refused(void)
{
    refused("no window", START, BYTES, PAGE_GRANT, ERR_NO_ENTRY);
    expect("window", ipc_window(WINDOW, BYTES), OK);
    expect("window unaligned", ipc_window(WINDOW + 1, BYTES), ERR_RANGE);
    expect("window in kernel space", ipc_window(KERNEL - PAGE_BYTES, 2 * PAGE_BYTES), ERR_RANGE);
    refused("unknown", START, BYTES, 77, ERR_KIND);
    refused("unaligned start", START + 4, PAGE_BYTES, PAGE_GRANT, ERR_RANGE);
    refused("unaligned length", START, PAGE_BYTES + 4, PAGE_GRANT, ERR_RANGE);
    refused("empty", START, 0, PAGE_GRANT, ERR_RANGE);
    refused("overflowing", START, 0u - PAGE_BYTES, PAGE_GRANT, ERR_RANGE);
    refused("kernel", KERNEL, PAGE_BYTES, PAGE_GRANT, ERR_RANGE);
    refused("into the kernel", KERNEL - PAGE_BYTES, 2 * PAGE_BYTES, PAGE_GRANT, ERR_RANGE);
    refused("longer than the window", LARGE, BYTES + PAGE_BYTES, PAGE_GRANT, ERR_TOO_LONG);
    refused("with GUARD", START + PAGE_BYTES, BYTES, PAGE_GRANT, ERR_KIND);
    refused("NONE", FREE, PAGE_BYTES, PAGE_GRANT, ERR_KIND);
    refused("address 0", 0, PAGE_BYTES, PAGE_GRANT, ERR_KIND);
    refused("its own window", WINDOW, BYTES, PAGE_GRANT, ERR_RANGE);
    refused("the message buffer", (uintptr_t)first_thread_buffer, PAGE_BYTES, PAGE_GRANT, ERR_KIND);
    expect("window on the buffer", ipc_window((uintptr_t)first_thread_buffer, PAGE_BYTES), OK);
    refused("onto the message buffer", START, PAGE_BYTES, PAGE_GRANT, ERR_KIND);
    expect("window at 0", ipc_window(0, PAGE_BYTES), OK);
    refused("to address 0", START, PAGE_BYTES, PAGE_GRANT, ERR_RANGE);
    expect("large window", ipc_window(FREE, 2048 * PAGE_BYTES), OK);
    refused("longer than 4 MiB", LARGE, 1025 * PAGE_BYTES, PAGE_GRANT, ERR_TOO_LONG);
    struct message m = {.label = GRANT_RETURN};
    expect("answer", ipc_call(port, &m), OK);
}

/* What is granted: the window's old pages are discarded, kinds stay, and nothing is charged twice. */
static void all_granted(void)
{
    uint32_t charged = info()->commit_used;
    expect("window", ipc_window(WINDOW, BYTES), OK);
    expect("grant", grant(START, BYTES, PAGE_GRANT), OK);
    if (pages_wrong(WINDOW, 1) || kind_at(START) != VM_NONE || info()->commit_used != charged - PAGES) {
        wrong++;
        print("grant_errors: the grant did not do what it should\n");
    }
    expect("lock", vm_set(WINDOW, PAGE_BYTES, VM_LOCKED), OK);
    expect("window back", ipc_window(START, BYTES), OK);
    expect("grant back", grant(WINDOW, BYTES, PAGE_GRANT), OK);
    expect("kind of the locked page", kind_at(START) == VM_LOCKED ? OK : ERR_KIND, OK);
    expect("kind of the next page", kind_at(START + PAGE_BYTES) == VM_NORMAL ? OK : ERR_KIND, OK);
    expect("window", ipc_window(FREE, 1024 * PAGE_BYTES), OK);
    expect("promised pages", grant(LARGE, 1024 * PAGE_BYTES, PAGE_GRANT), OK);
    expect("kind of a promised page", kind_at(FREE) == VM_ON_DEMAND ? OK : ERR_KIND, OK);
    if (pages_wrong(START, 1))
        wrong++;
}

int main(void)
{
    handle_t thread;
    expect("port", port_create(&port), OK);
    expect("pages", vm_set(START, BYTES, VM_ON_DEMAND), OK);
    expect("guard", vm_set(START + BYTES, PAGE_BYTES, VM_GUARD), OK);
    expect("window's pages", vm_set(WINDOW, BYTES, VM_ON_DEMAND), OK);
    expect("large", vm_set(LARGE, 1025 * PAGE_BYTES, VM_ON_DEMAND), OK);
    fill(START, 1);
    fill(WINDOW, 2);
    expect("thread", thread_create(answer, NULL, PRIORITY_OWN, &thread), OK);
    if (wrong == 0) {
        all_refused();
        all_granted();
    }
    result("grant_errors", "cases=%u wrong=%u", cases, wrong);
    return wrong ? 1 : 0;
}
