/* Reading a program's options: --name VALUE, --name, and words.
 *
 * A program lists its options once; the list serves for parsing and for --help. An unknown option, a missing or bad
 * value, or a word too many prints one line and ends the program with status 2; --help prints the list, status 0. */
#ifndef APTERYX_OPTIONS_H
#define APTERYX_OPTIONS_H

#include <apteryx/types.h>

enum option_kind { OPTION_FLAG, OPTION_NUMBER, OPTION_TEXT };
struct option {
    const char *name; /* with its two dashes */
    enum option_kind kind;
    union {
        uint32_t *number; /* a flag is set to 1 */
        const char **text;
    } value;
    const char *help; /* NULL: not shown */
};
struct options {
    const char *usage; /* "stress --procs N …": shown by --help after "usage: " */
    const char *about; /* one line */
    const struct option *option;
    uint32_t count;
    const char **words; /* where words that are no options go */
    uint32_t words_max;
};

/* Returns the number of words. */
uint32_t options_read(const struct options *options, int argc, char **argv);
/* The whole text as a number: decimal, or hexadecimal with 0x. False: it is none, and *value stays. */
bool options_number(const char *word, uint32_t *value);
/* "NAME: text" and status 2. */
__attribute__((noreturn)) void usage_error(const char *program, const char *text, const char *what);

#endif
