/* Fault handlers: somebody else is asked before a thread's fault ends its process.
 *
 * Asked about are accesses to NONE, GUARD and WATCHED pages, writes that are not allowed, and the same accesses by a
 * system call to what its arguments point to, message buffers too. The thread waits; the handler receives a message
 * (abi/fault.h) and its reply says what becomes of it. Where nobody is to be asked the process ends with a report, and a
 * call gets ERR_FAULT. A page that can't be read from swap, or an address of the kernel, is no question.
 *
 * Nobody waits for himself: a thread that received from a port last is not asked about there; faults of its own end its
 * process. So let a handler in the same process stand on pages that are not watched. Two threads that handle each
 * other's faults may wait for each other until they are killed. A caller whose message buffer can't be written when its
 * reply comes has no reply: its call gets ERR_FAULT. */
#ifndef APTERYX_FAULT_H
#define APTERYX_FAULT_H

#include "abi/fault.h"
#include <apteryx/types.h>

/* For all threads of this process, or the calling one, which comes first. Needs the right to send; 0: nobody.
 * The children that it starts don't inherit it: spawn_options.fault_port. */
err_t fault_handler(handle_t port);
err_t fault_handler_thread(handle_t port);

struct fault {
    uintptr_t address;
    enum fault_access access;
    uint32_t entry; /* word of the page's entry, or its directory's */
    uintptr_t instruction;
    uint32_t process, thread; /* numbers */
};
/* What a message asks. False: it is none of these. */
bool fault_read(const struct message *m, struct fault *fault);

/* The answers, to be given by ipc_reply or ipc_reply_receive, which say ERR_KIND, ERR_RANGE … where one can't be carried
 * out; the thread still waits then. */
void fault_retry(struct message *answer, enum fault_then then);
/* The pages start … start + bytes, of the handler, land from the page of the access up, in place of what is there. how:
 * PAGE_GRANT, PAGE_MAP, PAGE_COPY, as in <apteryx/ipc.h>, with the same errors */
void fault_supply(struct message *answer, uintptr_t start, uint32_t bytes, uint32_t how, bool writable);
void fault_kill(struct message *answer);

#endif
