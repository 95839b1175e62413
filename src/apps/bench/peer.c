#include "apps/bench/peer.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>

#define PROGRAM "bench"

err_t peer_start(const char *serves, struct peer *peer)
{
    char *argv[] = {(char *)PROGRAM, (char *)(uintptr_t)serves, NULL};
    TRY(port_create(&peer->port));
    return process_spawn_with(PROGRAM, argv, &(struct spawn_options){.handle = &peer->port, .handles = 1},
                              &peer->process);
}

err_t peer_end(const struct peer *peer)
{
    TRY(process_kill(peer->process));
    TRY(process_wait(peer->process, NULL));
    TRY(handle_close(peer->process));
    return handle_close(peer->port);
}
