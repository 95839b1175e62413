/* Starts the sleepers, wakes them round after round, a few at a time, and adds up what they found. A sleeper waits for
 * the answer to its message, so that it costs a reply handle here and nothing else. */
#include "apps/crowd/crowd.h"
#include "common/format.h"
#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/memory.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/random.h>
#include <apteryx/time.h>

#define AWAKE_MAX 8u           /* at a time: while one waits for the disk, others run */
#define LOOK_AFTER_US 2000000u /* that often: do those that we wait for live? */
#define PROGRESS 1000u

static struct sleeper {
    handle_t child, reply; /* reply: it sleeps */
    uint32_t pid;
} * sleepers;

static uint32_t *order; /* in which they are woken */
static uint32_t started, verified, lost;
static handle_t port;

static uint32_t kernel_frames(void)
{
    const volatile struct info *i = info();
    return i->frames_kernel + i->frames_tables;
}

static err_t sleeper_start(const struct crowd *crowd, uint32_t who)
{
    static char number[4][12];
    static char verify[] = "--verify";
    static char *const name[] = {"--sleeper", "--procs", "--pages", "--seed"};
    const uint32_t value[] = {who, crowd->processes, crowd->pages, crowd->seed};
    char *word[] = {
        crowd->program, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, crowd->verify ? verify : NULL, NULL};
    for (uint32_t i = 0; i < 4; i++) {
        (void)format_text(number[i], sizeof(number[i]), "%u", value[i]);
        word[1 + 2 * i] = name[i];
        word[2 + 2 * i] = number[i];
    }
    const struct spawn_options options = {.handle = &port, .handles = 1};
    TRY(process_spawn_with(crowd->program, word, &options, &sleepers[who].child));
    sleepers[who].pid = process_spawned_id();
    started++;
    return OK;
}

static err_t sleeper_wake(uint32_t who)
{
    static const struct message go_on;
    handle_t reply = sleepers[who].reply;
    sleepers[who].reply = 0;
    return ipc_reply(reply, &go_on);
}

static bool is_alive(uint32_t pid)
{
    struct process_info info;
    uint32_t count = 0;
    err_t err = process_list(pid, &info, 1, &count);
    return err == OK && count == 1 && info.pid == pid && info.state != PROCESS_ENDED;
}

/* One of those that were woken is no more. */
static bool one_is_missing(void)
{
    for (uint32_t i = 0; i < started; i++)
        if (sleepers[i].reply == 0 && sleepers[i].child != 0 && !is_alive(sleepers[i].pid)) {
            print("crowd: process %u (pid %u) has ended before its time\n", i, sleepers[i].pid);
            return true;
        }
    return false;
}

/* The next one that goes to sleep. */
static err_t arrival_await(void)
{
    static struct message m;
    handle_t reply;
    err_t err;
    do {
        err = ipc_receive(port, &m, &reply, NULL, time_now_us() + LOOK_AFTER_US);
        if (err == ERR_TIME && one_is_missing())
            return ERR_DEAD;
    } while (err == ERR_TIME);
    TRY(err);
    uint32_t who = m.word[CROWD_WHO];
    if (m.label != CROWD_ARRIVED || m.words != CROWD_WORDS || who >= started || sleepers[who].reply != 0)
        return ERR_RANGE;
    sleepers[who].reply = reply;
    verified += m.word[CROWD_VERIFIED];
    lost += m.word[CROWD_WRONG];
    return (err_t)m.word[CROWD_ERROR];
}

/* Round 0 starts them, in order of their numbers; the others wake them in an order of their own. */
static void order_make(const struct crowd *crowd, uint32_t round)
{
    uint32_t random = random_start(crowd->seed, round);
    for (uint32_t i = 0; i < crowd->processes; i++) {
        uint32_t at = round == 0 ? i : random_below(&random, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
}

static err_t round_run(const struct crowd *crowd, uint32_t round)
{
    uint32_t awake = 0;
    order_make(crowd, round);
    for (uint32_t i = 0; i < crowd->processes; i++) {
        TRY(round == 0 ? sleeper_start(crowd, order[i]) : sleeper_wake(order[i]));
        if (++awake == AWAKE_MAX) {
            TRY(arrival_await());
            awake--;
        }
        if ((i + 1) % PROGRESS == 0)
            print("crowd: round %u of %u: %u processes\n", round + 1, crowd->rounds, i + 1);
    }
    for (; awake > 0; awake--)
        TRY(arrival_await());
    return OK;
}

static err_t rounds_run(const struct crowd *crowd)
{
    sleepers = calloc(crowd->processes, sizeof(*sleepers));
    order = calloc(crowd->processes, sizeof(*order));
    if (sleepers == NULL || order == NULL)
        return ERR_COMMIT;
    TRY(port_create(&port));
    for (uint32_t round = 0; round < crowd->rounds; round++)
        TRY(round_run(crowd, round));
    return OK;
}

/* All at once: whoever sleeps need not be brought in to be ended. */
static void crowd_end(void)
{
    for (uint32_t i = 0; i < started; i++)
        (void)process_kill(sleepers[i].child); /* it may have ended by itself */
    for (uint32_t i = 0; i < started; i++) {
        (void)process_wait(sleepers[i].child, NULL);
        (void)handle_close(sleepers[i].child);
        if (sleepers[i].reply != 0)
            (void)handle_close(sleepers[i].reply);
    }
}

static int status_of(err_t err)
{
    if (err == OK)
        return lost > 0 ? STATUS_LOST : 0;
    return err == ERR_COMMIT || err == ERR_MEMORY || err == ERR_LIMIT ? STATUS_REFUSED : STATUS_LOST;
}

int parent_run(const struct crowd *crowd)
{
    print_open();
    uint32_t frames = kernel_frames();
    err_t err = rounds_run(crowd);
    uint32_t now = kernel_frames(), more = now > frames ? now - frames : 0;
    uint32_t bytes = started ? (uint32_t)((uint64_t)more * PAGE_BYTES / started) : 0;
    if (err != OK)
        print("crowd: after %u processes: %s\n", started, err_name(err));
    result("crowd", "procs=%u pages=%u verified=%u lost=%u resident_per_sleeper=%u rounds=%u seed=%u status=%d",
           started, started * crowd->pages, verified, lost, bytes, crowd->rounds, crowd->seed, status_of(err));
    crowd_end();
    return status_of(err);
}
