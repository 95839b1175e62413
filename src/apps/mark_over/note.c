/* mark_over: mark (linked here), in a program for which commit charges nothing. */
#include <apteryx/vm.h>

PROGRAM_OVERCOMMIT;
