/* The fault protocol: what the kernel asks a fault handler, on behalf of a thread whose access is not allowed.
 *
 * The thread calls its handler's port with label FAULT_MESSAGE and FAULT_WORDS words:
 *     word 0 = address of the access
 *     word 1 = enum fault_access
 *     word 2 = the entry that decides: the page's word, or the directory's where it has no table
 *     word 3 = instruction; of a pointer that a system call follows: the one behind the call
 *     word 4 = number of the process, word 5 = number of the thread
 * The badge is that of the handle by which the port was named. The thread waits; the reply's label says what becomes of it:
 *     FAULT_RETRY:  it tries again. Word 0 = enum fault_then: before that, nothing, or the page is no longer watched.
 *     FAULT_SUPPLY: the page item lands at the page of the access, in place of what was there; it tries again.
 *     FAULT_KILL:   its process ends with the FAULT report, as without a handler.
 * It asks again as often as the access fails. A dead port and a reply handle that is closed unused mean FAULT_KILL; where
 * a service died that is started again, it asks again. */
#ifndef ABI_FAULT_H
#define ABI_FAULT_H

#define FAULT_MESSAGE 0x464C5453u
#define FAULT_WORDS 6u
#define FAULT_RETRY 0x46525459u
#define FAULT_SUPPLY 0x46535550u
#define FAULT_KILL 0x464B494Cu

enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXECUTE };
enum fault_then { FAULT_AS_IT_IS, FAULT_UNWATCH };

#endif
