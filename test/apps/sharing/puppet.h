/* Puppets: processes that do as they are told with their pages. */
#ifndef SHARING_PUPPET_H
#define SHARING_PUPPET_H

#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define PAGE_BYTES 4096u

/* Calls. Word 0: an address. The reply's word 0: what it read, or an err_t, or an enum vm_kind. */
enum puppet_label {
    PUPPET_LOAD,
    PUPPET_STORE, /* word 1: the value */
    PUPPET_KIND,
    PUPPET_SET,    /* word 1: bytes, word 2: enum vm_kind */
    PUPPET_UNMAP,  /* word 1: bytes */
    PUPPET_OUT,    /* word 1: bytes */
    PUPPET_WINDOW, /* word 1: bytes */
    PUPPET_PASS,   /* word 1: bytes, word 2: how, word 3: writable; to the puppet of handle 0, or back with the reply.
                      The reply's word 1: what the other puppet was told of `writable` */
    PUPPET_LAND,   /* from another puppet, with pages */
};
struct puppet {
    handle_t process, port;
};

void puppet_run(void) __attribute__((noreturn));

enum vm_kind kind_at(uintptr_t address);

/* => a puppet that is gone answers ERR_DEAD to all of these */
struct puppet puppet_start(void);
int puppet_end(struct puppet *puppet);  /* killed; its status */
int puppet_wait(struct puppet *puppet); /* until it has ended by itself */
uint32_t puppet_ask(const struct puppet *puppet, enum puppet_label label, uintptr_t address, uint32_t w1, uint32_t w2);
/* Pages from here, or from a puppet, to a puppet. *writable may be NULL. */
err_t pages_pass(const struct puppet *to, struct page_item item, uint32_t *writable);
err_t puppet_pass(const struct puppet *from, const struct puppet *to, struct page_item item, uint32_t *writable);
/* Pages of a puppet to here: they land in the window. */
err_t puppet_give(const struct puppet *from, struct page_item item, struct page_item *landed);

#endif
