/* Messages: what a call, a send or a reply carries, and how it lies in a thread's message buffer.
 * Words 0…3 travel in registers; the buffer is one page, and its copies of label and words 0…3 are not read. */
#ifndef ABI_MESSAGE_H
#define ABI_MESSAGE_H

#include <stdint.h>

#define MESSAGE_WORDS 256u
#define MESSAGE_REGISTERS 4u
#define MESSAGE_HANDLES 4u

typedef uint32_t handle_t; /* per process, 1 … HANDLE_MAX; 0 is no handle */
#define HANDLE_MAX 0x7FFFu

#define RIGHT_SEND 1u
#define RIGHT_RECEIVE 2u
#define RIGHT_PASS 4u

#define IPC_NOTIFY 0xFFFFFFFFu /* label of a notification: one word, the bits since the last */

struct page_item {
    uintptr_t start;
    uint32_t bytes;
    enum { PAGE_NOTHING, PAGE_GRANT, PAGE_MAP, PAGE_COPY } how;
    uint32_t writable;
};

struct message {
    uint32_t label, words, word[MESSAGE_WORDS];
    struct page_item page;
    uint32_t handles;
    handle_t handle[MESSAGE_HANDLES];
};

_Static_assert(sizeof(struct message) <= 4096, "a message fits the one page of a message buffer");

#endif
