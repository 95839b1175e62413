/* privates THREADS PAGES ROUNDS: the first thread and THREADS more each fill PAGES pages of their own at the same
 * addresses of thread space, and check and fill them anew ROUNDS times. Meanwhile 4 MiB of process space are given up and
 * made again, which every thread must see; a run of pages is granted from one thread space to another; and when the
 * threads have ended, what they had is given back. RESULT privates: threads pages verified lost wrong. */
#include "grant.h"
#include "lib/system_call.h"
#include "lib/thread_block.h"
#include "number.h"
#include <apteryx/info.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define THREAD_SPACE (64u << 20)
PROGRAM_THREAD_SPACE(THREAD_SPACE);

#define THREADS_MAX 16u
#define SPAN_BYTES 0x400000u
#define SHARED 0x30000000u      /* 4 MiB of process space: one page table */
#define OFFSET 0x3E0000u        /* of each thread's pages in its space: they cross the edges of page tables */
#define ITEM_OFFSET (48u << 20) /* of pages to grant */
#define WINDOW_OFFSET (52u << 20)
#define BUFFER_OFFSET (56u << 20) /* of a message buffer, too */
#define ITEM_PAGES 8u
#define WORDS 200u

static uintptr_t process_end;
static uint32_t threads, pages, rounds, thread_rounds;
static uint32_t verified[THREADS_MAX + 1], lost[THREADS_MAX + 1], wrong[THREADS_MAX + 1];
static volatile uint32_t arrived, gate;
static handle_t port;

static void expect(uint32_t self, const char *what, bool right)
{
    if (right)
        return;
    wrong[self]++;
    print("privates: thread %u: %s\n", self, what);
}

/* Until all threads have come here. */
static void meet(void)
{
    uint32_t before = gate;
    if (__atomic_add_fetch(&arrived, 1u, __ATOMIC_SEQ_CST) == threads + 1) {
        arrived = 0;
        gate = before + 1;
    }
    while (gate == before)
        time_sleep_us(100);
}

static volatile uint32_t *page_at(uint32_t page)
{
    return (volatile uint32_t *)(process_end + OFFSET + page * PAGE_BYTES);
}

/* All of thread space is NONE: nobody else's pages are seen here. The answer is written to thread space later. */
static void nothing_is_there(uint32_t self)
{
    struct vm_run run;
    uint32_t count;
    err_t err = vm_query(process_end, THREAD_SPACE, &run, 1, &count);
    expect(self, "thread space is not empty at first",
           err == OK && count == 1 && run.kind == VM_NONE && run.bytes == THREAD_SPACE);
}

static void pages_check(uint32_t self, uint32_t generation)
{
    for (uint32_t i = 0; i < pages; i++, verified[self]++) {
        uint32_t page = (i * 7 + generation) % pages; /* PAGES is no multiple of 7 */
        const struct page_key key = {self, page, generation};
        lost[self] += page_is_wrong(page_at(page), &key);
    }
}

static void pages_fill(uint32_t self, uint32_t generation)
{
    for (uint32_t page = 0; page < pages; page++) {
        const struct page_key key = {self, page, generation};
        page_fill(page_at(page), &key);
    }
}

/* One thread in turn makes the shared 4 MiB anew, and all see what it wrote, and nothing of what was there before. */
static void shared_round(uint32_t self, uint32_t round)
{
    volatile uint32_t *shared = (volatile uint32_t *)(SHARED + round % 1024 * PAGE_BYTES);
    if (self == round % (threads + 1)) {
        expect(self, "giving 4 MiB up", vm_set(SHARED, SPAN_BYTES, VM_NONE) == OK);
        expect(self, "4 MiB anew", vm_set(SHARED, SPAN_BYTES, VM_ON_DEMAND) == OK);
        shared[0] = round + 1;
    }
    meet();
    expect(self, "what another thread wrote", shared[0] == round + 1);
    expect(self, "an old page is still there",
           *(volatile uint32_t *)(SHARED + (round + 1023) % 1024 * PAGE_BYTES) == 0);
    meet();
}

/* The kernel writes to the calling thread's own page, wherever that is. */
static void kernel_writes(uint32_t self)
{
    struct vm_run *run = (struct vm_run *)(process_end + OFFSET);
    uint32_t count = 0;
    (void)vm_page_out((uintptr_t)run, PAGE_BYTES);
    err_t err = vm_query(0, PAGE_BYTES, run, 1, &count);
    expect(self, "an answer in thread space",
           err == OK && count == 1 && run->kind == VM_NONE && run->bytes == PAGE_BYTES);
}

static void borders(uint32_t self)
{
    struct vm_run runs[2];
    uint32_t count = 0;
    expect(self, "a range in both spaces", vm_set(process_end - PAGE_BYTES, 2 * PAGE_BYTES, VM_ON_DEMAND) == ERR_RANGE);
    err_t err = vm_query(process_end - PAGE_BYTES, 2 * PAGE_BYTES, runs, 2, &count);
    expect(self, "runs on both sides of the border", /* on this one, the first stack's slot */
           err == OK && count == 2 && runs[0].bytes == PAGE_BYTES && runs[0].kind != VM_NONE &&
               runs[1].start == process_end && runs[1].bytes == PAGE_BYTES && runs[1].kind == VM_NONE);
}

static void live(uint32_t self)
{
    nothing_is_there(self);
    meet();
    expect(self, "marking", vm_set(process_end + OFFSET, pages * PAGE_BYTES, VM_ON_DEMAND) == OK);
    kernel_writes(self);
    pages_fill(self, 0);
    for (uint32_t round = 0; round < thread_rounds; round++) {
        shared_round(self, round);
        pages_check(self, round);
        pages_fill(self, round + 1);
    }
    pages_check(self, thread_rounds);
    borders(self);
}

