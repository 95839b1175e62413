#include "apps/bench/messages.h"
#include "apps/bench/peer.h"
#include "apps/bench/samples.h"
#include "lib/system_call.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>

static struct message m;

err_t bench_null_call(void)
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint32_t begin = time_stamp();
        err_t err = system_call_plain(SYSCALL_null, 0, 0, 0, 0);
        sample_add(time_stamp() - begin);
        TRY(err);
    }
    return OK;
}

/* What a head says besides call or error: words, handle, whether the buffer takes part. It comes back as it went. */
static uint32_t head_rest(uint32_t head) { return head & ~0x7Fu; }

/* The first call goes by the library, which registers the message buffer and fills it, and waits for the other process
 * to start. Those that are measured go straight through the gate: words that do not fit registers are in place. */
static err_t calls_measure(handle_t port, uint32_t words)
{
    struct ipc_head in = {0}, out = {0};
    uint32_t head = SYSCALL_ipc_call | words << 8 | port << 17 | (words > MESSAGE_REGISTERS ? IPC_LONG : 0u);
    m = (struct message){.words = words};
    TRY(ipc_call(port, &m));
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint32_t begin = time_stamp();
        uint32_t answer = ipc_gate(head, &in, &out);
        uint32_t passed = time_stamp() - begin;
        if (head_rest(answer) >> 8 != words)
            return ERR_IO;
        sample_add(passed);
    }
    return OK;
}

static err_t bench_ipc(uint32_t words)
{
    struct peer peer;
    TRY(peer_start(SERVE_MESSAGES, &peer));
    TRY(calls_measure(peer.port, words));
    return peer_end(&peer);
}

err_t bench_ipc_0(void) { return bench_ipc(0); }
err_t bench_ipc_4(void) { return bench_ipc(4); }
err_t bench_ipc_64(void) { return bench_ipc(64); }

int messages_serve(void)
{
    handle_t reply, port = start_handle(PEER_PORT);
    if (ipc_receive(port, &m, &reply, NULL, 0) != OK || ipc_reply_receive(reply, port, &m, &reply, NULL) != OK)
        return 0;
    struct ipc_head words = {0};
    uint32_t head = m.words << 8 | reply << 17 | (m.words > MESSAGE_REGISTERS ? IPC_LONG : 0u);
    while ((head & 0x7Fu) == OK)
        head = ipc_gate(head_rest(head) | SYSCALL_ipc_reply_receive, &words, &words);
    return 0;
}
