#include "puppet.h"

enum vm_kind kind_at(uintptr_t address)
{
    struct vm_run run;
    uint32_t count;
    return vm_query(address, PAGE_BYTES, &run, 1, &count) == OK ? run.kind : VM_SPECIAL;
}

/* ---- the puppet's side ---- */

static void pass(struct message *m)
{
    const struct page_item item = {m->word[0], m->word[1], m->word[2], m->word[3]};
    if (m->handles == 0) { /* with the reply */
        m->page = item;
        m->word[0] = OK;
        return;
    }
    struct message other = {.label = PUPPET_LAND, .page = item};
    m->word[0] = ipc_call(m->handle[0], &other);
    m->word[1] = other.word[0];
    m->page.how = PAGE_NOTHING;
    (void)handle_close(m->handle[0]);
}

static uint32_t answer(const struct message *m)
{
    volatile uint32_t *at = (volatile uint32_t *)m->word[0];
    switch ((enum puppet_label)m->label) {
    case PUPPET_LOAD:
        return *at;
    case PUPPET_STORE:
        *at = m->word[1];
        return OK;
    case PUPPET_KIND:
        return kind_at(m->word[0]);
    case PUPPET_SET:
        return vm_set(m->word[0], m->word[1], m->word[2]);
    case PUPPET_UNMAP:
        return vm_unmap(m->word[0], m->word[1]);
    case PUPPET_OUT:
        return vm_page_out(m->word[0], m->word[1]);
    case PUPPET_WINDOW:
        return ipc_window(m->word[0], m->word[1]);
    case PUPPET_LAND:
        return m->page.writable;
    case PUPPET_PASS:
        break;
    }
    return ERR_KIND;
}

void puppet_run(void)
{
    struct message m;
    handle_t port = start_handle(1), reply = 0;
    err_t error = ipc_receive(port, &m, &reply, NULL, 0);
    while (error == OK) {
        if (m.label == PUPPET_PASS) {
            pass(&m);
        } else {
            m.word[0] = answer(&m);
            m.page.how = PAGE_NOTHING;
        }
        m.words = 2;
        m.handles = 0;
        error = ipc_reply(reply, &m); /* not with the next receive: pages may be refused */
        if (error != OK) {
            m.page.how = PAGE_NOTHING;
            m.word[0] = error;
            error = ipc_reply(reply, &m);
        }
        if (error == OK)
            error = ipc_receive(port, &m, &reply, NULL, 0);
    }
    process_exit(1);
}

/* ---- who pulls the strings ---- */

struct puppet puppet_start(void)
{
    struct puppet p = {0, 0};
    char *argv[] = {"sharing", "puppet", NULL};
    handle_t both;
    if (port_create(&both) != OK)
        return p;
    if (process_spawn_with("sharing", argv, &(struct spawn_options){.handle = &both, .handles = 1}, &p.process) != OK ||
        handle_copy(both, RIGHT_SEND | RIGHT_PASS, 0, &p.port) != OK)
        p.port = 0;
    (void)handle_close(both); /* the port is to die with its puppet */
    return p;
}

int puppet_wait(struct puppet *puppet)
{
    int status = -1;
    (void)process_wait(puppet->process, &status);
    (void)handle_close(puppet->process);
    (void)handle_close(puppet->port);
    return status;
}

int puppet_end(struct puppet *puppet) { return process_kill(puppet->process) == OK ? puppet_wait(puppet) : -1; }

uint32_t puppet_ask(const struct puppet *puppet, enum puppet_label label, uintptr_t address, uint32_t w1, uint32_t w2)
{
    struct message m = {.label = label, .words = 3, .word = {address, w1, w2}};
    err_t error = ipc_call(puppet->port, &m);
    return error == OK ? m.word[0] : error;
}

err_t pages_pass(const struct puppet *to, struct page_item item, uint32_t *writable)
{
    struct message m = {.label = PUPPET_LAND, .page = item};
    TRY(ipc_call(to->port, &m));
    if (writable)
        *writable = m.word[0];
    return OK;
}

static err_t puppet_tell(const struct puppet *from, struct page_item item, struct message *m)
{
    m->label = PUPPET_PASS;
    m->words = 4;
    m->word[0] = item.start;
    m->word[1] = item.bytes;
    m->word[2] = item.how;
    m->word[3] = item.writable;
    TRY(ipc_call(from->port, m));
    return (err_t)m->word[0];
}

err_t puppet_pass(const struct puppet *from, const struct puppet *to, struct page_item item, uint32_t *writable)
{
    struct message m = {.handles = 1, .handle = {to->port}};
    TRY(puppet_tell(from, item, &m));
    if (writable)
        *writable = m.word[1];
    return OK;
}

err_t puppet_give(const struct puppet *from, struct page_item item, struct page_item *landed)
{
    struct message m = {.handles = 0};
    TRY(puppet_tell(from, item, &m));
    *landed = m.page;
    return OK;
}
