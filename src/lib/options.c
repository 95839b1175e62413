/* Options from one list: parsing, --help and the error lines. */
#include "common/number.h"
#include "common/string.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

void usage_error(const char *program, const char *text, const char *what)
{
    print("%s: %s: %s (try %s --help)\n", program, text, what, program);
    process_exit(2);
}

bool options_number(const char *word, uint32_t *value) { return number_any(word, value); }

static __attribute__((noreturn)) void help(const struct options *options)
{
    static const char *const values[] = {[OPTION_FLAG] = "", [OPTION_NUMBER] = " N", [OPTION_TEXT] = " NAME"};
    print("usage: %s\n%s\n", options->usage, options->about);
    for (uint32_t i = 0; i < options->count; i++)
        if (options->option[i].help != NULL)
            print("  %s%s  %s\n", options->option[i].name, values[options->option[i].kind], options->option[i].help);
    process_exit(0);
}

static const struct option *option_find(const struct options *options, const char *name)
{
    for (uint32_t i = 0; i < options->count; i++)
        if (strcmp(options->option[i].name, name) == 0)
            return &options->option[i];
    return NULL;
}

/* => the option takes a value */
static void option_value(const struct option *option, const char *program, const char *text)
{
    if (text == NULL)
        usage_error(program, "a value is missing after", option->name);
    if (option->kind == OPTION_TEXT)
        *option->value.text = text;
    else if (!number_any(text, option->value.number))
        usage_error(program, "not a number", text);
}

uint32_t options_read(const struct options *options, int argc, char **argv)
{
    uint32_t words = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            help(options);
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            const struct option *option = option_find(options, argv[i]);
            if (option == NULL)
                usage_error(argv[0], "no such option", argv[i]);
            if (option->kind == OPTION_FLAG)
                *option->value.number = 1;
            else
                option_value(option, argv[0], argv[++i]); /* argv[argc] is NULL */
        } else if (words < options->words_max) {
            options->words[words++] = argv[i];
        } else {
            usage_error(argv[0], "one word too many", argv[i]);
        }
    }
    return words;
}
