/* limit: start a program with limits for it and all that it starts; without one, show those that hold here. */
#include "common/number.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>

#define STATUS_WRONG 1
#define STATUS_REFUSED 3
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NO_COMMAND 127

#define LIMIT_ROW(name, NAME, text) {#name, text},
static const struct {
    const char *name, *text;
} rows[LIMIT_COUNT] = {LIMITS(LIMIT_ROW)};
#undef LIMIT_ROW

_Static_assert(sizeof(struct limits) == LIMIT_COUNT * sizeof(uint32_t), "each limit is a word, in the list's order");
static uint32_t *word_of(struct limits *limits, uint32_t i) { return &((uint32_t *)(void *)limits)[i]; }

static int help(void)
{
    print("usage: limit [NAME=NUMBER...] [--] COMMAND [WORD...]\n"
          "Starts COMMAND, which may hold no more, with all that it starts, and waits for it: its status.\n"
          "Without COMMAND: what may be held here, and is.\n");
    for (uint32_t i = 0; i < LIMIT_COUNT; i++)
        print("  %s  %s\n", rows[i].name, rows[i].text);
    return 0;
}

static int show(void)
{
    struct limits_report report;
    err_t err = process_limits(&report);
    if (err != OK) {
        print("limit: %s\n", err_name(err));
        return STATUS_WRONG;
    }
    for (uint32_t i = 0; i < LIMIT_COUNT; i++) {
        uint32_t limit = *word_of(&report.limit, i), used = *word_of(&report.used, i);
        if (limit == LIMIT_NONE)
            print("%s %u of any number: %s\n", rows[i].name, used, rows[i].text);
        else
            print("%s %u of %u: %s\n", rows[i].name, used, limit, rows[i].text);
    }
    return 0;
}

/* NAME=NUMBER */
static bool limit_read(const char *word, struct limits *limits)
{
    for (uint32_t i = 0; i < LIMIT_COUNT; i++) {
        uint32_t bytes = strlen(rows[i].name);
        if (memcmp(word, rows[i].name, bytes) == 0 && word[bytes] == '=')
            return number_any(word + bytes + 1, word_of(limits, i));
    }
    return false;
}

static bool is_limit(const char *word)
{
    while (*word >= 'a' && *word <= 'z')
        word++;
    return *word == '=';
}

static int run(char **command, const struct limits *limits)
{
    handle_t child;
    int status = STATUS_WRONG;
    err_t err = process_spawn_with(command[0], command, &(struct spawn_options){.limits = limits}, &child);
    if (err == OK)
        err = process_wait(child, &status);
    if (err == OK)
        return status;
    print("limit: %s: %s\n", command[0], err == ERR_NO_ENTRY ? "no such command" : err_name(err));
    if (err == ERR_NO_ENTRY)
        return STATUS_NO_COMMAND;
    return err == ERR_KIND ? STATUS_NOT_EXECUTABLE : STATUS_REFUSED;
}

int main(int argc, char **argv)
{
    struct limits limits;
    int at = 1;
    for (uint32_t i = 0; i < LIMIT_COUNT; i++)
        *word_of(&limits, i) = LIMIT_NONE;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return help();
    for (; at < argc && is_limit(argv[at]); at++)
        if (!limit_read(argv[at], &limits))
            usage_error(argv[0], "no such limit", argv[at]);
    if (at < argc && strcmp(argv[at], "--") == 0)
        at++;
    if (at < argc)
        return run(&argv[at], &limits);
    if (argc > 1)
        usage_error(argv[0], "what is to be started?", argv[argc - 1]);
    return show();
}
