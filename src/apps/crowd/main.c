/* crowd: many processes at once, nearly all of them asleep. Each has its own pages; woken, in random order, it checks
 * every word of them, writes them anew, and goes back to sleep. */
#include "apps/crowd/crowd.h"
#include <apteryx/options.h>

#define PROCESSES_MAX 16000u /* two handles each, of 32,767 */
#define PAGES_MAX 4096u

static void crowd_read(int argc, char **argv, struct crowd *crowd)
{
    const struct option option[] = {
        {"--procs", OPTION_NUMBER, {&crowd->processes}, "processes that sleep, 1 to 16000 (100)"},
        {"--pages", OPTION_NUMBER, {&crowd->pages}, "pages of each, 1 to 4096 (4)"},
        {"--rounds",
         OPTION_NUMBER,
         {&crowd->rounds},
         "rounds in all; the first fills, in the others all are woken (2)"},
        {"--seed", OPTION_NUMBER, {&crowd->seed}, "of contents and order (1)"},
        {"--verify", OPTION_FLAG, {&crowd->verify}, "check every word of a page before it is written anew"},
        {"--sleeper", OPTION_NUMBER, {&crowd->sleeper}, NULL},
    };
    const struct options options = {
        .usage = "crowd --procs N [OPTION...]",
        .about = "Many processes alive at once, woken in random order.\n"
                 "resident_per_sleeper: the frames of the kernel, of page tables and of page directories, in bytes,\n"
                 "that there are more while all sleep than before the first was started, for each process. Page\n"
                 "tables that may go to swap but had no need to are counted.",
        .option = option,
        .count = sizeof(option) / sizeof(option[0]),
    };
    (void)options_read(&options, argc, argv);
    if (crowd->processes == 0 || crowd->processes > PROCESSES_MAX)
        usage_error(argv[0], "1 to 16000", "--procs");
    if (crowd->pages == 0 || crowd->pages > PAGES_MAX)
        usage_error(argv[0], "1 to 4096", "--pages");
    if (crowd->rounds == 0)
        usage_error(argv[0], "at least 1", "--rounds");
}

int main(int argc, char **argv)
{
    struct crowd crowd = {.processes = 100, .pages = 4, .rounds = 2, .seed = 1, .sleeper = NOBODY, .program = argv[0]};
    crowd_read(argc, argv, &crowd);
    return crowd.sleeper == NOBODY ? parent_run(&crowd) : sleeper_run(&crowd);
}
