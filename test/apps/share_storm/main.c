/* share_storm --workers N --pages N --operations N [--group N] [--seed S]: processes grant, map and copy pages to each other, take
 * them back, write, discard and end, in random order, and each page that is looked at must hold what the model says: who
 * wrote it, where, and which generation. At the end every page is looked at.
 * RESULT share_storm: workers pages operations verified lost written granted mapped copied unmapped exits refused shared.
 * shared: pages that two workers have at the beginning. */
#include "storm.h"
#include "common/format.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

#define WORKERS_MAX 64u

struct worker {
    handle_t process, port;
};
static struct worker worker[WORKERS_MAX];
static char group_text[12];
uint32_t pages = 200, group = 512;
static uint32_t workers = 16, operations = 10000, seed = 1, random_state, generation;
static uint32_t shared, verified, lost, written, passed[PAGE_COPY + 1], unmapped, exits, refused;

static uint32_t below(uint32_t n) { return random_below(&random_state, n); }

struct run {
    uint32_t worker, first, count;
};
static uint32_t place_of(struct run r, uint32_t i) { return r.worker * pages + r.first + i; }

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static struct run run_clipped(struct run r)
{
    r.count = least(r.count, least(pages - r.first, group - r.first % group));
    return r;
}

static struct run any_run(void)
{
    struct run r = {below(workers), below(pages), 1 + below(RUN_MAX)};
    return run_clipped(r);
}

static err_t tell(struct run r, struct message *m)
{
    m->word[0] = r.first;
    m->word[1] = r.count;
    return ipc_call(worker[r.worker].port, m);
}

static err_t order(struct run r, enum storm_label label, uint32_t word)
{
    struct message m = {.label = label, .words = 3, .word = {0, 0, word}};
    TRY(tell(r, &m));
    return (err_t)m.word[0];
}

/* ---- operations. An error ends the storm; what is refused rightly is none ---- */

static err_t worker_start(uint32_t w)
{
    char *argv[] = {"share_storm", "worker", "--group", group_text, NULL};
    handle_t both;
    TRY(port_create(&both));
    TRY(process_spawn_with("share_storm", argv, &(struct spawn_options){.handle = &both, .handles = 1},
                           &worker[w].process));
    TRY(handle_copy(both, RIGHT_SEND | RIGHT_PASS, 0, &worker[w].port)); /* the port is to die with its worker */
    return handle_close(both);
}

static void run_set(struct run r, enum holds holds)
{
    for (uint32_t i = 0; i < r.count; i++)
        place_set(place_of(r, i), holds);
}

static err_t set(struct run r)
{
    bool none = below(10) == 0;
    err_t error = order(r, STORM_SET, none ? VM_NONE : VM_ON_DEMAND);
    refused += error == ERR_COMMIT;
    if (error == OK)
        run_set(r, none ? NOTHING : OWN);
    return error == ERR_COMMIT ? OK : error;
}

static void key_put(struct message *m, uint32_t i, uint32_t place)
{
    const struct cell *cell = &cells[places[place].cell];
    m->word[2 + 2 * i] = (cell->writer / pages) << 16 | cell->writer % pages;
    m->word[3 + 2 * i] = cell->generation;
    m->words = 4 + 2 * i;
}

static err_t check(struct run r)
{
    struct message m = {.label = STORM_CHECK};
    uint32_t count = 0;
    for (; count < r.count && places[place_of(r, count)].holds != NOTHING; count++)
        key_put(&m, count, place_of(r, count));
    if (count == 0)
        return OK;
    r.count = count;
    TRY(tell(r, &m));
    verified += count;
    lost += m.word[0];
    if (m.word[0])
        print("share_storm: worker %u, page %u and on: %u of %u wrong\n", r.worker, r.first, m.word[0], count);
    return OK;
}

static err_t fill(struct run r)
{
    struct message m = {.label = STORM_FILL};
    uint32_t count = 0;
    for (; count < r.count && places[place_of(r, count)].may_write; count++) {
        place_write(place_of(r, count), ++generation);
        key_put(&m, count, place_of(r, count));
    }
    if (count == 0)
        return OK;
    r.count = count;
    written += count;
    return tell(r, &m);
}

static err_t pass(struct run from, struct run to, uint32_t how, bool asked)
{
    bool writable = asked;
    bool may = may_pass(place_of(from, 0), place_of(to, 0), from.count, how, &writable);
    struct message m = {.label = STORM_PASS, .words = 4, .word = {0, 0, how, asked}, .handles = 1};
    m.handle[0] = worker[to.worker].port;
    TRY(order(to, STORM_WINDOW, 0));
    TRY(tell(from, &m));
    err_t error = (err_t)m.word[0];
    refused += error != OK;
    if (error == ERR_COMMIT && how == PAGE_COPY)
        return OK;
    if (!may)
        return error == ERR_KIND || error == ERR_RANGE || error == ERR_LIMIT ? OK : ERR_BUSY;
    TRY(error);
    if (m.word[1] != writable)
        return ERR_RIGHTS;
    run_set(to, NOTHING);
    for (uint32_t i = 0; i < from.count; i++)
        place_pass(place_of(from, i), place_of(to, i), how, writable);
    passed[how] += from.count;
    return OK;
}

