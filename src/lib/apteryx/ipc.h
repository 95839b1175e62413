/* Messages between processes: ports, handles, calls and replies.
 *
 * A message carries up to 256 words, four handles and one page item (struct message, abi/message.h). With at most four
 * words and nothing else it travels in registers. `handles` and `page.how` must be set (0: none).
 * => ERR_DEAD: the peer is gone  => ERR_HANDLE, ERR_RIGHTS: not such a handle  => ERR_TOO_LONG: more words than 256
 * A service that is being restarted answers ERR_RETRY to the kernel; the library sends again until it is back.
 */
#ifndef APTERYX_IPC_H
#define APTERYX_IPC_H

#include <apteryx/types.h>

err_t port_create(handle_t *port);
/* A copy can only lose rights; a badge can be put only on a handle without one. */
err_t handle_copy(handle_t from, uint32_t rights, uint32_t badge, handle_t *to);
err_t handle_close(handle_t handle);
/* A global name. => ERR_BUSY: taken  => ERR_NO_ENTRY: nobody has that name (yet) */
err_t name_register(const char *name, handle_t port);
err_t name_lookup(const char *name, handle_t *port);
/* The reply takes m's place. */
err_t ipc_call(handle_t port, struct message *m);
err_t ipc_send(handle_t port, const struct message *m);
err_t ipc_notify(handle_t port, uint32_t bits);
/* *reply 0: none is owed; until_us 0: for ever, else ERR_TIME at that moment. reply and badge may be NULL. */
err_t ipc_receive(handle_t port, struct message *m, handle_t *reply, uint32_t *badge, uint64_t until_us);
/* Once; any thread of the process, in any order. */
err_t ipc_reply(handle_t reply, const struct message *m);
/* Answers with m, then waits on the port; m is what came. reply 0: nothing to answer. */
err_t ipc_reply_receive(handle_t reply, handle_t port, struct message *m, handle_t *next, uint32_t *badge);
/* Where arriving page items land. */
err_t ipc_window(uintptr_t start, uint32_t bytes);

#endif
