/* Carrying one message over. Everything that can fail or wait comes before the first store. */
#include "abi/syscalls.h"
#include "common/string.h"
#include "kernel/ipc/inside.h"
#include "kernel/pager/pager.h"

/* What travels besides the registers, when the message is long. */
struct parcel {
    struct message *from, *to; /* both buffers, resident at the same moment */
    uint32_t handles;
    struct handle_entry handle[MESSAGE_HANDLES];
    struct page_pass pass; /* to NULL: no page item */
};

/* Its fault handler is asked about a buffer that can't be reached, and what the current thread calls is run again:
 * it waits, or finds the other gone from the port's queue. Who waits for a reply has called for good. */
static err_t buffer_resolve(struct thread *thread, enum access access)
{
    if (thread->buffer.n == 0)
        return ERR_TOO_LONG;
    err_t error = thread_resolve(thread, thread->buffer, access);
    if (error == ERR_FAULT && thread->wait == WAIT_REPLY)
        return ERR_UNREACHED;
    if (error != ERR_FAULT || !fault_ask(thread, page_address(thread->buffer), access, true))
        return error;
    return thread == current ? (err_t)ERR_PARKED : thread_again(current);
}

static struct message *buffer_content(struct thread *thread, unsigned window, bool write)
{
    return pager_page_content(thread_space(thread, thread->buffer), thread->buffer, window, write);
}

static void buffer_pin(struct thread *thread, bool pin)
{
    pager_page_pin(thread_space(thread, thread->buffer), thread->buffer, pin);
}

/* Both stay until parcel_release. */
static err_t buffers_resolve(struct thread *sender, struct thread *receiver, struct parcel *p)
{
    TRY(buffer_resolve(sender, ACCESS_READ));
    buffer_pin(sender, true);
    err_t error = buffer_resolve(receiver, ACCESS_WRITE);
    if (error != OK) {
        buffer_pin(sender, false);
        return error;
    }
    buffer_pin(receiver, true);
    p->from = buffer_content(sender, WINDOW_SENDER, false);
    p->to = buffer_content(receiver, WINDOW_RECEIVER, true);
    return OK;
}

static void parcel_release(struct thread *sender, struct thread *receiver, const struct parcel *p)
{
    if (!p->to)
        return;
    buffer_pin(sender, false);
    buffer_pin(receiver, false);
    if (p->pass.to)
        pager_pass_release(&p->pass);
}

/* The message's handles, checked against the sender's table. */
static err_t handles_check(struct thread *sender, struct parcel *p)
{
    p->handles = p->from->handles;
    if (p->handles > MESSAGE_HANDLES)
        return ERR_RANGE;
    for (uint32_t i = 0; i < p->handles; i++) {
        struct handle_entry *entry;
        TRY(handle_any(sender->process, p->from->handle[i], &entry));
        if (entry->type == HANDLE_REPLY || entry->type == HANDLE_KERNEL_REPLY ||
            (entry->type == HANDLE_PORT && !(entry->rights & RIGHT_PASS)))
            return ERR_RIGHTS;
        p->handle[i] = *entry;
    }
    return OK;
}

