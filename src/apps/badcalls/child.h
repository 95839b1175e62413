/* A child of badcalls: one system call, many sets of arguments. */
#ifndef BADCALLS_CHILD_H
#define BADCALLS_CHILD_H

#include <apteryx/types.h>

#define CHILD_OPTION "--child" /* behind it: number sets seed */
#define STATUS_WRONG 1         /* an answer that is no error value */
#define STATUS_USAGE 2
#define STATUS_STUCK 4 /* a call that does not come back, whatever is sent to it */

int child_main(int argc, char **argv);

#endif
