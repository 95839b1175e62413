/* Carrying out a line. */
#ifndef SHELL_RUN_H
#define SHELL_RUN_H

#include <stdint.h>

/* Foreground jobs, and those of them whose status was not 0. */
struct tally {
    uint32_t commands, failed;
};

/* Runs the jobs of a line up to its end, or to `exit`; a line that is not lawful counts as one job with status 2.
 * *status: $? before and after. */
void run_line(const char *line, struct tally *tally, int *status);

#endif
