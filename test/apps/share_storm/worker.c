/* A worker of the storm: does as it is told with its pages, by its first handle, a port. */
#include "storm.h"
#include <apteryx/process.h>

static uintptr_t address(uint32_t page) { return START + page / group * GROUP_BYTES + page % group * PAGE_BYTES; }

static uint32_t check(const struct message *m)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < m->word[1]; i++) {
        const volatile uint32_t *page = (const volatile uint32_t *)address(m->word[0] + i);
        const struct page_key key = {m->word[2 + 2 * i] >> 16, m->word[2 + 2 * i] & 0xFFFFu, m->word[3 + 2 * i]};
        wrong += key.generation ? page_is_wrong(page, &key) : page_is_not_zero(page);
    }
    return wrong;
}

static void fill(const struct message *m)
{
    for (uint32_t i = 0; i < m->word[1]; i++) {
        const struct page_key key = {m->word[2 + 2 * i] >> 16, m->word[2 + 2 * i] & 0xFFFFu, m->word[3 + 2 * i]};
        page_fill((volatile uint32_t *)address(m->word[0] + i), &key);
    }
}

static err_t pass(struct message *m)
{
    handle_t to = m->handle[0];
    struct message item = {.label = STORM_LAND};
    item.page = (struct page_item){address(m->word[0]), m->word[1] * PAGE_BYTES, m->word[2], m->word[3]};
    err_t error = ipc_call(to, &item);
    m->word[1] = item.word[0];
    (void)handle_close(to);
    return error;
}

static uint32_t answer(struct message *m)
{
    uintptr_t start = address(m->word[0]);
    uint32_t bytes = m->word[1] * PAGE_BYTES;
    switch ((enum storm_label)m->label) {
    case STORM_CHECK:
        return check(m);
    case STORM_FILL:
        fill(m);
        return OK;
    case STORM_SET:
        return vm_set(start, bytes, m->word[2]);
    case STORM_UNMAP:
        return vm_unmap(start, bytes);
    case STORM_OUT:
        return vm_page_out(start, bytes);
    case STORM_WINDOW:
        return ipc_window(start, bytes);
    case STORM_PASS:
        return pass(m);
    case STORM_LAND:
        return m->page.writable;
    }
    return ERR_RANGE;
}

void worker_run(void)
{
    struct message m;
    handle_t port = start_handle(1), reply = 0;
    err_t error = ipc_receive(port, &m, &reply, NULL, 0);
    while (error == OK) {
        m.word[0] = answer(&m);
        m.words = 2;
        m.handles = 0;
        m.page.how = PAGE_NOTHING;
        error = ipc_reply_receive(reply, port, &m, &reply, NULL);
    }
    process_exit(1);
}
