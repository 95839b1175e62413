/* What the shell has started: one job in the foreground, numbered ones in the background. */
#ifndef SHELL_JOBS_H
#define SHELL_JOBS_H

#include "apps/shell/parser.h"
#include "apps/shell/redirection.h"
#include <apteryx/types.h>

#define STATUS_WRONG 1
#define STATUS_USAGE 2
#define STATUS_REFUSED 3
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NO_COMMAND 127

#define JOBS_MAX 64u

struct job {
    uint32_t number; /* 0: this place is free */
    handle_t child;  /* 0: it has ended, with this status */
    int status;
    struct redirection *output; /* NULL: it prints to the console */
    uint32_t pid, inversions;
    char name[PROCESS_NAME_BYTES];
};

/* Starts a program, runs it to its end and answers its status; says why if it cannot be started. */
int job_foreground(const struct command *command);
/* Starts it and prints [N] PID; the status is that of the starting alone. */
int job_background(const struct command *command);

/* "%N" as a job; NULL: no such job. */
struct job *job_find(const char *text);
/* Waits for its end, and forgets it. */
int job_wait(struct job *job);
/* The next job in use from `after` on (NULL: the first); NULL: there is none. */
struct job *job_next(const struct job *after);
bool job_is_alive(const struct job *job);
/* What has ended by now leaves no more than its status here, until somebody waits for it. */
void jobs_collect(void);
/* What is still alive is killed, and waited for. */
void jobs_end(void);

/* Ctrl-C, from another thread: kills what is waited for. */
void job_interrupt(void);

#endif
