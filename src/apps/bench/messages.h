/* Rows that measure calls into the kernel and to another process. */
#ifndef BENCH_MESSAGES_H
#define BENCH_MESSAGES_H

#include <apteryx/types.h>

err_t bench_null_call(void);
err_t bench_ipc_0(void);
err_t bench_ipc_4(void);
err_t bench_ipc_64(void);

/* The other process: sends every message back, until the port is gone. */
int messages_serve(void);

#endif
