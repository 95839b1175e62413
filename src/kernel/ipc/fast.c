/* The plain call and the plain reply: words and nothing else, the partner waiting, both message buffers in RAM if they
 * are needed, and nobody else to run before it. Whatever is not plain changes nothing here and goes the ordinary way
 * (call.c), which would have done the same to a plain one. */
#include "abi/syscalls.h"
#include "common/string.h"
#include "kernel/ipc/inside.h"
#include "kernel/pager/pager.h"
#include "kernel/task/hand_over.h"

/* The words in registers, and a head; the processor loads them when the thread goes on. */
static inline void carry(const struct context *from, struct context *to, uint32_t head, uint32_t badge)
{
    to->edx = from->edx;
    to->ebx = from->ebx;
    to->esi = from->esi;
    to->edi = from->edi;
    to->ebp = from->ebp;
    to->ecx = badge;
    to->eax = head;
}

/* The words above four. False: nothing was carried. */
static bool words_carry(const struct thread *from, const struct thread *to, uint32_t words)
{
    if (words > MESSAGE_WORDS || from->buffer.n == 0 || to->buffer.n == 0)
        return false;
    const struct message *source =
        pager_page_ready(thread_space(from, from->buffer), from->buffer, WINDOW_SENDER, false);
    struct message *target = pager_page_ready(thread_space(to, to->buffer), to->buffer, WINDOW_RECEIVER, true);
    if (!source || !target || source->handles || source->page.how != PAGE_NOTHING)
        return false;
    if (words > MESSAGE_REGISTERS)
        memcpy(&target->word[MESSAGE_REGISTERS], &source->word[MESSAGE_REGISTERS], (words - MESSAGE_REGISTERS) * 4);
    target->words = words;
    target->page = (struct page_item){.how = PAGE_NOTHING};
    target->handles = 0;
    return true;
}

/* => the last test: the receiver's buffer is changed */
static inline bool is_carried(const struct thread *from, const struct thread *to, uint32_t head)
{
    return head & IPC_LONG ? words_carry(from, to, IPC_WORDS(head)) : IPC_WORDS(head) <= MESSAGE_REGISTERS;
}

#define HEAD_KEPT (0x1FFu << 8 | IPC_LONG) /* of the sender's head, in the receiver's */

static struct context *call_fast(struct thread *from, uint32_t head)
{
    const struct handle_entry *entry = handle_place(from->process, IPC_HANDLE(head));
    if (!entry || entry->type != HANDLE_PORT || !(entry->rights & RIGHT_SEND))
        return NULL;
    struct port *port = entry->object;
    if (list_empty(&port->receivers))
        return NULL;
    struct thread *to = list_member(port->receivers.next, struct thread, queue);
    uint32_t priority = to->priority > from->priority ? to->priority : from->priority;
    if (!to->process->free_handle || !hand_over_would_pick(from, to, priority) || !is_carried(from, to, head))
        return NULL;

    list_remove(&to->queue);
    hand_over(from, to, priority);
    list_start(&from->queue);
    from->wait = WAIT_REPLY;
    from->port = port;
    port->references++;
    from->call_sequence++;
    to->run_again = to->replied = false;
    struct handle_entry *reply = handle_take_place(to->process);
    reply->object = from;
    reply->badge = from->call_sequence;
    reply->type = HANDLE_REPLY;
    from->references++;
    carry(&from->context, &to->context, (head & HEAD_KEPT) | (uint32_t)reply->number << 17, entry->badge);
    return &to->context;
}

/* What arrived while the server worked is taken by the ordinary way. */
static bool nothing_waits_at(const struct port *port)
{
    return !port->notified && list_empty(&port->senders) && list_empty(&port->kernel_calls);
}

static struct context *reply_receive_fast(struct thread *from, uint32_t head)
{
    struct handle_entry *reply = handle_place(from->process, IPC_HANDLE(head));
    const struct handle_entry *entry = handle_place(from->process, from->listens_on);
    if (from->replied || !reply || reply->type != HANDLE_REPLY || !entry || entry->type != HANDLE_PORT)
        return NULL;
    struct thread *to = reply->object;
    struct port *port = entry->object;
    if (to->wait != WAIT_REPLY || to->call_sequence != reply->badge || to->port != port ||
        !(entry->rights & RIGHT_RECEIVE) || !nothing_waits_at(port) || !hand_over_would_pick(from, to, to->priority) ||
        !is_carried(from, to, head))
        return NULL;

    handle_free_place(from->process, reply);
    to->references--; /* never the last: it is alive */
    to->port = NULL;
    port->references--; /* never the last: from's handle holds one */
    hand_over(from, to, to->priority);
    list_start(&from->queue);
    list_push_back(&port->receivers, &from->queue);
    from->wait = WAIT_RECEIVE;
    from->priority = from->base;
    from->run_again = from->replied = true; /* when it runs again it receives only */
    to->replied = false;
    carry(&from->context, &to->context, head & HEAD_KEPT, 0);
    return &to->context;
}

struct context *ipc_fast(struct thread *thread, uint32_t head)
{
    switch (head & 0xFFu & ~IPC_LONG) {
    case SYSCALL_ipc_call:
        return call_fast(thread, head);
    case SYSCALL_ipc_reply_receive:
        return reply_receive_fast(thread, head);
    default:
        return NULL;
    }
}
