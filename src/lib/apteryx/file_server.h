/* Being a file server: which pages of others are pages of files, and the pages that hold what is in them.
 *
 * A file server receives on a port that is the file port of its clients, and of itself (file_port, by whoever starts it
 * all), and has the pager right. It marks pages of clients as FILE; touched, the kernel asks the port for them. It keeps
 * what it has read in a cache: pages of its own that it has marked FILE too, to which it keeps away from but between
 * file_hold and file_release, for they are evicted as all pages are. Messages and answers: abi/file.h.
 *
 * It stands in the order driver < swap server < file server < everybody else: it may be in swap itself, but a FILE page
 * that is not there is a fault for any thread of it. => ERR_RIGHTS: no pager right */
#ifndef APTERYX_FILE_SERVER_H
#define APTERYX_FILE_SERVER_H

#include "abi/fault.h"
#include "abi/file.h"
#include "abi/process.h"
#include <apteryx/types.h>

/* From here on `port` is the file port of this process, and of those that it will start. */
err_t file_port(handle_t pager, handle_t port);
/* A handle to this process's file port, which can't be passed on; its badge is the process's number.
 * => ERR_NO_ENTRY: it has none */
err_t file_connect(handle_t *port);

/* The process of a handle becomes a client: *pid is its number, and no other's before the server has answered FILE_GONE.
 * => ERR_NO_ENTRY: it has ended  => ERR_RIGHTS: its file port is another's */
err_t file_client(handle_t pager, handle_t process, uint32_t *pid);

/* Pages of process space of a process whose file port the caller receives on; its own too. VM_FILE: the range, all NONE,
 * becomes FILE. VM_NONE: FILE pages in the range become NONE, dirty private ones are discarded (file_take them before);
 * others stay as they are. => ERR_NO_ENTRY: no such process  => ERR_KIND: something else is in the range, or the kind is
 * another  => ERR_RANGE  => ERR_COMMIT, ERR_LIMIT, ERR_MEMORY: no page table, of the process */
err_t file_mark(handle_t pager, uint32_t pid, uintptr_t start, uint32_t bytes, enum vm_kind kind);

/* Keeps a page of the cache in RAM until it has been released as often. Where it is not there: ERR_NO_ENTRY, or with
 * `fill` a fresh page of zeros. Its token is as good as that of a page in flight: to disk drivers and token_map. A page
 * that a driver works on must be held until the driver has answered.
 * => ERR_KIND: not FILE  => ERR_LIMIT: too many are held  => ERR_MEMORY */
err_t file_hold(handle_t pager, uintptr_t page, bool fill, uint32_t *token);
/* It may be evicted again. What was written into it counts as clean, since the server knows where that is, too; `dirty`:
 * it comes by FILE_OUT before. => ERR_KIND: it is not held
 * => ERR_LIMIT: no more can be released dirty before some have gone out; it is held still */
err_t file_release(handle_t pager, uintptr_t page, bool dirty);

/* The private page of a client goes to the page `to` of the cache, which is FILE and not there, and is held then.
 * *token is set of CLEAN and DIRTY. => the errors of file_mark and file_hold */
err_t file_take(handle_t pager, uint32_t pid, uintptr_t page, uintptr_t to, enum file_taken *taken, uint32_t *token);

/* ---- messages ---- */
struct file_fault {
    uintptr_t page;
    uint32_t access; /* enum fault_access */
    uint32_t process, entry;
};
/* What a FILE_FAULT asks. False: the message is none. */
bool file_fault_read(const struct message *m, struct file_fault *fault);
/* Its answers, to be given by ipc_reply or ipc_reply_receive; on an error of these the thread still waits.
 * how: PAGE_MAP, PAGE_COPY (copy: into what), PAGE_GRANT
 * => ERR_KIND: not pages of the cache, held; granted: more than once, or shown by others */
void file_supply(struct message *answer, uintptr_t start, uint32_t bytes, uint32_t how, enum file_copy copy);
void file_retry(struct message *answer);
void file_fail(struct message *answer);

/* The i-th page of a FILE_OUT. False: there are no more, or the message is none. */
struct file_out {
    uint32_t process;
    uintptr_t page;
    uint32_t token;
};
bool file_out_read(const struct message *m, uint32_t i, struct file_out *out);
/* The answer to it: n results. */
void file_out_done(struct message *answer, const err_t *results, uint32_t n);

#endif
