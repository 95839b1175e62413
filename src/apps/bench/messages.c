#include "apps/bench/messages.h"
#include "apps/bench/samples.h"
#include "lib/system_call.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>

#define PORT 1
#define PROGRAM "bench"

static struct message m;

err_t bench_null_call(void)
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint64_t begin = time_stamp();
        err_t err = system_call_plain(SYSCALL_null, 0, 0, 0, 0);
        sample_add(begin);
        TRY(err);
    }
    return OK;
}

static err_t calls_measure(handle_t port, uint32_t words)
{
    for (uint32_t i = 0; i <= SAMPLES; i++) {
        m.label = 0;
        m.words = words;
        m.handles = 0;
        m.page.how = PAGE_NOTHING;
        uint64_t begin = time_stamp();
        TRY(ipc_call(port, &m));
        if (i > 0) /* the first one waits for the other process to start */
            sample_add(begin);
    }
    return OK;
}

static err_t bench_ipc(uint32_t words)
{
    char *argv[] = {(char *)PROGRAM, (char *)SERVE_OPTION, NULL};
    handle_t port, child;
    TRY(port_create(&port));
    TRY(process_spawn_with(PROGRAM, argv, &(struct spawn_options){.handle = &port, .handles = 1}, &child));
    err_t err = calls_measure(port, words);
    TRY(process_kill(child));
    TRY(process_wait(child, NULL));
    TRY(handle_close(child));
    TRY(handle_close(port));
    return err;
}

err_t bench_ipc_0(void) { return bench_ipc(0); }
err_t bench_ipc_4(void) { return bench_ipc(4); }
err_t bench_ipc_64(void) { return bench_ipc(64); }

int messages_serve(void)
{
    handle_t reply;
    err_t err = ipc_receive(start_handle(PORT), &m, &reply, NULL, 0);
    while (err == OK)
        err = ipc_reply_receive(reply, start_handle(PORT), &m, &reply, NULL);
    return 0;
}
