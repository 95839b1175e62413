/* The other process of a row: bench itself, and its argument says what it serves. Its handle 1 is the port. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <apteryx/types.h>

#define SERVE_MESSAGES "--serve"
#define SERVE_UNWATCH "--unwatch"
#define SERVE_PAGES "--pages"

#define PEER_PORT 1 /* its handle, in the other process */

struct peer {
    handle_t port, process;
};
err_t peer_start(const char *serves, struct peer *peer);
err_t peer_end(const struct peer *peer);

#endif
