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
/* A message with nothing but its label, to put words, handles or a page into. */
void message_start(struct message *m, uint32_t label);
/* Close the handles that came with a message: a server that wants none must not keep them. */
void message_drop(struct message *m);
/* A global name, of a handle that may receive. Who looks it up may send, with that handle's badge: so one port may stand
 * for several things. => ERR_BUSY: taken  => ERR_LIMIT: the port has 16 names  => ERR_NO_ENTRY: nobody has that name (yet) */
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
/* Page items. A message's `page` passes the run of pages start, bytes to the receiver, wherever they are (in RAM, in
 * swap, or promised and never touched), at most 4 MiB a message:
 *   PAGE_GRANT  gives them: NONE stays behind. A page that was LOCKED stays so. Its charge goes with it.
 *   PAGE_MAP    shows the same pages there too (SHARED), to be written if `writable` says so and the sender may write all
 *               of them. They stay the sender's: its charge, and gone for the receiver, and for those to whom the receiver
 *               lent them onwards, when the sender takes them back (vm_unmap), discards them (vm_set) or ends.
 *   PAGE_COPY   gives the receiver copies, its own in every way and charged to it in full. A page is copied when one of the
 *               two is first written (until then both are COW); the last one takes the page over.
 * They land at the start of the window of the receiving process, which holds for all its threads until it names
 * another, for replies too; what was there is discarded. The message that arrives says where they landed, and in
 * page.writable whether they can be written there: what is granted or copied, as the window's area allows.
 * The sender's errors, besides those above; on each, nothing has gone over:
 * => ERR_NO_ENTRY: the receiver has no window  => ERR_TOO_LONG: more than its window, or 4 MiB
 * => ERR_RANGE: unaligned, empty, overflowing or kernel range; it overlaps the window in the same process; a page would
 *    land on one that it was lent from
 * => ERR_KIND: a page that is NONE, GUARD, DMA or SPECIAL; LOCKED, of PAGE_COPY; a message buffer of the two threads in
 *    either range; how is unknown; the answer to a swap batch
 * => ERR_COMMIT: the receiver can't be promised copies; of a grant, the sender is overcommitted and the receiver's
 *    promise can't be made  => ERR_MEMORY: no page table, or no memory to note who has which page
 * => ERR_LIMIT: 1,024 places show or copy a page already, or it was lent onwards 31 times */
err_t ipc_window(uintptr_t start, uint32_t bytes);

#endif
