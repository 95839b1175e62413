/* What crowd was asked to do, and what parent and sleepers say to each other. A sleeper is the same program. */
#ifndef CROWD_CROWD_H
#define CROWD_CROWD_H

#include <apteryx/types.h>

#define STATUS_LOST 1
#define STATUS_USAGE 2
#define STATUS_REFUSED 3
#define NOBODY 0xFFFFFFFFu

struct crowd {
    uint32_t processes, pages, rounds, seed, verify;
    uint32_t sleeper; /* NOBODY: this is the parent */
    char *program;    /* as it was started */
};

#define CROWD_ARRIVED \
    1u /* words: who; pages found right or wrong since it was woken; wrong ones; an err_t.
                            The answer wakes it. */
enum crowd_word { CROWD_WHO, CROWD_VERIFIED, CROWD_WRONG, CROWD_ERROR, CROWD_WORDS };
#define PARENT_PORT 1u /* the sleeper's handle */

int parent_run(const struct crowd *crowd);
int sleeper_run(const struct crowd *crowd);

#endif
