#include "apps/stress/parent.h"
#include "apps/stress/worker.h"
#include "abi/file_client.h"
#include "common/format.h"
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/memory.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

#define OVERCOMMIT_PROGRAM "stress_over" /* the same sources, and a note */
#define LOOK_AFTER_US 1000000u           /* that often: is every worker that we wait for alive? */
#define NAME_BYTES 24u

static struct worker {
    handle_t child, reply; /* reply: it has arrived */
    uint32_t pid;
    struct arrival arrival;
} * workers; /* one for each process */

static uint32_t started;
static handle_t port;

struct counters {
    uint32_t faults_zero, faults_soft, faults_swap, swap_in, swap_out;
};

static struct counters counters_now(void)
{
    const volatile struct info *i = info();
    return (struct counters){i->faults_zero, i->faults_soft, i->faults_swap, i->swap_in, i->swap_out};
}

/* The program that workers run: this one, or the other that is beside it. */
static const char *worker_program(const struct stress *stress, const char *self)
{
    static char other[FILE_PATH_MAX + 1];
    uint32_t folder = strlen(self);
    while (folder > 0 && self[folder - 1] != '/')
        folder--;
    (void)format_text(other, sizeof(other), "%.*s" OVERCOMMIT_PROGRAM, (int)folder, self);
    return stress->overcommit ? other : self;
}

static err_t worker_start(struct worker *worker, const struct stress *stress, const char *name, int argc, char **argv)
{
    char number[12], *word[SPAWN_ARGUMENTS + 1];
    uint32_t words = (uint32_t)argc;
    if (words + 4 > SPAWN_ARGUMENTS)
        return ERR_TOO_LONG;
    memcpy(word, argv, words * sizeof(word[0]));
    (void)format_text(number, sizeof(number), "%u", started);
    word[words++] = (char *)"--worker";
    word[words++] = number;
    word[words++] = (char *)"--parent";
    word[words++] = (char *)name;
    word[words] = NULL;
    TRY(process_spawn(worker_program(stress, argv[0]), word, &worker->child));
    worker->pid = process_spawned_id();
    return OK;
}

/* Locked as all that stress keeps for itself (main.c). */
static err_t workers_make(uint32_t processes)
{
    workers = calloc(processes, sizeof(*workers));
    if (workers == NULL)
        return ERR_COMMIT;
    (void)process_lock_object(workers, processes * sizeof(*workers));
    return OK;
}

static err_t workers_start(const struct stress *stress, int argc, char **argv)
{
    char name[NAME_BYTES];
    TRY(workers_make(stress->processes));
    (void)format_text(name, sizeof(name), "stress-%u", process_id());
    TRY(port_create(&port));
    TRY(name_register(name, port));
    for (started = 0; started < stress->processes; started++)
        TRY(worker_start(&workers[started], stress, name, argc, argv));
    return OK;
}

static bool is_alive(uint32_t pid)
{
    struct process_info info;
    uint32_t count = 0;
    err_t err = process_list(pid, &info, 1, &count);
    return err == OK && count == 1 && info.pid == pid && info.state != PROCESS_ENDED;
}

/* One that we wait for and that is no more; NOBODY: all live. */
static uint32_t missing_worker(void)
{
    for (uint32_t i = 0; i < started; i++)
        if (workers[i].reply == 0 && !is_alive(workers[i].pid))
            return i;
    return NOBODY;
}

static bool arrival_note(const struct message *m, handle_t reply)
{
    if (m->label != STRESS_ARRIVED || m->words != 1 + sizeof(struct arrival) / sizeof(m->word[0]) ||
        m->word[0] >= started || workers[m->word[0]].reply != 0)
        return false;
    struct worker *worker = &workers[m->word[0]];
    worker->reply = reply;
    memcpy(&worker->arrival, &m->word[1], sizeof(worker->arrival));
    return true;
}

/* Until all have arrived. => ERR_DEAD: one of them has ended */
static err_t workers_await(void)
{
    static struct message m;
    for (uint32_t arrived = 0; arrived < started;) {
        handle_t reply;
        err_t err = ipc_receive(port, &m, &reply, NULL, time_now_us() + LOOK_AFTER_US);
        if (err == OK) {
            arrived += arrival_note(&m, reply);
            continue;
        }
        if (err != ERR_TIME) {
            print("stress: cannot wait for the processes: %s\n", err_name(err));
            return err;
        }
        uint32_t missing = missing_worker();
        if (missing != NOBODY) {
            print("stress: process %u (pid %u) has ended before its time\n", missing, workers[missing].pid);
            return ERR_DEAD;
        }
    }
    return OK;
}

