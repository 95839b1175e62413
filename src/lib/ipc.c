/* Messages: what fits goes through registers; the rest lies in the thread's message buffer (abi/message.h). */
#include "lib/system_call.h"
#include "lib/thread_block.h"
#include "common/string.h"
#include <apteryx/ipc.h>
#include <apteryx/time.h>

#define RETRY_PAUSE_US 1000u /* a service that is being restarted needs some milliseconds */

_Static_assert(offsetof(struct message, label) == offsetof(struct ipc_head, label), "ipc_gate reads messages");
_Static_assert(offsetof(struct message, word) == offsetof(struct ipc_head, word), "ipc_gate reads messages");

static const struct message no_words;

/* What a head says on the way back. */
static err_t head_error(uint32_t head) { return (err_t)(head & 0x7Fu); }
static uint32_t head_words(uint32_t head) { return (head >> 8) & 0x1FFu; }
static handle_t head_handle(uint32_t head) { return head >> 17; }

/* This thread's buffer, registered. It is needed for whatever may arrive, too. */
static err_t buffer_prepare(struct thread_block *block)
{
    if (block->buffer != NULL)
        return OK;
    struct message *buffer = thread_buffer_page();
    TRY(system_call_plain(SYSCALL_ipc_buffer, (uintptr_t)buffer, 0, 0, 0));
    block->buffer = buffer;
    return OK;
}

static bool message_is_long(const struct message *m)
{
    return m->words > MESSAGE_REGISTERS || m->handles != 0 || m->page.how != PAGE_NOTHING;
}

/* The head for sending m by `call`; what does not fit into registers is copied to the buffer. */
static err_t message_put(enum syscall call, handle_t handle, const struct message *m, uint32_t *head)
{
    if (m->words > MESSAGE_WORDS || m->handles > MESSAGE_HANDLES)
        return ERR_TOO_LONG;
    *head = call | m->words << 8 | handle << 17;
    if (!message_is_long(m))
        return OK;
    struct message *buffer = thread_block()->buffer;
    if (m->words > MESSAGE_REGISTERS)
        memcpy(&buffer->word[MESSAGE_REGISTERS], &m->word[MESSAGE_REGISTERS], (m->words - MESSAGE_REGISTERS) * 4u);
    buffer->words = m->words;
    buffer->page = m->page;
    buffer->handles = m->handles;
    memcpy(buffer->handle, m->handle, sizeof m->handle);
    *head |= IPC_LONG;
    return OK;
}

/* m becomes what came: `out` from the registers, the rest from the buffer when the head says that it is there. */
static void message_take(struct message *m, uint32_t head, const struct ipc_head *out)
{
    m->label = out->label;
    m->words = head_words(head);
    for (uint32_t i = 0; i < MESSAGE_REGISTERS; i++)
        m->word[i] = out->word[i];
    m->handles = 0;
    m->page.how = PAGE_NOTHING;
    if ((head & IPC_LONG) == 0)
        return;
    const struct message *buffer = thread_block()->buffer;
    if (m->words > MESSAGE_REGISTERS)
        memcpy(&m->word[MESSAGE_REGISTERS], &buffer->word[MESSAGE_REGISTERS], (m->words - MESSAGE_REGISTERS) * 4u);
    m->page = buffer->page;
    m->handles = buffer->handles;
    memcpy(m->handle, buffer->handle, sizeof m->handle);
}

void message_start(struct message *m, uint32_t label)
{
    m->label = label;
    m->words = 0;
    m->handles = 0;
    m->page.how = PAGE_NOTHING;
}

void message_drop(struct message *m)
{
    for (uint32_t i = 0; i < m->handles; i++)
        (void)handle_close(m->handle[i]);
    m->handles = 0;
}

err_t ipc_call(handle_t port, struct message *m)
{
    TRY(buffer_prepare(thread_block()));
    for (;;) {
        uint32_t head;
        struct ipc_head out;
        TRY(message_put(SYSCALL_ipc_call, port, m, &head));
        head = ipc_gate(head, m, &out);
        if (head_error(head) == OK) {
            message_take(m, head, &out);
            return OK;
        }
        if (head_error(head) != ERR_RETRY)
            return head_error(head);
        time_sleep_us(RETRY_PAUSE_US);
    }
}

err_t ipc_send(handle_t port, const struct message *m)
{
    TRY(buffer_prepare(thread_block()));
    for (;;) {
        uint32_t head;
        struct ipc_head out;
        TRY(message_put(SYSCALL_ipc_send, port, m, &head));
        head = ipc_gate(head, m, &out);
        if (head_error(head) != ERR_RETRY)
            return head_error(head);
        time_sleep_us(RETRY_PAUSE_US);
    }
}

err_t ipc_receive(handle_t port, struct message *m, handle_t *reply, uint32_t *badge, uint64_t until_us)
{
    TRY(buffer_prepare(thread_block()));
    struct ipc_head in = {0, 0, {(uint32_t)until_us, (uint32_t)(until_us >> 32), 0, 0}};
    struct ipc_head out = {0};
    uint32_t head = ipc_gate(SYSCALL_ipc_receive | port << 17, &in, &out);
    TRY(head_error(head));
    message_take(m, head, &out);
    if (reply != NULL)
        *reply = head_handle(head);
    if (badge != NULL)
        *badge = out.words;
    return OK;
}

err_t ipc_reply(handle_t reply, const struct message *m)
{
    TRY(buffer_prepare(thread_block()));
    uint32_t head;
    struct ipc_head out = {0};
    TRY(message_put(SYSCALL_ipc_reply, reply, m, &head));
    return head_error(ipc_gate(head, m, &out));
}

err_t ipc_reply_receive(handle_t reply, handle_t port, struct message *m, handle_t *next, uint32_t *badge)
{
    struct thread_block *block = thread_block();
    TRY(buffer_prepare(block));
    if (block->listens_on != port) {
        TRY(system_call_plain(SYSCALL_ipc_listen, port, 0, 0, 0));
        block->listens_on = port;
    }
    uint32_t head;
    struct ipc_head out = {0};
    const struct message *answer = reply != 0 ? m : &no_words;
    TRY(message_put(SYSCALL_ipc_reply_receive, reply, answer, &head));
    head = ipc_gate(head, answer, &out);
    TRY(head_error(head));
    message_take(m, head, &out);
    if (next != NULL)
        *next = head_handle(head);
    if (badge != NULL)
        *badge = out.words;
    return OK;
}

err_t ipc_notify(handle_t port, uint32_t bits) { return system_call_plain(SYSCALL_ipc_notify, port, bits, 0, 0); }

err_t ipc_window(uintptr_t start, uint32_t bytes) { return system_call_plain(SYSCALL_ipc_window, start, bytes, 0, 0); }
