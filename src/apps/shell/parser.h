/* The shell's language. Pure: text in, words out.
 *
 *     LINE := JOB ((';' | '&') JOB)* [';' | '&']        JOB := '!'* WORD WORD… ['>' WORD]
 *
 * Blanks part words; '…' and "…" keep blanks, ';', '&' and '>' in a word. $? is the last status, but not between '…'.
 * A line of blanks has no job. */
#ifndef SHELL_PARSER_H
#define SHELL_PARSER_H

#include "abi/errors.h"
#include "abi/process.h"
#include <stdbool.h>
#include <stdint.h>

#define COMMAND_TEXT (2 * SPAWN_ARGUMENT_BYTES)

struct command {
    char *word[SPAWN_ARGUMENTS + 1]; /* NULL behind the last */
    char *output;                    /* behind '>'; NULL: there is none */
    uint32_t words, inversions;      /* inversions: how many '!' stood before */
    bool background;                 /* '&' stood behind */
    uint32_t used;
    char text[COMMAND_TEXT]; /* the words, each closed by NUL */
};

/* The job at *at; *at is then behind it and its separator.
 * => ERR_NO_ENTRY: the line has ended  => ERR_RANGE: not a lawful line  => ERR_TOO_LONG: too many words or letters */
MUST_USE err_t parser_next(const char **at, int last_status, struct command *job);

/* Is the whole line lawful? `room` is used on the way. */
MUST_USE err_t parser_check(const char *line, struct command *room);

/* What a job's status is with that many '!' before it. */
int parser_status(int status, uint32_t inversions);

#endif
