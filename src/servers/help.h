/* --help of a server, for people who start one by hand: init gives the handles without which it cannot serve. The
 * text goes to the log, as a server's words do. */
#ifndef SERVERS_HELP_H
#define SERVERS_HELP_H

#include "common/string.h"
#include "servers/log.h"

/* Tells what it was asked for; the caller then ends with status 0. */
static inline bool help_asked(int argc, char **argv, const char *usage, const char *about)
{
    bool asked = argc > 1 && strcmp(argv[1], "--help") == 0;
    if (asked) {
        log_line("usage: %s", usage);
        log_line("%s It is started by init.", about);
    }
    return asked;
}

#endif
