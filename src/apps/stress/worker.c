#include "apps/stress/worker.h"
#include "apps/stress/region.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/random.h>
#include <apteryx/string.h>

#define PERCENT 100u

/* A thread's part of the pages in one pass. Counts are its own, and added up when it has ended. */
struct share {
    const struct stress *stress;
    uint32_t pass, first, pages, seed;
    struct arrival found;
};

static struct share shares[THREADS_MAX];

static void check(struct share *share, uint32_t page)
{
    share->found.verified++;
    share->found.lost += !region_check(page);
}

static void fill(struct share *share)
{
    for (uint32_t i = 0; i < share->pages; i++)
        region_write(share->first + i);
    share->found.touched = share->pages;
}

static void share_run(void *argument)
{
    struct share *share = argument;
    const struct stress *stress = share->stress;
    bool last_look = share->pass >= stress->rounds;
    uint32_t random = random_start(share->seed, 2), page;
    struct walk walk;
    if (share->pass == 0) {
        fill(share);
        return;
    }
    walk_start(&walk, last_look ? PATTERN_SEQ : stress->pattern, share->pages, share->seed);
    while (walk_next(&walk, &page)) {
        check(share, share->first + page);
        if (!last_look && random_below(&random, PERCENT) < stress->writes)
            region_write(share->first + page);
    }
}

static void share_make(struct share *share, const struct stress *stress, uint32_t pass, uint32_t thread)
{
    uint32_t first = stress->pages * thread / stress->threads;
    uint32_t end = stress->pages * (thread + 1) / stress->threads;
    *share = (struct share){.stress = stress, .pass = pass, .first = first, .pages = end - first};
    share->seed = random_start(random_start(stress->seed, stress->worker * THREADS_MAX + thread), pass);
}

/* The first share is this thread's own. */
static err_t pass_run(const struct stress *stress, uint32_t pass, struct arrival *sum)
{
    handle_t thread[THREADS_MAX];
    uint32_t started;
    err_t err = OK;
    for (uint32_t i = 0; i < stress->threads; i++)
        share_make(&shares[i], stress, pass, i);
    for (started = 1; started < stress->threads && err == OK; started++)
        err = thread_create(share_run, &shares[started], PRIORITY_OWN, &thread[started]);
    if (err != OK)
        started--;
    else
        share_run(&shares[0]);
    for (uint32_t i = 1; i < started; i++) {
        (void)thread_wait(thread[i]);
        (void)handle_close(thread[i]);
    }
    for (uint32_t i = 0; i < stress->threads; i++) {
        sum->touched += shares[i].found.touched;
        sum->verified += shares[i].found.verified;
        sum->lost += shares[i].found.lost;
    }
    return err;
}

/* false: the parent says that it is over, or is gone. */
static bool arrive(handle_t parent, uint32_t worker, const struct arrival *arrival)
{
    static struct message m;
    m = (struct message){.label = STRESS_ARRIVED, .words = 1 + sizeof(*arrival) / sizeof(m.word[0]), .word = {worker}};
    memcpy(&m.word[1], arrival, sizeof(*arrival));
    return ipc_call(parent, &m) == OK && m.words == 1 && m.word[0] == 1;
}

int worker_run(const struct stress *stress)
{
    handle_t parent;
    struct arrival sum = {0, 0, 0, 0};
    if (stress->parent == NULL || name_lookup(stress->parent, &parent) != OK)
        return STATUS_USAGE;
    err_t err = region_make(stress->pattern, stress->pages, stress->seed, stress->worker);
    uint32_t passes = stress_passes(stress), pass = 0;
    do {
        if (err != OK) {
            print("stress: process %u: %u pages are refused: %s\n", stress->worker, stress->pages, err_name(err));
            print_flush();
            sum.status = STATUS_REFUSED;
        }
        if (!arrive(parent, stress->worker, &sum) || err != OK)
            break;
        if (pass < passes)
            err = pass_run(stress, pass, &sum);
    } while (pass++ < passes);
    if (sum.status != 0)
        return (int)sum.status;
    return sum.lost > 0 ? STATUS_LOST : 0;
}
