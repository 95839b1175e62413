/* The IPC system calls. */
#include "kernel/arch/x86/clock.h"
#include "kernel/ipc/inside.h"

static err_t port_find(struct thread *thread, handle_t handle, uint8_t right, struct handle_entry **entry)
{
    TRY(handle_find(thread->process, handle, HANDLE_PORT, entry));
    if (!((*entry)->rights & right))
        return ERR_RIGHTS;
    return ((struct port *)(*entry)->object)->dead ? ERR_DEAD : OK;
}

/* From here on the thread waits for its reply; the port is held, to tell a restart from an end. */
static void reply_await(struct thread *sender, struct port *port)
{
    sender->port = port;
    thread_park(sender, WAIT_REPLY, NULL);
}

err_t ipc_call(struct thread *thread, bool is_long, bool wants_reply)
{
    struct handle_entry *entry;
    TRY(port_find(thread, IPC_HANDLE(thread->context.eax), RIGHT_SEND, &entry));
    struct port *port = entry->object;
    struct list_node *first = list_first(&port->receivers);
    thread->badge = entry->badge;
    if (!first) {
        thread->port = port;
        port->references++;
        thread->wants_reply = wants_reply;
        thread->message_is_long = is_long;
        thread->call_sequence++;
        thread_park(thread, WAIT_SEND, &port->senders);
        return (err_t)ERR_PARKED;
    }
    struct thread *receiver = list_member(first, struct thread, queue);
    thread->call_sequence++;
    TRY(message_carry(thread, receiver, is_long, wants_reply));
    receiver->run_again = false;
    thread_wake(receiver);
    if (!wants_reply)
        return OK;
    port->references++;
    reply_await(thread, port);
    return (err_t)ERR_PARKED;
}

/* Take the first queued sender's message. ERR_NO_ENTRY: nobody is there. */
static err_t sender_take(struct thread *thread, struct port *port)
{
    struct list_node *first;
    while ((first = list_first(&port->senders)) != NULL) {
        struct thread *sender = list_member(first, struct thread, queue);
        if (sender->wait == WAIT_HANDLER) {
            TRY(fault_carry(sender, thread));
            list_remove(&sender->queue);
            return ERR_DELIVERED;
        }
        if (sender->wait == WAIT_FILE && !file_needs_answer(sender)) {
            ipc_call_end(sender, OK);
            continue;
        }
        if (sender->wait == WAIT_FILE) {
            TRY(file_carry(sender, thread));
            list_remove(&sender->queue);
            return ERR_DELIVERED;
        }
        bool wants_reply = sender->wants_reply;
        err_t error = message_carry(sender, thread, sender->message_is_long, wants_reply);
        if (error == (err_t)ERR_PARKED)
            return error;
        if (error == OK && wants_reply) {
            list_remove(&sender->queue);
            sender->wait = WAIT_REPLY;
            return ERR_DELIVERED;
        }
        ipc_call_end(sender, error);
        if (error == OK)
            return ERR_DELIVERED;
    }
    return ERR_NO_ENTRY;
}

err_t ipc_receive(struct thread *thread, handle_t handle, uint64_t until_us)
{
    struct handle_entry *entry;
    TRY(port_find(thread, handle, RIGHT_RECEIVE, &entry));
    struct port *port = entry->object;
    thread_set_priority(thread, thread->base);
    thread->serves = port->number;
    if (port->notified) {
        message_notification(thread, port->notified);
        port->notified = 0;
        return ERR_DELIVERED;
    }
    struct list_node *first = list_first(&port->kernel_calls);
    if (first) {
        TRY(message_carry_kernel(list_member(first, struct kernel_call, queue), thread));
        list_remove(first);
        return ERR_DELIVERED;
    }
    err_t error = sender_take(thread, port);
    if (error != ERR_NO_ENTRY)
        return error;
    if (until_us && clock_now_us() >= until_us)
        return ERR_TIME;
    if (until_us)
        thread_set_deadline(thread, until_us);
    return thread_park_again(thread, WAIT_RECEIVE, &port->receivers);
}

static err_t reply_to_kernel(struct thread *thread, struct handle_entry *entry, bool is_long)
{
    static uint32_t words[MESSAGE_WORDS];
    struct kernel_call *call = entry->object;
    TRY(message_to_kernel(thread, is_long, words));
    handle_forget(thread->process, entry);
    call->replied(call, OK, words, IPC_WORDS(thread->context.eax));
    return OK;
}

static bool reply_is_awaited(const struct thread *caller, uint32_t sequence)
{
    return (caller->wait == WAIT_REPLY || caller->wait == WAIT_HANDLER || caller->wait == WAIT_FILE) &&
           caller->call_sequence == sequence;
}

void ipc_call_end(struct thread *caller, err_t error)
{
    struct port *port = caller->port;
    caller->port = NULL;
    if (caller->wait == WAIT_HANDLER)
        fault_answered(caller, error);
    else if (caller->wait == WAIT_FILE)
        file_answered(caller, error);
    else if (error != ERR_DELIVERED)
        caller->context.eax = error;
    thread_wake(caller);
    port_release(port);
}

static err_t reply_carry(struct thread *thread, struct thread *caller, bool is_long)
{
    thread->badge = 0;
    err_t error = message_carry(thread, caller, is_long, false);
    if (error != OK && error != ERR_UNREACHED)
        return error;
    ipc_call_end(caller, error == OK ? ERR_DELIVERED : ERR_FAULT);
    return OK;
}

err_t ipc_reply(struct thread *thread, bool is_long)
{
    struct handle_entry *entry;
    TRY(handle_any(thread->process, IPC_HANDLE(thread->context.eax), &entry));
    if (entry->type == HANDLE_KERNEL_REPLY)
        return reply_to_kernel(thread, entry, is_long);
    if (entry->type != HANDLE_REPLY)
        return ERR_HANDLE;
    struct thread *caller = entry->object;
    if (!reply_is_awaited(caller, entry->badge)) {
        handle_forget(thread->process, entry);
        return ERR_DEAD;
    }
    if (caller->wait == WAIT_HANDLER)
        TRY(fault_reply(thread, caller, is_long));
    else if (caller->wait == WAIT_FILE)
        TRY(file_reply(thread, caller, is_long));
    else
        TRY(reply_carry(thread, caller, is_long));
    handle_forget(thread->process, entry);
    return OK;
}

err_t ipc_reply_receive(struct thread *thread, bool is_long)
{
    if (!thread->replied && IPC_HANDLE(thread->context.eax) != 0) {
        err_t error = ipc_reply(thread, is_long);
        if (error != OK && error != ERR_DEAD) /* a caller that is gone does not stop the server */
            return error;
    }
    thread->replied = true; /* a second run receives only */
    err_t error = ipc_receive(thread, thread->listens_on, 0);
    if (error != (err_t)ERR_PARKED)
        thread->replied = false;
    return error;
}

void ipc_call_failed(struct thread *caller, uint32_t sequence, bool by_death)
{
    if (reply_is_awaited(caller, sequence))
        ipc_call_end(caller, by_death && !caller->port->dead ? ERR_RETRY : ERR_DEAD);
}

void ipc_thread_gone(struct thread *thread)
{
    if (thread->wait == WAIT_FILE)
        file_ask_gone(thread);
    else if (thread->wait != WAIT_SEND && thread->wait != WAIT_REPLY && thread->wait != WAIT_HANDLER)
        return;
    struct port *port = thread->port;
    list_remove(&thread->queue); /* before the port may go */
    thread->port = NULL;
    thread->call_sequence++;
    port_release(port);
}
