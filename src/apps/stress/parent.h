/* The process that starts the workers, keeps their rounds in step and adds up. */
#ifndef STRESS_PARENT_H
#define STRESS_PARENT_H

#include "apps/stress/options.h"

/* argv: the command line, which the workers get too. Prints RESULT stress and returns the status. */
int parent_run(const struct stress *stress, int argc, char **argv);

#endif
