/* shell: carries out the commands that the machine was booted with, says how many failed, and ends the machine; with
 * none, it reads commands from the console.
 *
 * Handle 1: the control right. */
#include "apps/shell/builtins.h"
#include "apps/shell/jobs.h"
#include "apps/shell/run.h"
#include "apps/shell/terminal.h"
#include <apteryx/machine.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>

#define CONTROL 1
#define COMMANDS_BYTES 8192u

static char commands[COMMANDS_BYTES + 1];

static const char help[] =
    "usage: shell\n"
    "Reads commands. JOB; JOB runs one after the other, JOB & in the background, ! JOB turns the\n"
    "status round, '...' and \"...\" keep blanks, $? is the last status; JOB > PATH publishes\n"
    "what the job prints as a version of a file.\n"
    "Built in: wait kill jobs sleep echo exit poweroff reboot. More: help.\n";

/* What stands behind the header, its lines and an empty one. */
static const char *commands_read(void)
{
    uint32_t bytes = 0;
    if (boot_commands(COMMANDS_BYTES, commands, &bytes) != OK || bytes > COMMANDS_BYTES)
        return "";
    commands[bytes] = '\0';
    for (uint32_t i = 0; i < bytes; i++)
        if (commands[i] == '\n' && (i == 0 || commands[i - 1] == '\n'))
            return commands + i + 1;
    return "";
}

static int run_and_end(const char *line)
{
    struct tally tally = {0, 0};
    int status = 0;
    run_line(line, &tally, &status);
    jobs_end();
    result("run", "commands=%u failed=%u", tally.commands, tally.failed);
    print_flush();
    err_t err = power(start_handle(CONTROL), POWER_OFF);
    print("shell: the machine does not end: %s\n", err_name(err));
    return STATUS_WRONG;
}

/* As part of another shell: one built-in command. */
static int run_builtin(uint32_t words, char **word)
{
    builtin_t builtin = builtin_find(word[0]);
    return builtin != NULL ? builtin_run(builtin, words, word) : STATUS_USAGE;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], BUILTIN_OPTION) == 0)
        return run_builtin((uint32_t)argc - 2, argv + 2);
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print("%s", help);
        return 0;
    }
    if (argc > 1 || start_handle(CONTROL) == 0) {
        print("shell: %s\n", argc > 1 ? "takes no arguments" : "needs the control right, which init gives");
        return STATUS_USAGE;
    }
    print_open(); /* a shell holds the same handles before its first line and after it */
    const char *line = commands_read();
    return line[0] != '\0' ? run_and_end(line) : terminal_run();
}
