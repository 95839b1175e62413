/* Carrying one message over. Everything that can fail or wait comes before the first store. */
#include "abi/syscalls.h"
#include "common/string.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"

enum ipc_window { WINDOW_SENDER = 4, WINDOW_RECEIVER }; /* the pager uses those below */

/* Both message buffers, resident at the same moment. */
struct buffers {
    struct message *from, *to; /* NULL: the message has no such part */
};

static err_t buffer_resolve(struct thread *thread, enum access access)
{
    if (thread->buffer.n == 0)
        return ERR_TOO_LONG;
    return pager_resolve(&thread->process->space, thread->buffer, access);
}

static struct message *buffer_content(struct thread *thread, unsigned window, bool write)
{
    return pager_page_content(&thread->process->space, thread->buffer, window, write);
}

static err_t buffers_resolve(struct thread *sender, struct thread *receiver, struct buffers *buffers)
{
    TRY(buffer_resolve(sender, ACCESS_READ));
    pager_page_pin(&sender->process->space, sender->buffer, true);
    err_t error = buffer_resolve(receiver, ACCESS_WRITE);
    pager_page_pin(&sender->process->space, sender->buffer, false);
    TRY(error);
    buffers->from = buffer_content(sender, WINDOW_SENDER, false);
    buffers->to = buffer_content(receiver, WINDOW_RECEIVER, true);
    return OK;
}

/* The message's handles, checked against the sender's table. */
static err_t handles_check(struct thread *sender, const struct message *m, struct handle_entry *passed)
{
    for (uint32_t i = 0; i < m->handles; i++) {
        struct handle_entry *entry;
        TRY(handle_any(sender->process, m->handle[i], &entry));
        if (entry->type == HANDLE_REPLY || entry->type == HANDLE_KERNEL_REPLY ||
            (entry->type == HANDLE_PORT && !(entry->rights & RIGHT_PASS)))
            return ERR_RIGHTS;
        passed[i] = *entry;
    }
    return OK;
}

static void registers_carry(const struct context *from, struct context *to)
{
    to->edx = from->edx;
    to->ebx = from->ebx;
    to->esi = from->esi;
    to->edi = from->edi;
    to->ebp = from->ebp;
}

static void receiver_finish(struct thread *receiver, uint32_t words, bool is_long, handle_t reply, uint32_t badge)
{
    receiver->context.eax = OK | (is_long ? IPC_LONG : 0u) | words << 8 | reply << 17;
    receiver->context.ecx = badge;
    receiver->replied = false;
}

static handle_t reply_handle(struct thread *sender, struct thread *receiver)
{
    const struct handle_entry entry = {.object = sender, .badge = sender->call_sequence, .type = HANDLE_REPLY};
    if (sender->priority > receiver->priority)
        thread_set_priority(receiver, sender->priority);
    return handle_add(receiver->process, &entry);
}

static void buffer_carry(const struct buffers *b, uint32_t words, const handle_t *handle)
{
    b->to->words = words;
    if (words > MESSAGE_REGISTERS)
        memcpy(&b->to->word[MESSAGE_REGISTERS], &b->from->word[MESSAGE_REGISTERS], (words - MESSAGE_REGISTERS) * 4);
    b->to->page = (struct page_item){.how = PAGE_NOTHING};
    b->to->handles = b->from->handles;
    for (uint32_t i = 0; i < b->from->handles; i++)
        b->to->handle[i] = handle[i];
}

err_t message_carry(struct thread *sender, struct thread *receiver, bool is_long, bool wants_reply)
{
    struct buffers buffers = {0};
    struct handle_entry passed[MESSAGE_HANDLES];
    handle_t handle[MESSAGE_HANDLES];
    uint32_t words = IPC_WORDS(sender->context.eax), handles = 0;

    if (words > MESSAGE_WORDS)
        return ERR_TOO_LONG;
    if (words > MESSAGE_REGISTERS && !is_long)
        return ERR_RANGE;
    if (is_long) {
        TRY(buffers_resolve(sender, receiver, &buffers));
        handles = buffers.from->handles;
        if (handles > MESSAGE_HANDLES)
            return ERR_RANGE;
        if (buffers.from->page.how != PAGE_NOTHING)
            return ERR_KIND;
        TRY(handles_check(sender, buffers.from, passed));
    }
    TRY(handle_prepare(receiver->process, handles + wants_reply));

    uint32_t badge = sender->badge;
    for (uint32_t i = 0; i < handles; i++)
        handle[i] = handle_add(receiver->process, &passed[i]);
    handle_t reply = wants_reply ? reply_handle(sender, receiver) : 0;
    registers_carry(&sender->context, &receiver->context);
    if (is_long)
        buffer_carry(&buffers, words, handle);
    receiver_finish(receiver, words, is_long, reply, badge);
    return OK;
}

err_t message_carry_kernel(struct kernel_call *call, struct thread *receiver)
{
    const struct handle_entry entry = {.object = call, .type = HANDLE_KERNEL_REPLY};
    bool is_long = call->words > MESSAGE_REGISTERS;
    TRY(handle_prepare(receiver->process, 1));
    if (is_long) {
        TRY(buffer_resolve(receiver, ACCESS_WRITE));
        struct message *to = buffer_content(receiver, WINDOW_RECEIVER, true);
        to->words = call->words;
        to->page = (struct page_item){.how = PAGE_NOTHING};
        to->handles = 0;
        memcpy(to->word, call->word, call->words * 4);
    }
    struct context *c = &receiver->context;
    c->edx = call->label;
    uint32_t *registers[MESSAGE_REGISTERS] = {&c->ebx, &c->esi, &c->edi, &c->ebp};
    for (uint32_t i = 0; i < MESSAGE_REGISTERS && i < call->words; i++)
        *registers[i] = call->word[i];
    receiver_finish(receiver, call->words, is_long, handle_add(receiver->process, &entry), 0);
    return OK;
}

err_t message_to_kernel(struct thread *sender, bool is_long, uint32_t *to)
{
    const struct context *c = &sender->context;
    uint32_t words = IPC_WORDS(c->eax);
    const uint32_t registers[MESSAGE_REGISTERS] = {c->ebx, c->esi, c->edi, c->ebp};
    if (words > MESSAGE_WORDS)
        return ERR_TOO_LONG;
    if (words > MESSAGE_REGISTERS) {
        if (!is_long)
            return ERR_RANGE;
        TRY(buffer_resolve(sender, ACCESS_READ));
        const struct message *from = buffer_content(sender, WINDOW_SENDER, false);
        memcpy(to, from->word, words * 4);
    }
    for (uint32_t i = 0; i < MESSAGE_REGISTERS && i < words; i++)
        to[i] = registers[i];
    return OK;
}

void message_notification(struct thread *receiver, uint32_t bits)
{
    receiver->context.edx = IPC_NOTIFY;
    receiver->context.ebx = bits;
    receiver_finish(receiver, 1, false, 0, 0);
}