static uint32_t workers_status(void)
{
    uint32_t worst = 0;
    for (uint32_t i = 0; i < started; i++)
        if (workers[i].arrival.status > worst)
            worst = workers[i].arrival.status;
    return worst;
}

static void workers_release(bool go_on)
{
    static struct message m;
    for (uint32_t i = 0; i < started; i++) {
        handle_t reply = workers[i].reply;
        m = (struct message){.words = 1, .word = {go_on}};
        workers[i].reply = 0;
        if (reply != 0)
            (void)ipc_reply(reply, &m); /* one that has died is noticed at the next round */
    }
}

static void workers_end(bool kill)
{
    for (uint32_t i = 0; i < started; i++) {
        if (kill)
            (void)process_kill(workers[i].child); /* it may have ended by itself */
        (void)process_wait(workers[i].child, NULL);
        (void)handle_close(workers[i].child);
    }
}

/* Arrival n ends pass n - 1; the last round's counters begin when it is released. */
static uint32_t passes_run(const struct stress *stress, struct counters *last_begin, struct counters *last_end)
{
    uint32_t passes = stress_passes(stress);
    *last_begin = *last_end = counters_now();
    for (uint32_t pass = 0; pass <= passes; pass++) {
        err_t err = workers_await();
        if (pass == stress->rounds)
            *last_end = counters_now();
        if (err != OK)
            return STATUS_LOST;
        if (workers_status() != 0 || pass == passes)
            break;
        if (pass < stress->rounds)
            print("stress: round %u of %u%s\n", pass + 1, stress->rounds, pass == 0 ? " (fill)" : "");
        else
            print("stress: reading every page once more\n");
        if (pass == stress->rounds - 1)
            *last_begin = counters_now();
        workers_release(true);
    }
    return workers_status();
}

static int sum_up(const struct stress *stress, uint32_t status, const struct counters *begin,
                  const struct counters *last_begin, const struct counters *last_end)
{
    struct arrival sum = {status, 0, 0, 0};
    struct counters end = counters_now();
    for (uint32_t i = 0; i < started; i++) {
        sum.touched += workers[i].arrival.touched;
        sum.verified += workers[i].arrival.verified;
        sum.lost += workers[i].arrival.lost;
    }
    if (sum.status == 0 && sum.lost > 0)
        sum.status = STATUS_LOST;
    result("stress",
           "procs=%u pages=%u touched=%u verified=%u lost=%u rounds=%u seed=%u faults_zero=%u faults_soft=%u "
           "faults_swap=%u swap_in=%u swap_out=%u last_round_swap_in=%u last_round_swap_out=%u status=%u",
           stress->processes, stress->processes * stress->pages, sum.touched, sum.verified, sum.lost, stress->rounds,
           stress->seed, end.faults_zero - begin->faults_zero, end.faults_soft - begin->faults_soft,
           end.faults_swap - begin->faults_swap, end.swap_in - begin->swap_in, end.swap_out - begin->swap_out,
           last_end->swap_in - last_begin->swap_in, last_end->swap_out - last_begin->swap_out, sum.status);
    return (int)sum.status;
}

static bool is_refusal(err_t err) { return err == ERR_COMMIT || err == ERR_MEMORY || err == ERR_LIMIT; }

int parent_run(const struct stress *stress, int argc, char **argv)
{
    struct counters begin = counters_now(), last_begin = begin, last_end = begin;
    uint32_t status;
    err_t err = workers_start(stress, argc, argv);
    if (err == OK) {
        status = passes_run(stress, &last_begin, &last_end);
    } else {
        print("stress: process %u cannot be started: %s\n", started, err_name(err));
        status = is_refusal(err) ? STATUS_REFUSED : STATUS_LOST;
    }
    int end = sum_up(stress, status, &begin, &last_begin, &last_end);
    workers_release(false);
    workers_end(status != 0);
    return end;
}
