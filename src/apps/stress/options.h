/* What stress was asked to do; parent and workers read the same command line. */
#ifndef STRESS_OPTIONS_H
#define STRESS_OPTIONS_H

#include "apps/stress/walk.h"
#include <apteryx/types.h>

#define STATUS_LOST 1
#define STATUS_USAGE 2
#define STATUS_REFUSED 3
#define PROCESSES_MAX 1024u
#define THREADS_MAX 64u
#define NOBODY 0xFFFFFFFFu

struct stress {
    uint32_t processes, pages, threads, writes, rounds, seed, verify, overcommit;
    enum pattern pattern;
    uint32_t worker;    /* NOBODY: this is the parent */
    const char *parent; /* name of the parent's port */
};

/* Ends the program with status 2 for anything that cannot be meant, 0 for --help. */
void stress_options_read(int argc, char **argv, struct stress *stress);

/* Rounds, and one more reading of every page where the rounds do not end with one. */
uint32_t stress_passes(const struct stress *stress);

#endif
