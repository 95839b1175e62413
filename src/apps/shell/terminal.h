/* The shell at the console: a line after the other, and Ctrl-C. */
#ifndef SHELL_TERMINAL_H
#define SHELL_TERMINAL_H

#include <apteryx/types.h>

/* Returns the last status, once `exit` was asked for or the console is gone. */
int terminal_run(void);

#endif
