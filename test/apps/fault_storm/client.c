/* A client: threads that write, read, give up and watch pages, and have the kernel write and read them. Nothing is there
 * but for the handlers, and each page must hold what its thread wrote last, or else what a handler supplies. */
#include "storm.h"
#include "lib/system_call.h"
#include "lib/thread_block.h"
#include <apteryx/fault.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define THREADS_MAX 8u
#define PAGES_MAX 1024u
#define ECHO_WORDS 40u
#define OUT_PAGES 16u

struct worker {
    uint32_t number, random;
    uint32_t generation[PAGES_MAX]; /* 0: as it is supplied */
};
static struct worker workers[THREADS_MAX];
static uint32_t pages, operations, process, verified;
static handle_t echo_port;

static uint32_t below(struct worker *w, uint32_t n) { return random_below(&w->random, n); }
static uintptr_t own(const struct worker *w, uint32_t page)
{
    return OWN_START + (w->number * pages + page) * PAGE_BYTES;
}
static volatile uint32_t *words(uintptr_t address) { return (volatile uint32_t *)address; }

static void must(bool holds, const char *what, uintptr_t address)
{
    if (holds)
        return;
    print("fault_storm: process %u, %08x: %s\n", process, address, what);
    process_exit(1);
}

/* A call that meets a page nobody answers for any more says so; then the same is found out here, and ends the process. */
static void call(err_t error, const char *what, uintptr_t address)
{
    if (error == ERR_FAULT || error == ERR_DEAD)
        *words(WILD) = 1;
    must(error == OK, what, address);
}

static void check(uintptr_t address, uint32_t generation)
{
    const struct page_key key = key_of(process, address, generation);
    must(!page_is_wrong(words(address), &key), "the page does not hold what it should", address);
    __atomic_add_fetch(&verified, 1, __ATOMIC_RELAXED);
}

static void write(struct worker *w, uint32_t page)
{
    const struct page_key key = key_of(process, own(w, page), ++w->generation[page]);
    page_fill(words(own(w, page)), &key);
}

/* What is lent here, or GUARD, can't be watched. True: what it held is gone. */
static bool set_at_random(struct worker *w, uintptr_t address)
{
    static const enum vm_kind kinds[] = {VM_NONE, VM_GUARD, VM_WATCHED, VM_WATCHED, VM_WATCHED};
    enum vm_kind kind = kinds[below(w, sizeof kinds / sizeof *kinds)];
    err_t error = vm_set(address, PAGE_BYTES, kind);
    must(error == OK || (error == ERR_KIND && kind == VM_WATCHED), err_name(error), address);
    return kind != VM_WATCHED;
}

/* The kernel writes to the middle of the page; what stood there is put back. */
static void kernel_writes(struct worker *w, uint32_t page)
{
    struct vm_run *run = (struct vm_run *)(own(w, page) + PAGE_BYTES / 2);
    const struct vm_run was = *run;
    uint32_t count = 0;
    if (below(w, 2) && set_at_random(w, own(w, page)))
        w->generation[page] = 0;
    call(vm_query(0, PAGE_BYTES, run, 1, &count), "vm_query", own(w, page));
    must(count == 1 && run->bytes == PAGE_BYTES && run->kind == VM_NONE, "its answer", own(w, page));
    *run = was;
    if (w->generation[page])
        check(own(w, page), w->generation[page]);
    else
        write(w, page); /* the words put back may be of a page that is gone */
}

static void kernel_reads(uintptr_t address)
{
    struct gate g = {address, 12, 0, 0};
    err_t error = system_call(SYSCALL_name_lookup, &g);
    call(error == ERR_NO_ENTRY || error == ERR_RANGE ? OK : error, "name_lookup", address); /* a NUL may be in it */
}

/* The message buffer of this thread is not there, or watched, when it is needed next. */
static void buffer_disturb(struct worker *w)
{
    if (below(w, 2))
        (void)set_at_random(w, (uintptr_t)thread_buffer_page());
}

