#include "apps/shell/run.h"
#include "apps/shell/builtins.h"
#include "apps/shell/jobs.h"
#include <apteryx/print.h>

static struct command command;

static int run_foreground(void)
{
    builtin_t builtin = builtin_find(command.word[0]);
    print_flush();
    jobs_collect();
    bool here = builtin != NULL && command.output == NULL; /* what is redirected is printed by another process */
    int status = here ? builtin_run(builtin, command.words, command.word) : job_foreground(&command);
    return parser_status(status, command.inversions);
}

static void count(struct tally *tally, int status)
{
    tally->commands++;
    tally->failed += status != 0;
}

void run_line(const char *line, struct tally *tally, int *status)
{
    err_t err = parser_check(line, &command);
    if (err != OK) {
        print("shell: %s\n", err == ERR_TOO_LONG ? "the line is too long" : "a quote, a command or a name is missing");
        *status = STATUS_USAGE;
        count(tally, *status);
        return;
    }
    while (!builtin_exit_asked && parser_next(&line, *status, &command) == OK) {
        if (command.background) {
            *status = job_background(&command);
            continue;
        }
        *status = run_foreground();
        count(tally, *status);
    }
}
