/* fault_storm --groups N --clients N --threads N --pages N --operations N --lives N [--seed S]: processes whose pages come
 * from handlers in other processes, which supply, retry and kill in random order, and are killed themselves. Of every
 * second group the ports outlive the handlers: its clients notice nothing. Of the others they die with them, and the
 * clients too.
 * RESULT fault_storm: clients finished ended wrong verified handlers retried unwatched granted mapped copied killed. */
#include "storm.h"
#include "common/format.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/time.h>

#define GROUPS_MAX 8u
#define CLIENTS_MAX 32u
#define STATUS_FAULT 139
#define PORTS 2u
#define TRIES 1000u

struct group {
    bool lasts;              /* its ports */
    handle_t port[PORTS];    /* to be called: by the process's faults, and by the thread's */
    handle_t receive[PORTS]; /* of one that lasts */
    handle_t handler;
};
static struct group groups[GROUPS_MAX];
static handle_t report;
static uint32_t group_count = 2, clients = 2, threads = 4, pages = 100, operations = 500, lives = 3, seed = 1;
static uint32_t random_state, finished, ended, wrong, verified, handlers, answers[ANSWER_COUNT];
static volatile uint32_t nannies; /* at work */

static void add(uint32_t *count, uint32_t n) { __atomic_add_fetch(count, n, __ATOMIC_RELAXED); }

static void reporter(void *unused)
{
    struct message m;
    (void)unused;
    while (ipc_receive(report, &m, NULL, NULL, 0) == OK && m.label != REPORT_END)
        for (uint32_t i = 0; i < m.words && i < ANSWER_COUNT; i++)
            add(m.label == REPORT_CLIENT ? &verified : &answers[i], m.word[i]);
}

static err_t child_start(const char *role, uint32_t child_seed, const handle_t *ports, handle_t fault_port,
                         handle_t *child)
{
    const uint32_t number[] = {child_seed, threads, pages, operations};
    char text[4][12];
    char *argv[] = {"fault_storm", (char *)(uintptr_t)role, "--seed", text[0], "--threads", text[1], "--pages",
                    text[2],       "--operations",          text[3],  NULL};
    const handle_t handle[] = {ports[0], ports[1], report};
    for (uint32_t i = 0; i < 4; i++)
        format_text(text[i], sizeof text[i], "%u", number[i]);
    return process_spawn_with("fault_storm", argv,
                              &(struct spawn_options){.handle = handle, .handles = 3, .fault_port = fault_port}, child);
}

/* ---- handlers ---- */

static err_t ports_make(struct group *g)
{
    for (uint32_t i = 0; i < PORTS; i++) {
        TRY(port_create(&g->receive[i]));
        TRY(handle_copy(g->receive[i], RIGHT_SEND | RIGHT_PASS, 0, &g->port[i]));
    }
    return OK;
}

static err_t handles_close(handle_t *handle)
{
    for (uint32_t i = 0; i < PORTS; i++)
        TRY(handle_close(handle[i]));
    return OK;
}

static err_t handler_start(struct group *g)
{
    TRY(child_start("handler", seed * 1000 + ++handlers, g->receive, 0, &g->handler));
    return g->lasts ? OK : handles_close(g->receive);
}

static err_t handler_end(struct group *g)
{
    TRY(process_kill(g->handler));
    TRY(process_wait(g->handler, NULL));
    return handle_close(g->handler);
}

static err_t handler_replace(struct group *g)
{
    struct group was = *g;
    TRY(handler_end(g));
    if (!g->lasts) {
        TRY(ports_make(g));
        TRY(handles_close(was.port));
    }
    return handler_start(g);
}

/* ---- clients: each has a nanny, a thread that starts it anew ---- */

