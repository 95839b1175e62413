/* One running service: its port and rights, which init keeps, and the thread that starts it, waits for its end and
 * starts it again. The port outlives the program: who calls meanwhile waits for the successor. */
#ifndef INIT_SERVICE_H
#define INIT_SERVICE_H

#include "servers/init/config.h"
#include "servers/init/restarts.h"

#define ARGUMENTS_MAX 32u

struct running {
    const struct service *service;
    const struct boot_options *options;
    const char *program; /* the service's own, or the one that took its place */
    handle_t machine;
    uint32_t number;               /* of the service: which devices its DMA right is for */
    handle_t given[SPAWN_HANDLES]; /* its port, if it has one, and its rights */
    uint32_t handles;
    struct restarts restarts;
    const char *arguments[ARGUMENTS_MAX]; /* argv, closed by NULL */
    uint32_t argument_count;
    char blocks[CONFIG_WORD];
};

/* On this machine, with these options. */
bool service_is_wanted(const struct service *service, const struct boot_options *options);

/* Makes port, name and rights. => the caller fills service, options, machine and number before */
MUST_USE err_t service_prepare(struct running *running);

/* Starts it, in a thread of init's own. */
MUST_USE err_t service_start(struct running *running);

/* Waits until the service answers, or is given up. */
void service_await(const struct running *running);

#endif
