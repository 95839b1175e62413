/* try_process: processes, threads, priorities, the clock, and that each thread keeps its own FPU. */
#include "expect.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define THREADS 8u
#define ROUNDS 2000u

static char *me;

static handle_t child_start(const char *what, const char *more)
{
    handle_t child = 0;
    EXPECT_ERROR(process_spawn(me, (char *[]){me, (char *)(uintptr_t)what, (char *)(uintptr_t)more, NULL}, &child), OK);
    return child;
}

static int child_status(handle_t child)
{
    int status = -1;
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT_ERROR(handle_close(child), OK);
    return status;
}

static void sleep_for_ever(void)
{
    for (;;)
        time_sleep_us(1000000);
}

/* The parts that this program plays as a child. */
static int child_main(int argc, char **argv)
{
    if (strcmp(argv[1], "status") == 0)
        return 300; /* & 255 */
    if (strcmp(argv[1], "arguments") == 0)
        return argc == 3 && strcmp(argv[2], "two words, 'quoted'") == 0 && argv[3] == NULL ? 0 : 1;
    if (strcmp(argv[1], "fault") == 0)
        return *(volatile int *)0x7F000000;
    if (strcmp(argv[1], "parent") == 0)
        (void)child_start("sleep", NULL);
    sleep_for_ever();
    return 0;
}

static void try_processes(void)
{
    handle_t child;
    int status;
    EXPECT_ERROR(process_spawn("no_such_program", (char *[]){me, NULL}, &child), ERR_NO_ENTRY);
    EXPECT(child_status(child_start("status", NULL)) == (300 & 255));
    EXPECT(child_status(child_start("arguments", "two words, 'quoted'")) == 0);
    EXPECT(child_status(child_start("fault", NULL)) == 139);
    child = child_start("sleep", NULL);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT(status == 137);
    EXPECT_ERROR(process_wait(child, NULL), OK); /* as often as one likes */
    EXPECT_ERROR(handle_close(child), OK);
    EXPECT_ERROR(process_wait(child, &status), ERR_HANDLE);
    EXPECT_ERROR(process_kill(child), ERR_HANDLE);
    EXPECT(process_id() != 0);
}

/* A process that is killed takes those with it that it started. */
static void try_family(void)
{
    static struct process_info list[64];
    uint32_t before = 0, with = 0, after = 0;
    EXPECT_ERROR(process_list(0, list, 64, &before), OK);
    handle_t child = child_start("parent", NULL);
    for (uint32_t i = 0; i < 1000 && with < before + 2; i++) {
        time_sleep_us(1000);
        EXPECT_ERROR(process_list(0, list, 64, &with), OK);
    }
    EXPECT(with == before + 2);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT(child_status(child) == 137);
    for (uint32_t i = 0; i < 1000 && (i == 0 || after > before); i++) {
        time_sleep_us(1000);
        EXPECT_ERROR(process_list(0, list, 64, &after), OK);
    }
    EXPECT(after == before);
}

static volatile double result_of[THREADS];

static void go_on(void) {}

/* A sum that depends on every bit of the FPU's state being this thread's own. One piece of code for both ways, or the
 * compiler would round at other places. */
static __attribute__((noinline)) double series(uint32_t seed, void (*volatile pause)(void))
{
    double sum = seed;
    for (uint32_t i = 1; i <= ROUNDS; i++) {
        sum = sum * 1.0001 + 1.0 / (i + seed);
        if (i % 16 == 0)
            pause();
    }
    return sum;
}

static void fpu_thread(void *argument)
{
    uint32_t seed = (uint32_t)(uintptr_t)argument;
    result_of[seed] = series(seed, thread_yield);
}

static void try_threads(void)
{
    handle_t thread[THREADS];
    for (uint32_t i = 0; i < THREADS; i++)
        EXPECT_ERROR(thread_create(fpu_thread, (void *)(uintptr_t)i, PRIORITY_OWN, &thread[i]), OK);
    for (uint32_t i = 0; i < THREADS; i++) {
        EXPECT_ERROR(thread_wait(thread[i]), OK);
        EXPECT_ERROR(handle_close(thread[i]), OK);
        volatile double alone = series(i, go_on); /* stored: both have been rounded to 64 bits */
        EXPECT(result_of[i] == alone);
    }
}

static volatile uint32_t order, low_ran, high_ran;
static void low_thread(void *argument)
{
    (void)argument;
    low_ran = ++order;
    thread_exit();
}
static void high_thread(void *argument)
{
    (void)argument;
    high_ran = ++order;
}

static void try_priorities(void)
{
    handle_t low, high;
    EXPECT_ERROR(thread_create(low_thread, NULL, 31, &low), ERR_RIGHTS); /* above one's own */
    EXPECT_ERROR(thread_create(low_thread, NULL, 33, &low), ERR_RANGE);
    EXPECT_ERROR(thread_create(low_thread, NULL, 1, &low), OK);
    thread_yield(); /* not to it: it is below */
    EXPECT(low_ran == 0);
    EXPECT_ERROR(thread_create(high_thread, NULL, PRIORITY_OWN, &high), OK);
    EXPECT_ERROR(thread_wait(high), OK);
    EXPECT_ERROR(thread_wait(low), OK);
    EXPECT(high_ran == 1 && low_ran == 2);
    EXPECT_ERROR(handle_close(high), OK);
    EXPECT_ERROR(handle_close(low), OK);
}

static volatile bool stop;
static void spinning_thread(void *argument)
{
    while (!stop)
        ++*(volatile uint32_t *)argument;
}

/* Two that never give the processor up both go on: the timer takes it from them. */
static void try_preemption(void)
{
    handle_t thread[2];
    uint32_t count[2] = {0, 0};
    for (uint32_t i = 0; i < 2; i++)
        EXPECT_ERROR(thread_create(spinning_thread, &count[i], PRIORITY_OWN, &thread[i]), OK);
    time_sleep_us(200000);
    stop = true;
    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_ERROR(thread_wait(thread[i]), OK);
        EXPECT_ERROR(handle_close(thread[i]), OK);
        EXPECT(count[i] > 0);
    }
}

static void try_clock(void)
{
    uint64_t before = time_now_us(), last = before;
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t now = time_now_us();
        EXPECT(now >= last);
        last = now;
    }
    time_sleep_us(30000);
    EXPECT(time_now_us() >= before + 30000);
    uint64_t until = time_now_us() + 10000;
    time_sleep_until_us(until);
    EXPECT(time_now_us() >= until);
    time_sleep_until_us(1); /* long past: at once */
}

int main(int argc, char **argv)
{
    me = argv[0];
    if (argc > 1)
        return child_main(argc, argv);
    try_processes();
    try_family();
    try_threads();
    try_priorities();
    try_preemption();
    try_clock();
    return expect_end("try_process");
}
