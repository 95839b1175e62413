/* Senseless arguments, and those that make too much sense. */
#include "apps/badcalls/arguments.h"
#include "abi/layout.h"
#include "abi/syscalls.h"
#include "common/units.h"
#include <apteryx/random.h>

#define PRIORITY_MAX 31u
#define SLEEP_MAX_US 1000u

static const uint32_t values[] = {
    0,
    1,
    0xFFFFFFFFu,
    2,
    PAGE_BYTES - 1,
    PAGE_BYTES,
    PAGE_BYTES + 1,
    0x80000000u,
    KERNEL_SPACE - PAGE_BYTES,
    KERNEL_SPACE,
    INFO_PAGE,
    0xFFFFF000u,
    TEST_PAGE_VALID,
    TEST_PAGE_VALID + 4,
    TEST_PAGE_EVICTED - 2, /* across two pages */
    TEST_PAGE_EVICTED,
    TEST_PAGE_NOTHING - 4,
    TEST_PAGE_NOTHING,
};
#define VALUES (sizeof values / sizeof values[0])

static uint32_t value(uint32_t *random) { return values[random_below(random, VALUES)]; }

static bool is_ipc(uint32_t number) { return number >= SYSCALL_ipc_call && number <= SYSCALL_ipc_reply_receive; }

struct arguments arguments_make(uint32_t number, uint32_t *random)
{
    struct arguments a = {.number = number, .upper = 0};
    a.b = value(random);
    a.d = value(random);
    a.s = value(random);
    a.t = value(random);
    a.p = value(random);
    if (is_ipc(number)) {
        uint32_t handle = random_below(random, 4),
                 words = random_below(random, 4) == 0 ? value(random) : value(random) % 8;
        a.upper = handle << 17 | (words & 0x1FFu) << 8 | (random_below(random, 2) != 0 ? IPC_LONG : 0u);
    }
    return a;
}

/* Does start … start + bytes take in anything of the program but its test pages? */
static bool range_is_own(uint32_t start, uint32_t bytes)
{
    bool sound = start % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0 && bytes != 0 && start + bytes > start &&
                 start + bytes <= KERNEL_SPACE;
    return sound && (start < TEST_START || start + bytes > TEST_START + TABLE_SPAN_BYTES);
}

/* The test pages, the information page, and the message buffer of the thread that makes the calls. */
static bool is_readable(uint32_t address)
{
    return address == INFO_PAGE || address == KERNEL_SPACE - PAGE_BYTES ||
           (address >= TEST_START && address < TEST_PAGE_NOTHING);
}

bool arguments_are_harmful(const struct arguments *a, uint64_t now_us)
{
    switch (a->number) {
    case SYSCALL_process_exit:
    case SYSCALL_thread_exit:
        return true;
    case SYSCALL_vm_set:
    case SYSCALL_vm_set_dma:
    case SYSCALL_vm_set_special:
        return range_is_own(a->b, a->d);
    case SYSCALL_thread_create: /* it would run anywhere, and fault */
        return a->s <= PRIORITY_MAX;
    case SYSCALL_time_sleep_until:
        return (((uint64_t)a->d << 32) | a->b) > now_us + SLEEP_MAX_US;
    case SYSCALL_log_write:
        return is_readable(a->b);
    default:
        return false;
    }
}
