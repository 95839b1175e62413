/* The commands that the shell carries out itself. */
#ifndef SHELL_BUILTINS_H
#define SHELL_BUILTINS_H

#include "apps/shell/parser.h"
#include <apteryx/types.h>

#define BUILTIN_OPTION "--builtin" /* a shell that carries out the built-in command behind it, and ends */

typedef int (*builtin_t)(uint32_t words, char **word);

/* NULL: it is no built-in command. */
builtin_t builtin_find(const char *name);
/* Carries one out, or says how it is used (--help, status 0). */
int builtin_run(builtin_t builtin, uint32_t words, char **word);

/* exit: the shell ends after this job. */
extern bool builtin_exit_asked;

/* Ctrl-C, from another thread: ends a sleep. */
void builtin_interrupt(void);

#endif
