/* bench [NAME...]: what calls, messages, faults, marking and the search for holes cost, each row by itself. */
#include "apps/bench/handlers.h"
#include "apps/bench/memory.h"
#include "apps/bench/messages.h"
#include "apps/bench/peer.h"
#include "apps/bench/samples.h"
#include "apps/bench/unit.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>

#define STATUS_WRONG 1

static const struct row {
    const char *name;
    err_t (*run)(void);
} rows[] = {
    {"null_call", bench_null_call},
    {"ipc_0", bench_ipc_0},
    {"ipc_4", bench_ipc_4},
    {"ipc_64", bench_ipc_64},
    {"fault_zero", bench_fault_zero},
    {"fault_soft", bench_fault_soft},
    {"fault_swap", bench_fault_swap},
    {"mark_4k", bench_mark_4k},
    {"mark_1g", bench_mark_1g},
    {"find_hole", bench_find_hole},
    {"find_hole_cold", bench_find_hole_cold},
    {"find_hole_empty", bench_find_hole_empty},
    {"mark_space", bench_mark_space},
    {"fault_handler", bench_fault_handler},
    {"fault_pager", bench_fault_pager},
};

/* What the other process of a row is for. */
static const struct service {
    const char *option;
    int (*serve)(void);
} services[] = {
    {SERVE_MESSAGES, messages_serve},
    {SERVE_UNWATCH, handlers_serve_unwatch},
    {SERVE_PAGES, handlers_serve_pages},
};

#define SERVICES (sizeof(services) / sizeof(services[0]))
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *row_find(const char *name)
{
    for (uint32_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* false: it could not be done. */
static bool row_run(const struct row *row, const char *unit)
{
    samples_clear();
    err_t err = row->run();
    if (err != OK)
        print("bench: %s: %s\n", row->name, err_name(err));
    else
        samples_print(row->name, unit);
    return err == OK && samples_count() > 0;
}

int main(int argc, char **argv)
{
    const char *name[ROWS];
    bool right = true;
    const struct options options = {
        .usage = "bench [NAME...]",
        .about =
            "Measures null_call ipc_0 ipc_4 ipc_64 fault_zero fault_soft fault_swap mark_4k mark_1g find_hole\n"
            "find_hole_cold find_hole_empty mark_space fault_handler fault_pager: in instructions when QEMU counts\n"
            "them (tools/run --icount), in ticks of the time-stamp counter elsewhere.",
        .words = name,
        .words_max = ROWS,
    };
    for (uint32_t i = 0; i < SERVICES && argc == 2; i++)
        if (strcmp(argv[1], services[i].option) == 0)
            return services[i].serve();
    uint32_t names = options_read(&options, argc, argv);
    for (uint32_t i = 0; i < names; i++)
        if (row_find(name[i]) == NULL)
            usage_error(argv[0], "no such row", name[i]);
    const char *unit = instructions_are_counted() ? "insn" : "tick";
    if (strcmp(unit, "tick") == 0)
        print("bench: ticks of the time-stamp counter, which passes as time does: tools/run --icount counts "
              "instructions\n");
    for (uint32_t i = 0; i < (names > 0 ? names : ROWS); i++)
        right = row_run(names > 0 ? row_find(name[i]) : &rows[i], unit) && right;
    return right ? 0 : STATUS_WRONG;
}