static void thread_live(void *argument)
{
    live((uint32_t)(uintptr_t)argument);
    meet();
}

/* The library keeps message buffers in process space. Here they lie at the same address in two thread spaces. */
static void buffer_in_thread_space(uint32_t self)
{
    uintptr_t buffer = process_end + BUFFER_OFFSET;
    expect(self, "a page for messages", vm_set(buffer, PAGE_BYTES, VM_ON_DEMAND) == OK);
    expect(self, "a buffer in thread space", system_call_plain(SYSCALL_ipc_buffer, buffer, 0, 0, 0) == OK);
    thread_block()->buffer = (struct message *)buffer;
}

/* The window is at the same address for all threads, and in the receiver's space. */
static void thread_receive(void *unused)
{
    struct message m;
    (void)unused;
    buffer_in_thread_space(1);
    err_t err = ipc_receive(port, &m, NULL, NULL, 0);
    expect(1, "receiving in thread space", err == OK && m.page.start == process_end + WINDOW_OFFSET);
    for (uint32_t i = 0; i < WORDS; i++)
        expect(1, "a word that came", m.words == WORDS && m.word[i] == i * 3);
    for (uint32_t i = 0; err == OK && i < ITEM_PAGES; i++, verified[1]++) {
        const struct page_key key = {0, i, 77};
        lost[1] += page_is_wrong((volatile uint32_t *)(m.page.start + i * PAGE_BYTES), &key);
    }
}

static void grant_to_a_thread(void)
{
    handle_t thread;
    struct message m = {.words = WORDS, .page = {process_end + ITEM_OFFSET, ITEM_PAGES * PAGE_BYTES, PAGE_GRANT, 0}};
    struct vm_run run;
    uint32_t count = 0;
    buffer_in_thread_space(0);
    for (uint32_t i = 0; i < WORDS; i++)
        m.word[i] = i * 3;
    expect(0, "pages to grant", vm_set(m.page.start, m.page.bytes, VM_ON_DEMAND) == OK);
    for (uint32_t i = 0; i < ITEM_PAGES; i++) {
        const struct page_key key = {0, i, 77};
        page_fill((volatile uint32_t *)(m.page.start + i * PAGE_BYTES), &key);
    }
    expect(0, "port", port_create(&port) == OK && ipc_window(process_end + WINDOW_OFFSET, m.page.bytes) == OK);
    expect(0, "receiver", thread_create(thread_receive, NULL, PRIORITY_OWN, &thread) == OK);
    expect(0, "granting", ipc_send(port, &m) == OK);
    expect(0, "waiting", thread_wait(thread) == OK);
    for (uintptr_t at = process_end + ITEM_OFFSET; at <= process_end + WINDOW_OFFSET; at += WINDOW_OFFSET - ITEM_OFFSET)
        expect(0, "pages that went to another thread",
               vm_query(at, m.page.bytes, &run, 1, &count) == OK && run.kind == VM_NONE && run.bytes == m.page.bytes);
    (void)handle_close(thread);
    thread_block()->buffer = NULL; /* the next message takes the library's again */
}

/* THREADS threads that live beside the first, with its own rounds; then all that is theirs is given back. */
static void generation_of_threads(void)
{
    static handle_t thread[THREADS_MAX + 1];
    (void)vm_set(process_end + OFFSET, pages * PAGE_BYTES, VM_NONE);
    uint32_t charged = 0;
    for (uint32_t i = 1; i <= threads; i++)
        expect(0, "starting", thread_create(thread_live, (void *)(uintptr_t)i, PRIORITY_OWN, &thread[i]) == OK);
    charged = info()->commit_used;
    live(0);
    expect(0, "threads are charged", info()->commit_used >= charged + pages * (threads + 1));
    meet();
    for (uint32_t i = 1; i <= threads; i++) {
        expect(0, "waiting", thread_wait(thread[i]) == OK);
        (void)handle_close(thread[i]);
    }
    time_sleep_us(300000);
    expect(0, "unmarking", vm_set(SHARED, SPAN_BYTES, VM_NONE) == OK);
    expect(0, "unmarking", vm_set(process_end, THREAD_SPACE, VM_NONE) == OK);
    expect(0, "threads' pages are given back", info()->commit_used <= charged);
}

int main(int argc, char **argv)
{
    uintptr_t process_start, thread_end;
    uint32_t sums[3] = {0};
    if (argc != 4)
        return 2;
    threads = number(argv[1]);
    pages = number(argv[2]);
    rounds = thread_rounds = number(argv[3]);
    if (threads > THREADS_MAX || vm_space(&process_start, &process_end, &thread_end) != OK)
        return 2;
    expect(0, "the bounds of thread space", thread_end - process_end == THREAD_SPACE && process_end % SPAN_BYTES == 0);
    generation_of_threads();
    thread_rounds = 1;
    generation_of_threads(); /* the same addresses are empty for new threads */
    grant_to_a_thread();
    for (uint32_t i = 0; i <= threads; i++) {
        sums[0] += verified[i];
        sums[1] += lost[i];
        sums[2] += wrong[i];
    }
    result("privates", "threads=%u pages=%u verified=%u lost=%u wrong=%u", threads + 1, pages, sums[0], sums[1],
           sums[2]);
    return sums[1] || sums[2] ? 1 : 0;
}