static err_t pass_any(struct run from)
{
    struct run to = run_clipped((struct run){below(workers), below(pages), from.count});
    from.count = to.count;
    uint32_t how = PAGE_GRANT + below(3);
    return to.worker == from.worker ? OK : pass(from, to, how, below(4) != 0);
}

static err_t unmap(struct run r)
{
    for (uint32_t i = 0; i < r.count; i++)
        loans_end(place_of(r, i));
    unmapped += r.count;
    return order(r, STORM_UNMAP, 0);
}

/* While it goes, others take back what they lent to it. */
static err_t end(uint32_t w)
{
    int status;
    TRY(process_kill(worker[w].process));
    for (uint32_t i = 0; i < 4; i++) {
        struct run r = any_run();
        if (r.worker != w && worker[r.worker].port) /* at the end they go one after the other */
            TRY(unmap(r));
    }
    TRY(process_wait(worker[w].process, &status));
    TRY(handle_close(worker[w].process));
    TRY(handle_close(worker[w].port));
    worker[w].port = 0;
    run_set((struct run){w, 0, pages}, NOTHING);
    exits++;
    return status == (int)STATUS_KILLED ? OK : ERR_KIND;
}

static err_t operate(void)
{
    uint32_t what = below(4096);
    struct run r = any_run();
    if (what < 1)
        return end(r.worker) == OK ? worker_start(r.worker) : ERR_DEAD;
    if (what < 500)
        return set(r);
    if (what < 1900)
        return check(r);
    if (what < 2700)
        return fill(r);
    if (what < 3700)
        return pass_any(r);
    return what < 3900 ? unmap(r) : order(r, STORM_OUT, 0);
}

/* Each worker's first half, written, is what the next one has as its second half. */
static err_t begin(void)
{
    uint32_t half = pages / 2;
    for (uint32_t w = 0; w < workers; w++)
        TRY(worker_start(w));
    for (uint32_t i = 0; i < workers * half; i++) {
        struct run r = {i / half, i % half, 1}, to = {(r.worker + 1) % workers, half + r.first, 1};
        TRY(order(r, STORM_SET, VM_ON_DEMAND));
        run_set(r, OWN);
        TRY(fill(r));
        TRY(pass(r, to, PAGE_MAP, true));
    }
    return OK;
}

static err_t check_all(void)
{
    for (uint32_t place = 0; place < workers * pages; place++)
        TRY(check((struct run){place / pages, place % pages, 1}));
    return OK;
}

static err_t storm(void)
{
    TRY(begin());
    TRY(check_all());
    for (uint32_t cell = 0; cell < workers * pages; cell++)
        shared += cells[cell].users > 1;
    for (uint32_t i = 1; i <= operations; i++) {
        TRY(operate());
        if (i % 100000 == 0)
            print("share_storm: %u of %u operations\n", i, operations);
    }
    TRY(check_all());
    for (uint32_t w = 0; w < workers; w++)
        TRY(end(w));
    return OK;
}

int main(int argc, char **argv)
{
    const char *role = NULL;
    const struct option list[] = {
        {"--workers", OPTION_NUMBER, {.number = &workers}, "processes, 2 to 64"},
        {"--pages", OPTION_NUMBER, {.number = &pages}, "pages of each"},
        {"--operations", OPTION_NUMBER, {.number = &operations}, "how many"},
        {"--group", OPTION_NUMBER, {.number = &group}, "pages side by side; the next ones lie in another page table"},
        {"--seed", OPTION_NUMBER, {.number = &seed}, "of the random numbers"},
    };
    const struct options options = {
        "share_storm [option …]", "pages lent back and forth", list, sizeof list / sizeof *list, &role, 1};
    if (options_read(&options, argc, argv))
        worker_run();
    format_text(group_text, sizeof group_text, "%u", group);
    if (group == 0 || group > 512 || workers < 2 || workers > WORKERS_MAX || pages < RUN_MAX ||
        pages > PLACES_MAX / workers)
        return 2;
    random_state = random_start(seed, 0);
    model_start(workers * pages);
    err_t error = storm();
    if (error != OK)
        print("share_storm: %s\n", err_name(error));
    result(
        "share_storm",
        "workers=%u pages=%u operations=%u verified=%u lost=%u written=%u granted=%u mapped=%u copied=%u unmapped=%u "
        "exits=%u refused=%u shared=%u",
        workers, workers * pages, operations, verified, lost, written, passed[PAGE_GRANT], passed[PAGE_MAP],
        passed[PAGE_COPY], unmapped, exits, refused, shared);
    return error == OK && lost == 0 ? 0 : 1;
}
