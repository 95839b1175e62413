/* Fault handlers: naming one, and the words of its messages. */
#include "lib/system_call.h"
#include <apteryx/fault.h>
#include <apteryx/ipc.h>

err_t fault_handler(handle_t port) { return system_call_plain(SYSCALL_fault_handler, port, 0, 0, 0); }
err_t fault_handler_thread(handle_t port) { return system_call_plain(SYSCALL_fault_handler, port, 1, 0, 0); }

bool fault_read(const struct message *m, struct fault *fault)
{
    if (m->label != FAULT_MESSAGE || m->words != FAULT_WORDS)
        return false;
    *fault = (struct fault){.address = m->word[0],
                            .access = (enum fault_access)m->word[1],
                            .entry = m->word[2],
                            .instruction = m->word[3],
                            .process = m->word[4],
                            .thread = m->word[5]};
    return true;
}

void fault_retry(struct message *answer, enum fault_then then)
{
    message_start(answer, FAULT_RETRY);
    answer->words = 1;
    answer->word[0] = then;
}

void fault_supply(struct message *answer, uintptr_t start, uint32_t bytes, uint32_t how, bool writable)
{
    message_start(answer, FAULT_SUPPLY);
    answer->page.start = start;
    answer->page.bytes = bytes;
    answer->page.how = how;
    answer->page.writable = writable;
}

void fault_kill(struct message *answer) { message_start(answer, FAULT_KILL); }
