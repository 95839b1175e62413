#include "kernel/ipc/inside.h"
#include "kernel/task/pool.h"

void (*port_died)(const struct port *port);
static struct pool ports = POOL_OF(ports, struct port);

err_t port_new(struct account *account, struct port **result)
{
    static uint32_t last_number;
    void *object;
    TRY(pool_take(&ports, account, &object));
    struct port *port = object;
    port->account = account_hold(account);
    list_start(&port->names);
    port->number = ++last_number;
    list_start(&port->senders);
    list_start(&port->receivers);
    list_start(&port->kernel_calls);
    port->references = 1;
    *result = port;
    return OK;
}

void port_release(struct port *port)
{
    assert(port->references > 0);
    if (--port->references)
        return;
    assert(list_empty(&port->senders) && list_empty(&port->receivers) && list_empty(&port->kernel_calls));
    struct account *account = port->account;
    pool_return(&ports, account, port);
    account_release(account);
}

void port_die(struct port *port)
{
    port->dead = true;
    names_forget(port);
    thread_wake_all(&port->receivers); /* they run again, and find their handle gone */
    for (struct list_node *at; (at = list_first(&port->senders)) != NULL;) {
        ipc_call_end(list_member(at, struct thread, queue), ERR_DEAD);
    }
    for (struct list_node *at; (at = list_pop_front(&port->kernel_calls)) != NULL;) {
        struct kernel_call *call = list_member(at, struct kernel_call, queue);
        call->replied(call, ERR_DEAD, NULL, 0);
    }
    if (port_died)
        port_died(port);
}

void receiver_wake(struct port *port)
{
    struct list_node *first = list_first(&port->receivers);
    if (first)
        thread_wake(list_member(first, struct thread, queue)); /* its receive runs again */
}

void port_notify(struct port *port, uint32_t bits)
{
    port->notified |= bits;
    receiver_wake(port);
}

void ipc_kernel_call(struct port *port, struct kernel_call *call)
{
    list_start(&call->queue);
    list_push_back(&port->kernel_calls, &call->queue);
    receiver_wake(port);
}
