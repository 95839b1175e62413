/* kill %N|PID|NAME. */
#ifndef SHELL_KILL_H
#define SHELL_KILL_H

#include <stdint.h>

int run_kill(uint32_t words, char **word);

#endif
