/* JOB > PATH: what a job prints becomes a version of a file. A thread of the shell stands where the console would, and
 * writes; when the job has ended the version is published, whatever the job's status is. */
#ifndef SHELL_REDIRECTION_H
#define SHELL_REDIRECTION_H

#include <apteryx/types.h>

struct redirection;

/* *output: a handle for the job to print to, the caller's to close. => ERR_LIMIT: too many at once; the errors of
 * file_open, port_create and thread_create */
err_t redirection_begin(const char *path, struct redirection **redirection, handle_t *output);
/* The job has ended. => whatever of file_write or file_close went wrong: nothing was published */
err_t redirection_end(struct redirection *redirection, bool publish);

#endif