static void life(uint32_t client, uint32_t client_seed)
{
    const struct group *g = &groups[client % group_count];
    handle_t child = 0;
    int status;
    for (uint32_t i = 0; i < TRIES && child_start("client", client_seed, g->port, g->port[0], &child) != OK; i++)
        time_sleep_us(1000); /* the ports are being replaced */
    if (process_wait(child, &status) != OK || handle_close(child) != OK)
        status = 1;
    bool doomed = client_seed % 3 == 0, faulted = status == STATUS_FAULT;
    add(faulted ? &ended : &finished, 1);
    if ((!faulted && status != 0) || (g->lasts && faulted != doomed)) {
        print("fault_storm: client %u, seed %u: status %d\n", client, client_seed, status);
        add(&wrong, 1);
    }
}

static void nanny(void *client)
{
    uint32_t number = (uint32_t)(uintptr_t)client;
    for (uint32_t i = 0; i < lives; i++)
        life(number, (seed * 100 + number) * 100 + i);
    __atomic_sub_fetch(&nannies, 1, __ATOMIC_RELAXED);
}

static err_t storm(void)
{
    handle_t thread[CLIENTS_MAX + 1];
    nannies = group_count * clients;
    for (uint32_t i = 0; i < group_count; i++) {
        groups[i].lasts = i % 2 == 0;
        TRY(ports_make(&groups[i]));
        TRY(handler_start(&groups[i]));
    }
    TRY(thread_create(reporter, NULL, PRIORITY_OWN, &thread[nannies]));
    for (uint32_t i = 0, count = nannies; i < count; i++)
        TRY(thread_create(nanny, (void *)(uintptr_t)i, PRIORITY_OWN, &thread[i]));
    while (nannies) {
        time_sleep_us(50000 + random_below(&random_state, 150000));
        TRY(handler_replace(&groups[random_below(&random_state, group_count)]));
    }
    for (uint32_t i = 0; i < group_count; i++) {
        TRY(handler_end(&groups[i]));
        TRY(handles_close(groups[i].port));
        if (groups[i].lasts)
            TRY(handles_close(groups[i].receive));
    }
    TRY(ipc_send(report, &(struct message){.label = REPORT_END}));
    for (uint32_t i = 0; i <= group_count * clients; i++) {
        TRY(thread_wait(thread[i]));
        TRY(handle_close(thread[i]));
    }
    return OK;
}

static int referee(void)
{
    random_state = random_start(seed, 0);
    err_t error = port_create(&report);
    if (error == OK)
        error = storm();
    if (error != OK)
        print("fault_storm: %s\n", err_name(error));
    result(
        "fault_storm",
        "clients=%u finished=%u ended=%u wrong=%u verified=%u handlers=%u retried=%u unwatched=%u granted=%u mapped=%u "
        "copied=%u killed=%u",
        group_count * clients * lives, finished, ended, wrong, verified, handlers, answers[ANSWER_RETRY],
        answers[ANSWER_UNWATCH], answers[ANSWER_GRANT], answers[ANSWER_MAP], answers[ANSWER_COPY],
        answers[ANSWER_KILL]);
    return error == OK && wrong == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *role = NULL;
    const struct option list[] = {
        {"--groups", OPTION_NUMBER, {.number = &group_count}, "handlers, each with its clients"},
        {"--clients", OPTION_NUMBER, {.number = &clients}, "processes of each group"},
        {"--threads", OPTION_NUMBER, {.number = &threads}, "of each client"},
        {"--pages", OPTION_NUMBER, {.number = &pages}, "of each thread"},
        {"--operations", OPTION_NUMBER, {.number = &operations}, "of each thread"},
        {"--lives", OPTION_NUMBER, {.number = &lives}, "of each client"},
        {"--seed", OPTION_NUMBER, {.number = &seed}, "of the random numbers"},
    };
    const struct options options = {
        "fault_storm [option …]", "faults that others answer", list, sizeof list / sizeof *list, &role, 1};
    if (!options_read(&options, argc, argv))
        return group_count == 0 || group_count > GROUPS_MAX || group_count * clients > CLIENTS_MAX ? 2 : referee();
    return role[0] == 'h' ? handler_run(seed) : client_run(seed, threads, pages, operations);
}
