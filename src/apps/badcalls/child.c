/* A child of badcalls. One thread makes the calls; the first thread watches, and frees it when it waits for a message
 * that nobody would send: by a notification, or by receiving what it sends. */
#include "apps/badcalls/child.h"
#include "apps/badcalls/arguments.h"
#include "abi/syscalls.h"
#include "common/number.h"
#include "common/units.h"
#include "lib/system_call.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/random.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define STUCK_AFTER_US 10000000u
#define RESCUE_WAIT_US 200u
#define YIELDS_BEFORE_RESCUE 4u
#define CHECKS_MAX 20u /* a walk over the machine's memory each */

static uint32_t number, sets, seed;
static volatile uint32_t made, wrong;
static volatile bool finished;

static err_t call_make(const struct arguments *a)
{
    struct ipc_head in = {a->d, 0, {a->b, a->s, a->t, a->p}}, out;
    return (err_t)(ipc_gate(a->number | a->upper, &in, &out) & 0x7Fu);
}

/* Fresh pages, one of them evicted, the one behind them nothing. */
static err_t pages_prepare(void)
{
    TRY(vm_set(TEST_START, TABLE_SPAN_BYTES, VM_NONE));
    TRY(vm_set(TEST_PAGE_VALID, 2 * PAGE_BYTES, VM_ON_DEMAND));
    for (uint32_t i = 0; i < 2 * PAGE_BYTES; i += 4)
        *(volatile uint32_t *)(TEST_START + i) = i;
    return vm_page_out(TEST_PAGE_EVICTED, PAGE_BYTES);
}

static void calls_make(void *unused)
{
    uint32_t random = random_start(seed, number), checks = 0;
    (void)unused;
    (void)system_call_plain(SYSCALL_ipc_listen, TEST_PORT, 0, 0, 0);
    for (; made < sets; made++) {
        struct arguments a = arguments_make(number, &random);
        bool dear = number == SYSCALL_check && a.b - TEST_START < 2 * PAGE_BYTES && ++checks > CHECKS_MAX;
        if (dear || arguments_are_harmful(&a, number == SYSCALL_time_sleep_until ? time_now_us() : 0))
            continue;
        if (made % 512 == 0)
            (void)pages_prepare(); /* what the calls did to them is undone now and then */
        if (call_make(&a) >= ERR_COUNT)
            wrong++;
    }
    finished = true;
}

static void rescue(void)
{
    static struct message m;
    static const struct message nothing;
    handle_t reply;
    uint32_t before = made;
    (void)ipc_notify(TEST_PORT, 1);
    thread_yield(); /* a receiver has to come first, or its notification is received below */
    if (made != before)
        return;
    while (ipc_receive(TEST_PORT, &m, &reply, NULL, time_now_us() + RESCUE_WAIT_US) == OK)
        if (reply != 0)
            (void)ipc_reply(reply, &nothing);
}

/* False: the calls do not go on. */
static bool calls_watch(void)
{
    uint32_t seen = 0, yields = 0;
    uint64_t since = time_now_us();
    while (!finished) {
        thread_yield();
        if (made != seen) {
            seen = made;
            yields = 0;
            since = time_now_us();
        } else if (++yields >= YIELDS_BEFORE_RESCUE) {
            rescue();
            if (time_now_us() - since > STUCK_AFTER_US)
                return false;
        }
    }
    return true;
}

int child_main(int argc, char **argv)
{
    handle_t thread;
    if (argc != 5 || !number_decimal(argv[2], &number) || !number_decimal(argv[3], &sets) ||
        !number_decimal(argv[4], &seed) || start_handle(TEST_PORT) == 0)
        return STATUS_USAGE;
    if (pages_prepare() != OK || thread_create(calls_make, NULL, PRIORITY_OWN, &thread) != OK)
        return STATUS_USAGE;
    if (!calls_watch()) {
        print("badcalls: call %u, set %u does not come back\n", number, made);
        return STATUS_STUCK;
    }
    if (wrong != 0)
        print("badcalls: call %u: %u answers are no error values\n", number, wrong);
    return wrong != 0 ? STATUS_WRONG : 0;
}
