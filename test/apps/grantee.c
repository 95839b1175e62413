/* grantee PAGES PID: gets runs of PAGES pages from granter (process PID) by its first handle, a port, and grants them
 * back (grant.h).
 *
 * Pages to keep land in slot 0, 1, …: each call moves the window to the next slot. Pages to flip don't move it. */
#include "grant.h"
#include "number.h"
#include <apteryx/print.h>
#include <apteryx/process.h>

#define SLOTS_START 0x600F1000u /* chunks cross the edges of page tables */

static uint32_t granter, chunk_pages, lost;

static uintptr_t slot_start(uint32_t slot) { return SLOTS_START + slot * chunk_pages * PAGE_BYTES; }

static void flip(const struct message *m)
{
    for (uint32_t i = 0; i < m->page.bytes / PAGE_BYTES; i++) {
        volatile uint32_t *page = (volatile uint32_t *)(m->page.start + i * PAGE_BYTES);
        const struct page_key before = {granter, m->word[0] + i, m->word[1]};
        const struct page_key after = {process_id(), m->word[0] + i, m->word[1] + 1};
        lost += page_is_wrong(page, &before);
        page_fill(page, &after);
    }
}

/* The message becomes the answer to itself. */
static err_t answer(struct message *m)
{
    err_t err = OK;
    switch ((enum grant_label)m->label) {
    case GRANT_FLIP:
        flip(m); /* the item that came goes back as it is */
        break;
    case GRANT_KEEP:
        m->page.how = PAGE_NOTHING;
        err = ipc_window(slot_start(m->word[0] + 1), chunk_pages * PAGE_BYTES);
        break;
    case GRANT_RETURN:
        m->page = (struct page_item){slot_start(m->word[0]), chunk_pages * PAGE_BYTES, PAGE_GRANT, 0};
        break;
    case GRANT_END:
        m->word[0] = lost;
        break;
    }
    m->words = 1;
    return err;
}

int main(int argc, char **argv)
{
    struct message m;
    handle_t port = start_handle(1), reply;
    if (argc != 3 || port == 0)
        return 2;
    chunk_pages = number(argv[1]);
    granter = number(argv[2]);
    err_t err = ipc_window(slot_start(0), chunk_pages * PAGE_BYTES);
    if (err == OK)
        err = ipc_receive(port, &m, &reply, NULL, 0);
    while (err == OK) {
        bool ends = m.label == GRANT_END;
        err = answer(&m);
        if (err == OK && ends)
            return ipc_reply(reply, &m) == OK ? 0 : 1;
        if (err == OK)
            err = ipc_reply_receive(reply, port, &m, &reply, NULL);
    }
    print("grantee: %s\n", err_name(err));
    return 1;
}
