/* Asking a fault handler (abi/fault.h): a call that the kernel makes for the thread, in its place in the port's queue, at
 * its priority. Words and reply never touch the thread's registers: it goes on as if nothing had been. */
#include "abi/fault.h"
#include "kernel/ipc/inside.h"
#include "kernel/pager/pager.h"

_Static_assert((int)FAULT_READ == (int)ACCESS_READ && (int)FAULT_WRITE == (int)ACCESS_WRITE &&
                   (int)FAULT_EXECUTE == (int)ACCESS_EXECUTE,
               "an access goes into the message as it is");

void fault_handler_set(struct fault_handler *handler, const struct handle_entry *entry)
{
    struct port *was = handler->port;
    *handler = (struct fault_handler){NULL, 0};
    if (entry) {
        *handler = (struct fault_handler){entry->object, entry->badge};
        handler->port->references++;
    }
    if (was)
        port_release(was);
}

/* Who serves a port would wait for itself. */
static bool may_ask(const struct thread *thread, const struct fault_handler *handler)
{
    return handler->port && !handler->port->dead && handler->port->number != thread->serves;
}

static const struct fault_handler *handler_of(const struct thread *thread)
{
    if (may_ask(thread, &thread->handler))
        return &thread->handler;
    return may_ask(thread, &thread->process->handler) ? &thread->process->handler : NULL;
}

/* A queued message of its call is as if it had not been sent; its deadline is set again when the call runs again. */
static void call_leave(struct thread *thread)
{
    struct port *port = thread->port;
    list_remove(&thread->queue);
    list_remove(&thread->timer);
    thread->port = NULL;
    if (port)
        port_release(port);
}

bool fault_ask(struct thread *thread, uintptr_t address, enum access access, bool in_call)
{
    const struct fault_handler *handler = handler_of(thread);
    if (!handler || address >= KERNEL_SPACE)
        return false;
    page_t page = address_page(address);
    if (thread->wait != WAIT_NONE)
        call_leave(thread);
    thread->fault = (struct fault){.address = address,
                                   .access = access,
                                   .entry = space_entry(thread_space(thread, page), page, NULL),
                                   .in_call = in_call};
    thread->port = handler->port;
    thread->port->references++;
    thread->badge = handler->badge;
    thread->call_sequence++;
    pager_thread_runs(thread);
    thread_park(thread, WAIT_HANDLER, &thread->port->senders);
    receiver_wake(thread->port);
    return true;
}

err_t fault_carry(struct thread *thread, struct thread *receiver)
{
    const struct fault *fault = &thread->fault;
    const uint32_t word[FAULT_WORDS] = {
        fault->address, fault->access, fault->entry.w, thread->context.eip, process_number(thread->process),
        thread->id};
    return message_carry_words(thread, receiver, FAULT_MESSAGE, word, FAULT_WORDS);
}

void fault_answered(struct thread *thread, err_t error)
{
    struct fault *fault = &thread->fault;
    fault->refused = error != OK && error != ERR_RETRY;
    thread->run_again = fault->in_call || fault->refused;
}

static err_t unwatch(struct thread *thread)
{
    struct space *space;
    page_t page = address_page(thread->fault.address);
    const struct page_range range = {page, {page.n + 1}};
    TRY(process_range_enter(thread->process));
    TRY(thread_space_use(thread, range, &space));
    return pager_unwatch(space, page);
}

static err_t retry(struct thread *thread, enum fault_then then)
{
    switch (then) {
    case FAULT_AS_IT_IS:
        return OK;
    case FAULT_UNWATCH:
        return unwatch(thread);
    }
    return ERR_RANGE;
}

static err_t supply(struct thread *handler, struct thread *thread)
{
    struct page_pass pass;
    TRY(message_item(handler, thread, &pass));
    TRY(pager_pass_charge(&pass));
    pager_pass(&pass);
    return OK;
}

err_t fault_reply(struct thread *handler, struct thread *thread, bool is_long)
{
    const struct context *c = &handler->context;
    if (is_long != (c->edx == FAULT_SUPPLY))
        return ERR_KIND;
    switch (c->edx) {
    case FAULT_RETRY:
        TRY(retry(thread, IPC_WORDS(c->eax) ? c->ebx : FAULT_AS_IT_IS));
        break;
    case FAULT_SUPPLY:
        TRY(supply(handler, thread));
        break;
    case FAULT_KILL:
        break;
    default:
        return ERR_RANGE;
    }
    ipc_call_end(thread, c->edx == FAULT_KILL ? ERR_DEAD : OK);
    return OK;
}
