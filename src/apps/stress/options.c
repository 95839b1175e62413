#include "apps/stress/options.h"
#include "apps/stress/region.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>

#define PERCENT 100u

static void pattern_read(const char *program, const char *text, struct stress *stress)
{
    static const char *const names[] = {PATTERNS(PATTERN_NAME)};
    for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], text) == 0) {
            stress->pattern = (enum pattern)i;
            return;
        }
    usage_error(program, "no such pattern", text);
}

static void options_check(const char *program, struct stress *stress)
{
    uint32_t pages_max = region_pages_max(stress->pattern);
    if (stress->pattern == PATTERN_SPARSE) {
        stress->overcommit = 1;
        if (stress->pages == 0 || stress->pages > pages_max)
            stress->pages = pages_max;
    }
    if (stress->pages == 0)
        usage_error(program, "how many pages?", "--pages");
    if (stress->pages > pages_max)
        usage_error(program, "more than there is process space", "--pages");
    if (stress->processes == 0 || stress->processes > PROCESSES_MAX)
        usage_error(program, "1 to 1024", "--procs");
    if (stress->threads == 0 || stress->threads > THREADS_MAX || stress->threads > stress->pages)
        usage_error(program, "1 to 64, and not more than pages", "--threads");
    if (stress->writes > PERCENT)
        usage_error(program, "0 to 100", "--writes");
    if (stress->rounds == 0)
        usage_error(program, "at least 1", "--rounds");
}

void stress_options_read(int argc, char **argv, struct stress *stress)
{
    const char *pattern = "seq";
    *stress = (struct stress){.processes = 1, .threads = 1, .writes = 50, .rounds = 2, .seed = 1, .worker = NOBODY};
    const struct option option[] = {
        {"--procs", OPTION_NUMBER, {&stress->processes}, "processes (1)"},
        {"--pages", OPTION_NUMBER, {&stress->pages}, "pages of each process"},
        {"--threads", OPTION_NUMBER, {&stress->threads}, "threads that share a process's pages (1)"},
        {"--pattern", OPTION_TEXT, {.text = &pattern}, "seq random zipf loop sparse scan-hot (seq)"},
        {"--writes", OPTION_NUMBER, {&stress->writes}, "per cent of the accesses that write (50)"},
        {"--rounds", OPTION_NUMBER, {&stress->rounds}, "rounds in all; the first fills (2)"},
        {"--seed", OPTION_NUMBER, {&stress->seed}, "of contents and order (1)"},
        {"--verify", OPTION_FLAG, {&stress->verify}, "read every page once more where the last round may not"},
        {"--overcommit", OPTION_FLAG, {&stress->overcommit}, "workers that commit charges nothing"},
        {"--worker", OPTION_NUMBER, {&stress->worker}, NULL},
        {"--parent", OPTION_TEXT, {.text = &stress->parent}, NULL},
    };
    const struct options options = {
        .usage = "stress --procs N --pages N [OPTION...]",
        .about = "Fills pages, reads them back in some order, and checks every word of every page.",
        .option = option,
        .count = sizeof(option) / sizeof(option[0]),
    };
    (void)options_read(&options, argc, argv);
    pattern_read(argv[0], pattern, stress);
    options_check(argv[0], stress);
}

uint32_t stress_passes(const struct stress *stress)
{
    bool covers = stress->rounds > 1 && stress->pattern != PATTERN_ZIPF;
    return stress->rounds + (stress->verify != 0 && !covers);
}
