/* stress_over: stress's sources (linked here), in a program for which commit charges nothing. */
#include <apteryx/vm.h>

PROGRAM_OVERCOMMIT;
