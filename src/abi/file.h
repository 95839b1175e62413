/* The file protocol, kernel side: what the kernel asks a file server, and what that may answer.
 *
 * A page of a mapped file is FILE in its entry, whatever else is known of it: which file lies there, the server knows.
 * Each process has at most one file port, inherited from its parent (file_port). The kernel calls that port, badge 0:
 *
 * FILE_FAULT: for a thread that touches a FILE page which is not there, or writes one that is shown read-only. It waits;
 *     others that touch the same page join it.
 *     word 0 = address of the page, word 1 = enum fault_access, word 2 = number of the process whose page it is,
 *     word 3 = the page's entry, or the directory's where it has no table
 *   The reply's label:
 *     FILE_SUPPLY: the page item names pages of the server's cache, each held by it (file_hold): the first for the page
 *         that was asked for, the next ones read ahead for those above it. They go to pages that are FILE and not there;
 *         the first also in place of one that is shown read-only, where a write was asked for, if it is copied or
 *         granted. What has changed meanwhile is passed over, and so is what can't be read ahead just now.
 *           PAGE_MAP:   shown there read-only. It stays the server's: one frame, however many show it.
 *           PAGE_COPY:  a copy. Word 0 = enum file_copy: a private FILE page, or a NORMAL one, charged to the process.
 *           PAGE_GRANT: the server's page goes there, a private FILE page; it is no longer held, and FILE to the server.
 *     FILE_RETRY: nothing; the thread tries again.
 *     FILE_FAIL:  the access is not allowed: the fault handler is asked, or the process ends with the FAULT report.
 *   A private FILE page can be written, as its area allows. It begins clean.
 *
 * FILE_OUT: dirty pages are evicted: private ones of clients, and those of its cache that the server has written to.
 *     FILE_OUT_WORDS words for each of n <= FILE_OUT_MAX pages: number of the process, address of the page, token.
 *     Tokens are valid until the reply: n words, the err_t of each page. After OK a page that nobody has touched meanwhile
 *     is gone, and asked for when it is needed: what was sent is what must come back. One that was touched stays, and is
 *     sent again when it has been written to. After an error the page stays, as dirty as it was.
 *
 * FILE_GONE: word 0 = the number of a process that was connected or had pages marked, and has ended. The reply, any,
 *     says that the number may be used again.
 *
 * Clean pages are evicted without a word: the server's, with all that show them, and private ones. Private pages that
 * can be written, and those of caches that were released dirty, take no more than a quarter of RAM together; who would make
 * one more waits until some have gone out, and a server that would release one more dirty is told so (ERR_LIMIT).
 * A server that dies takes its cache along; clients' pages are FILE again, or stay where they are private. What was not
 * answered is asked or sent again at its port, for its successor. */
#ifndef ABI_FILE_H
#define ABI_FILE_H

#define FILE_FAULT 0x46494C46u
#define FILE_FAULT_WORDS 4u
#define FILE_SUPPLY 0x46535550u
#define FILE_RETRY 0x46525459u
#define FILE_FAIL 0x4646414Cu
enum file_copy { FILE_COPY_PRIVATE, FILE_COPY_NORMAL };

#define FILE_OUT 0x46494C4Fu
#define FILE_OUT_MAX 32u
#define FILE_OUT_WORDS 3u
#define FILE_OUTS 4u /* such messages at a time */

#define FILE_GONE 0x46494C47u

#define FILE_HOLD_MAX 256u /* pages held at a time, by all servers; of small machines a sixteenth of RAM */

/* What file_take found. Clean and dirty ones are in the server's page now, and held; of those and of flying ones the
 * client's page is NONE. */
enum file_taken {
    FILE_TAKEN_NONE,  /* no private page is there: nothing has changed */
    FILE_TAKEN_CLEAN, /* as the server supplied it, or as it was written out last */
    FILE_TAKEN_DIRTY,
    FILE_TAKEN_FLYING /* its content is what an unanswered FILE_OUT carries */
};

#endif
