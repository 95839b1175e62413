/* Seconds as people write them. Pure. */
#ifndef SHELL_SECONDS_H
#define SHELL_SECONDS_H

#include <stdbool.h>
#include <stdint.h>

/* "1", "0.25", ".5": to microseconds, up to a million seconds. */
bool seconds_read(const char *text, uint64_t *us);

#endif