static void echo_ask(struct worker *w)
{
    struct message m = {.words = ECHO_WORDS};
    uint32_t first = random_next(&w->random);
    for (uint32_t i = 0; i < ECHO_WORDS; i++)
        m.word[i] = first + i;
    buffer_disturb(w);
    call(ipc_call(echo_port, &m), "ipc_call", (uintptr_t)thread_buffer_page());
    for (uint32_t i = 0; i < ECHO_WORDS; i++)
        must(m.word[i] == first + 2 * i, "a word came back wrong", (uintptr_t)thread_buffer_page());
}

/* What arrives at a buffer that is not there, or watched, is a fault of the receiver's. */
static void echo_run(void *worker)
{
    struct worker *w = worker;
    struct message m;
    handle_t reply;
    for (;;) {
        buffer_disturb(w);
        call(ipc_receive(echo_port, &m, &reply, NULL, 0), "ipc_receive", 0);
        must(m.words == ECHO_WORDS, "too few words arrived", 0);
        for (uint32_t i = 0; i < ECHO_WORDS; i++)
            m.word[i] += i;
        call(ipc_reply(reply, &m), "ipc_reply", 0);
    }
}

static void operate(struct worker *w)
{
    uint32_t page = below(w, pages), what = below(w, 32);
    uintptr_t common = COMMON_START + below(w, COMMON_PAGES) * PAGE_BYTES;
    if (what < 8)
        check(own(w, page), w->generation[page]);
    else if (what < 16)
        write(w, page);
    else if (what < 20)
        w->generation[page] = set_at_random(w, own(w, page)) ? 0 : w->generation[page];
    else if (what < 22)
        kernel_writes(w, page);
    else if (what < 24)
        kernel_reads(own(w, page));
    else if (what < 26)
        echo_ask(w);
    else if (what < 29)
        check(common, 0);
    else if (what < 31)
        (void)set_at_random(w, common);
    else
        (void)vm_page_out(own(w, page), (page + OUT_PAGES < pages ? OUT_PAGES : 1) * PAGE_BYTES);
}

static void worker_run(void *worker)
{
    struct worker *w = worker;
    if (w->number % 2)
        call(fault_handler_thread(start_handle(HANDLE_PORT_THREAD)), "fault_handler_thread", 0);
    for (uint32_t i = 0; i < operations; i++)
        operate(w);
    for (uint32_t page = 0; page < pages; page++)
        check(own(w, page), w->generation[page]);
}

/* Every third life ends in the midst. */
static void live(uint32_t seed, uint32_t threads, const handle_t *thread)
{
    uint32_t random = random_start(seed, threads);
    if (seed % 3 == 0) {
        time_sleep_us(random_below(&random, 300000));
        *words(WILD) = 1;
        must(false, "it goes on", WILD);
    }
    for (uint32_t i = 0; i < threads; i++)
        must(thread_wait(thread[i]) == OK, "thread_wait", 0);
}

int client_run(uint32_t seed, uint32_t threads, uint32_t pages_of_each, uint32_t how_many)
{
    static struct worker echo;
    handle_t thread[THREADS_MAX + 1];
    pages = pages_of_each;
    operations = how_many;
    process = process_id();
    echo.random = random_start(seed, THREADS_MAX);
    must(threads <= THREADS_MAX && pages <= PAGES_MAX, "too many", 0);
    must(port_create(&echo_port) == OK, "port_create", 0);
    must(thread_create(echo_run, &echo, PRIORITY_OWN, &thread[threads]) == OK, "thread_create", 0);
    for (uint32_t i = 0; i < threads; i++) {
        workers[i].number = i;
        workers[i].random = random_start(seed, i);
        must(thread_create(worker_run, &workers[i], PRIORITY_OWN, &thread[i]) == OK, "thread_create", 0);
    }
    live(seed, threads, thread);
    const struct message m = {.label = REPORT_CLIENT, .words = 1, .word = {verified}};
    must(ipc_send(start_handle(HANDLE_REPORT), &m) == OK, "the report", 0);
    return 0;
}