static err_t parcel_prepare(struct thread *sender, struct thread *receiver, struct parcel *p)
{
    TRY(buffers_resolve(sender, receiver, p));
    const struct page_item item = p->from->page;
    if (item.how != PAGE_NOTHING)
        TRY(item_prepare(sender, receiver, &item, &p->pass));
    return handles_check(sender, p);
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

static void parcel_carry(const struct parcel *p, uint32_t words, struct process *to)
{
    p->to->words = words;
    if (words > MESSAGE_REGISTERS)
        memcpy(&p->to->word[MESSAGE_REGISTERS], &p->from->word[MESSAGE_REGISTERS], (words - MESSAGE_REGISTERS) * 4);
    p->to->page = item_landed(&p->pass);
    p->to->handles = p->handles;
    for (uint32_t i = 0; i < p->handles; i++)
        p->to->handle[i] = handle_add(to, &p->handle[i]);
    if (p->pass.to)
        pager_pass(&p->pass);
}

/* What may fail; all that it has made ready stays so until parcel_release. */
static err_t carry_prepare(struct thread *sender, struct thread *receiver, bool is_long, bool wants_reply,
                           struct parcel *p)
{
    if (is_long)
        TRY(parcel_prepare(sender, receiver, p));
    TRY(handle_prepare(receiver->process, p->handles + wants_reply));
    return p->pass.to ? pager_pass_charge(&p->pass) : OK;
}

err_t message_carry(struct thread *sender, struct thread *receiver, bool is_long, bool wants_reply)
{
    struct parcel parcel = {.handles = 0};
    uint32_t words = IPC_WORDS(sender->context.eax), badge = sender->badge;

    if (words > MESSAGE_WORDS)
        return ERR_TOO_LONG;
    if (words > MESSAGE_REGISTERS && !is_long)
        return ERR_RANGE;
    err_t error = carry_prepare(sender, receiver, is_long, wants_reply, &parcel);
    if (error == OK) {
        registers_carry(&sender->context, &receiver->context);
        if (is_long)
            parcel_carry(&parcel, words, receiver->process);
        receiver_finish(receiver, words, is_long, wants_reply ? reply_handle(sender, receiver) : 0, badge);
    }
    parcel_release(sender, receiver, &parcel);
    return error;
}

/* The same where nothing needs to be done for it, which is most often. */
static err_t buffer_reach(struct thread *thread, struct message **content)
{
    struct space *space = thread_space(thread, thread->buffer);
    *content = thread->buffer.n ? pager_page_ready(space, thread->buffer, WINDOW_RECEIVER, true) : NULL;
    if (*content)
        return OK;
    TRY(buffer_resolve(thread, ACCESS_WRITE));
    *content = buffer_content(thread, WINDOW_RECEIVER, true);
    return OK;
}

static bool words_are_long(uint32_t words) { return words > MESSAGE_REGISTERS; }

/* Words of the kernel's, and room for the handle of a reply. */
static err_t words_carry(struct thread *receiver, uint32_t label, const uint32_t *word, uint32_t words)
{
    TRY(handle_prepare(receiver->process, 1));
    if (words_are_long(words)) {
        struct message *to;
        TRY(buffer_reach(receiver, &to));
        to->words = words;
        to->page = (struct page_item){.how = PAGE_NOTHING};
        to->handles = 0;
        memcpy(to->word, word, words * 4);
    }
    struct context *c = &receiver->context;
    c->edx = label;
    uint32_t *registers[MESSAGE_REGISTERS] = {&c->ebx, &c->esi, &c->edi, &c->ebp};
    for (uint32_t i = 0; i < MESSAGE_REGISTERS && i < words; i++)
        *registers[i] = word[i];
    return OK;
}

err_t message_carry_kernel(struct kernel_call *call, struct thread *receiver)
{
    const struct handle_entry entry = {.object = call, .type = HANDLE_KERNEL_REPLY};
    TRY(words_carry(receiver, call->label, call->word, call->words));
    receiver_finish(receiver, call->words, words_are_long(call->words), handle_add(receiver->process, &entry), 0);
    return OK;
}

err_t message_carry_words(struct thread *sender, struct thread *receiver, uint32_t label, const uint32_t *word,
                          uint32_t words)
{
    TRY(words_carry(receiver, label, word, words));
    receiver_finish(receiver, words, words_are_long(words), reply_handle(sender, receiver), sender->badge);
    return OK;
}

err_t message_item_read(struct thread *sender, struct page_item *item)
{
    TRY(buffer_resolve(sender, ACCESS_READ));
    const struct message *from = buffer_content(sender, WINDOW_SENDER, false);
    *item = from->page;
    return from->handles || item->how == PAGE_NOTHING ? ERR_KIND : OK;
}

err_t message_item(struct thread *sender, struct thread *receiver, struct page_pass *pass)
{
    struct page_item item;
    TRY(message_item_read(sender, &item));
    return item_prepare(sender, receiver, &item, pass);
}

err_t message_to_kernel(struct thread *sender, bool is_long, uint32_t *to)
{
    const struct context *c = &sender->context;
    uint32_t words = IPC_WORDS(c->eax);
    const uint32_t registers[MESSAGE_REGISTERS] = {c->ebx, c->esi, c->edi, c->ebp};
    if (words > MESSAGE_WORDS)
        return ERR_TOO_LONG;
    if (words > MESSAGE_REGISTERS && !is_long)
        return ERR_RANGE;
    if (is_long) {
        TRY(buffer_resolve(sender, ACCESS_READ));
        const struct message *from = buffer_content(sender, WINDOW_SENDER, false);
        if (from->page.how != PAGE_NOTHING || from->handles)
            return ERR_KIND; /* words are all that the kernel takes */
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
