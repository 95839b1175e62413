/* badpager: a file server whose calls and answers make little sense. The kernel must say so, and nobody but its clients
 * may come to harm. */
#include "pagefiles.h"
#include "common/units.h"
#include <apteryx/file_server.h>
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/random.h>

#define PAGER start_handle(2)
#define CACHE 0x40000000u
#define CACHE_PAGES 2000u
#define CLIENTS_AT 0x20000000u

static uint32_t state, client, refused, done;
static struct message m;

static uint32_t below(uint32_t n) { return random_below(&state, n); }

static uintptr_t any_address(void)
{
    static const uintptr_t odd[] = {0, 1, 0xFFFFF000u, 0xC0000000u, 0xBFFFF000u, 0x100000u, 0x400FFFu};
    if (below(12) == 0)
        return odd[below(sizeof odd / sizeof odd[0])];
    uintptr_t start = below(3) ? CACHE : CLIENTS_AT;
    return start + below(below(2) ? 40 : CACHE_PAGES) * PAGE_BYTES;
}

static uint32_t any_bytes(void) { return below(10) ? (1 + below(below(2) ? 8 : 1500)) * PAGE_BYTES : below(5000); }

static uint32_t any_process(void)
{
    uint32_t which = below(6);
    return which < 3 ? client : which < 5 ? process_id() : below(70000);
}

static void tell(err_t err) { *(err == OK ? &done : &refused) += 1; }

static void any_call(void)
{
    enum file_taken taken;
    uint32_t token;
    uintptr_t page = any_address();
    switch (below(8)) {
    case 0:
        tell(file_mark(PAGER, any_process(), page, any_bytes(), below(4) ? VM_FILE : (enum vm_kind)below(20)));
        break;
    case 1:
        tell(file_mark(PAGER, any_process(), page, any_bytes(), VM_NONE));
        break;
    case 2:
    case 3:
        tell(file_hold(PAGER, page, below(4) != 0, &token));
        break;
    case 4:
    case 5:
        tell(file_release(PAGER, page, below(3) == 0));
        break;
    case 6:
        tell(file_take(PAGER, any_process(), any_address(), page, &taken, &token));
        break;
    default:
        tell(
            token_map(PAGER, below(2) ? 0x80000000u + below(3000) : 0x10000000u + below(9000), 0x58000000u + below(9)));
    }
}

/* Something that may be supplied now and then. */
static uintptr_t some_held(void)
{
    uint32_t token;
    uintptr_t page = CACHE + below(40) * PAGE_BYTES;
    if (below(4))
        tell(file_hold(PAGER, page, true, &token));
    return page;
}

static void any_answer(handle_t reply)
{
    uint32_t which = below(12);
    if (which < 8)
        file_supply(&m, which < 6 ? some_held() : any_address(), which < 5 ? PAGE_BYTES : any_bytes(), below(5),
                    (enum file_copy)below(3));
    else if (which == 8 && below(10) == 0)
        file_fail(&m);
    else if (which < 11)
        file_retry(&m);
    else
        m = (struct message){.label = below(2) ? OK : ERR_IO, .words = below(40)};
    err_t err = ipc_reply(reply, &m);
    tell(err);
    if (err == OK || err == ERR_DEAD)
        return;
    if (below(100))
        file_retry(&m);
    else
        m = (struct message){.label = OK};
    if (ipc_reply(reply, &m) != OK)
        (void)handle_close(reply);
}

int main(int argc, char **argv)
{
    (void)argv;
    state = random_start(7, (uint32_t)argc);
    for (;;) {
        handle_t reply;
        uint32_t badge;
        if (ipc_receive(start_handle(1), &m, &reply, &badge, 0) != OK)
            return 1;
        message_drop(&m);
        if (badge) {
            client = badge;
            tell(file_mark(PAGER, client, CLIENTS_AT, CACHE_PAGES * PAGE_BYTES, VM_FILE));
            tell(file_mark(PAGER, process_id(), CACHE, CACHE_PAGES * PAGE_BYTES, VM_FILE));
            m = (struct message){.label = OK, .words = 4, .word = {OK, refused, done, 0}};
            (void)ipc_reply(reply, &m);
            continue;
        }
        for (uint32_t n = below(4); n > 0; n--)
            any_call();
        if (reply)
            any_answer(reply);
    }
}
