/* One process of stress: its pages, its rounds. */
#ifndef STRESS_WORKER_H
#define STRESS_WORKER_H

#include "apps/stress/options.h"

/* Worker to parent, an ipc_call whose reply starts the next round: word 0 = worker, then the words of struct arrival.
 * Reply: word 0 = 1 go on, 0 end. */
#define STRESS_ARRIVED 0x53545253u

struct arrival {
    uint32_t status, touched, verified, lost; /* counts: so far */
};

/* Returns the worker's status. */
int worker_run(const struct stress *stress);

#endif
