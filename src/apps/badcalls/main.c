/* badcalls: every call number with thousands of senseless sets of arguments, each number in a child of its own. Answers
 * must be error values, children must come back, and the machine must be as it should be afterwards (check). */
#include "apps/badcalls/child.h"
#include "common/format.h"
#include "common/string.h"
#include <apteryx/ipc.h>
#include <apteryx/machine.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

#define NUMBERS 256u
#define STATUS_REFUSED 3

static char name[] = "badcalls";

/* The child's handle 1 is a port of its own. Its status, or STATUS_REFUSED. */
static int child_run(uint32_t number, uint32_t sets, uint32_t seed)
{
    static char option[] = CHILD_OPTION;
    char text[3][12];
    handle_t port, child;
    int status = STATUS_REFUSED;
    const uint32_t values[3] = {number, sets, seed};
    for (uint32_t i = 0; i < 3; i++)
        (void)format_text(text[i], sizeof text[i], "%u", (unsigned)values[i]);
    if (port_create(&port) != OK)
        return STATUS_REFUSED;
    err_t error = process_spawn_with(name, (char *[]){name, option, text[0], text[1], text[2], NULL},
                                     &(struct spawn_options){.handle = &port, .handles = 1}, &child);
    (void)handle_close(port);
    if (error != OK)
        return STATUS_REFUSED;
    (void)process_wait(child, &status);
    (void)handle_close(child);
    return status;
}

int main(int argc, char **argv)
{
    uint32_t first = 0, count = NUMBERS, sets = 10000, seed = 1, bad = 0;
    struct check_report report = {0};
    if (argc > 1 && strcmp(argv[1], CHILD_OPTION) == 0)
        return child_main(argc, argv);
    const struct option option[] = {
        {"--sets", OPTION_NUMBER, {.number = &sets}, "of arguments for each call (10000)"},
        {"--seed", OPTION_NUMBER, {.number = &seed}, "(1)"},
        {"--first", OPTION_NUMBER, {.number = &first}, "the first call number (0)"},
        {"--count", OPTION_NUMBER, {.number = &count}, "how many numbers (256)"},
    };
    (void)options_read(&(struct options){"badcalls [OPTION...]", "Makes every system call with senseless arguments.",
                                         option, sizeof option / sizeof option[0], NULL, 0},
                       argc, argv);
    if (first >= NUMBERS)
        usage_error(argv[0], "there are 256 numbers", "--first");
    for (uint32_t number = first; number < NUMBERS && number - first < count; number++) {
        int status = child_run(number, sets, seed);
        if (status == 0)
            continue;
        print("badcalls: call %u: the child ended with status %d\n", number, status);
        bad++;
    }
    err_t error = machine_check(&report);
    if (error != OK)
        print("badcalls: check: %s\n", err_name(error));
    result(name, "numbers=%u sets=%u seed=%u bad=%u unowned=%u errors=%u", count, sets, seed, bad, report.unowned,
           report.errors);
    return bad != 0 || error != OK || report.errors != 0 ? STATUS_WRONG : 0;
}
