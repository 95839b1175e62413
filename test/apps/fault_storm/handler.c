/* A handler: several threads that answer at random, but so that whoever asks often enough can go on. */
#include "storm.h"
#include "common/entry.h"
#include <apteryx/fault.h>
#include <apteryx/process.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define THREADS 4u
#define SOURCES 0x60000000u /* pages to be supplied; each thread has so many: */
#define SLOTS 8u
#define REPORT_EVERY 32u
#define PAUSE_US 3000u

struct answerer {
    uint32_t number, random, answers;
    uint32_t count[ANSWER_COUNT];
};

/* A page of the handler's, as the client wants it. Pages mapped from the same slot before are taken back by this. */
static err_t source_make(const struct answerer *a, uint32_t slot, const struct fault *fault, uintptr_t *source)
{
    const struct page_key key = key_of(fault->process, fault->address, 0);
    *source = SOURCES + (a->number * SLOTS + slot) * PAGE_BYTES;
    TRY(vm_set(*source, PAGE_BYTES, VM_ON_DEMAND));
    page_fill((volatile uint32_t *)*source, &key);
    return OK;
}

/* To be read, a page may be mapped, or copied so that a write asks again. */
static enum storm_answer supply(struct answerer *a, const struct fault *fault, struct message *m)
{
    uintptr_t source;
    bool reads = fault->access != FAULT_WRITE;
    enum storm_answer how = ANSWER_GRANT + random_below(&a->random, 3);
    if (how == ANSWER_MAP && !reads)
        how = ANSWER_COPY;
    if (source_make(a, random_below(&a->random, SLOTS), fault, &source) != OK) {
        fault_retry(m, FAULT_AS_IT_IS);
        return ANSWER_RETRY;
    }
    bool writable = !reads || (how == ANSWER_COPY && random_below(&a->random, 2));
    fault_supply(m, source, PAGE_BYTES, PAGE_GRANT + how - ANSWER_GRANT, writable);
    return how;
}

static bool is_watched(const struct fault *fault)
{
    return fault->access == FAULT_WRITE && pte_kind((pte_t){fault->entry}) == ENTRY_WATCHED;
}

static bool is_a_clients(uintptr_t address)
{
    return address >= STACKS || (address >= OWN_START && address < COMMON_START + COMMON_PAGES * PAGE_BYTES);
}

static enum storm_answer choose(struct answerer *a, const struct message *asked, struct message *m)
{
    struct fault fault;
    uint32_t what = random_below(&a->random, 16);
    if (!fault_read(asked, &fault) || !is_a_clients(fault.address)) {
        fault_kill(m);
        return ANSWER_KILL;
    }
    if (what < 2)
        time_sleep_us(random_below(&a->random, PAUSE_US)); /* whatever happens meanwhile */
    if (what == 2) {
        fault_retry(m, FAULT_AS_IT_IS);
        return ANSWER_RETRY;
    }
    if (!is_watched(&fault))
        return supply(a, &fault, m);
    fault_retry(m, FAULT_UNWATCH);
    return ANSWER_UNWATCH;
}

static void report(struct answerer *a, handle_t to)
{
    struct message m = {.label = REPORT_HANDLER, .words = ANSWER_COUNT};
    if (++a->answers % REPORT_EVERY)
        return;
    for (uint32_t i = 0; i < ANSWER_COUNT; i++) {
        m.word[i] = a->count[i];
        a->count[i] = 0;
    }
    (void)ipc_send(to, &m);
}

/* What can't be carried out leaves the client waiting: it is told to ask again. */
static void give(handle_t reply, struct message *m)
{
    if (m->label == FAULT_KILL && m->words == 1)
        (void)handle_close(reply);
    else if (ipc_reply(reply, m) != OK) {
        fault_retry(m, FAULT_AS_IT_IS);
        (void)ipc_reply(reply, m);
    }
}

static uint32_t seed_of_all;

static void answerer_run(void *number)
{
    struct answerer a = {.number = (uint32_t)(uintptr_t)number};
    struct message asked, m;
    handle_t reply, port = start_handle(a.number % 2 ? HANDLE_PORT_PROCESS : HANDLE_PORT_THREAD);
    a.random = random_start(seed_of_all, a.number);
    while (ipc_receive(port, &asked, &reply, NULL, 0) == OK) {
        enum storm_answer how = choose(&a, &asked, &m);
        if (how == ANSWER_KILL)
            m.words = random_below(&a.random, 2); /* 1: by giving up the reply handle */
        a.count[how]++;
        give(reply, &m);
        report(&a, start_handle(HANDLE_REPORT));
    }
}

int handler_run(uint32_t seed)
{
    handle_t thread[THREADS];
    seed_of_all = seed;
    for (uint32_t i = 0; i < THREADS; i++)
        TRY(thread_create(answerer_run, (void *)(uintptr_t)i, PRIORITY_OWN, &thread[i]));
    for (uint32_t i = 0; i < THREADS; i++)
        TRY(thread_wait(thread[i]));
    return 0;
}
