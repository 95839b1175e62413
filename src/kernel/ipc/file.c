/* Asking file servers (abi/file.h): a call that the kernel makes for a thread, as it does to fault handlers. The thread
 * is the request; who touches the same page meanwhile waits for its answer, and then tries again as it does. */
#include "abi/fault.h"
#include "kernel/ipc/inside.h"
#include "kernel/pager/file.h"
#include "kernel/task/pool.h"

void file_port_set(struct process *process, struct port *port)
{
    struct port *was = process->file_port;
    process->file_port = port;
    if (port)
        port->references++;
    if (was)
        port_release(was);
}

/* ---- who asks, and who waits for him ---- */

#define PLACES 64u
static struct {
    struct list_node asking, joined;
} places[PLACES];

static uint32_t place_of(const struct file_ask *ask) { return (ask->page.n * 31u + ask->process) % PLACES; }

static struct list_node *started(struct list_node *head)
{
    if (!head->next)
        list_start(head);
    return head;
}

static bool is_asked(uint32_t place, const struct file_ask *ask)
{
    list_for_each(at, started(&places[place].asking))
    {
        const struct file_ask *other = list_member(at, struct file_ask, asking);
        if (other->process == ask->process && page_same(other->page, ask->page))
            return true;
    }
    return false;
}

err_t ipc_file_ask(struct port *port, const struct file_ask *ask)
{
    struct thread *thread = current;
    uint32_t place = place_of(ask);
    if (is_asked(place, ask))
        return thread_park_again(thread, WAIT_PAGE, started(&places[place].joined));
    thread->file = *ask;
    list_start(&thread->file.asking);
    list_push_back(&places[place].asking, &thread->file.asking);
    thread->port = port;
    port->references++;
    thread->badge = 0;
    thread->call_sequence++;
    err_t error = thread_park_again(thread, WAIT_FILE, &port->senders);
    receiver_wake(port);
    return error;
}

void file_ask_gone(struct thread *thread)
{
    list_remove(&thread->file.asking);
    thread_wake_all(started(&places[place_of(&thread->file)].joined));
}

void file_ask_refused(struct thread *thread)
{
    thread->file.failed = true;
    thread->file.in_call = thread->run_again;
    thread->run_again = true;
}

void file_answered(struct thread *thread, err_t error)
{
    file_ask_gone(thread);
    if (error != OK && error != ERR_RETRY)
        file_ask_refused(thread);
}

/* ---- question and answer ---- */

bool file_needs_answer(const struct thread *thread)
{
    const struct file_ask *ask = &thread->file;
    const struct process *process = process_find(ask->process);
    return process &&
           (!space_is_here(&process->space) || space_verdict(&process->space, ask->page, ask->access) == VERDICT_FILE);
}

err_t file_carry(struct thread *thread, struct thread *receiver)
{
    const struct file_ask *ask = &thread->file;
    const uint32_t word[FILE_FAULT_WORDS] = {page_address(ask->page), ask->access, ask->process, ask->entry.w};
    return message_carry_words(thread, receiver, FILE_FAULT, word, FILE_FAULT_WORDS);
}

static err_t supply_read(struct thread *server, struct thread *thread, struct file_supply *s)
{
    struct page_item item;
    TRY(message_item_read(server, &item));
    TRY(page_range_make(item.start, item.bytes, &s->pages));
    s->from = &server->process->space;
    if (s->pages.end.n > s->from->process_end.n)
        return ERR_RANGE;
    s->how = item.how;
    s->copy = IPC_WORDS(server->context.eax) ? server->context.ebx : FILE_COPY_PRIVATE;
    s->at = thread->file.page;
    s->write = thread->file.access == ACCESS_WRITE;
    return s->copy == FILE_COPY_PRIVATE || s->copy == FILE_COPY_NORMAL ? OK : ERR_RANGE;
}

static bool is_the_clients(err_t error)
{
    return error == ERR_COMMIT || error == ERR_LIMIT || error == ERR_MEMORY || error == ERR_IO;
}

/* *error: what the client comes to know. */
static err_t supply(struct thread *server, struct thread *thread, err_t *error)
{
    struct file_supply s;
    struct process *process = process_find(thread->file.process);
    TRY(supply_read(server, thread, &s));
    if (!process)
        return OK; /* whose page it was has ended */
    s.to = &process->space;
    TRY(process_range_enter(process));
    *error = pager_file_supply(&s);
    if (*error != OK)
        return is_the_clients(*error) ? OK : *error;
    thread->file.crowded = s.crowded;
    pager_thread_runs(thread);
    if (frame_same(s.frame, FRAME_NONE))
        return OK;
    record_raise(frame_record(s.frame), FRAME_AWAITED);
    thread->page_frame = s.frame;
    return OK;
}

err_t file_reply(struct thread *server, struct thread *thread, bool is_long)
{
    uint32_t label = server->context.edx;
    err_t error = label == FILE_FAIL ? ERR_FAULT : OK;
    if (is_long != (label == FILE_SUPPLY))
        return ERR_KIND;
    if (label == FILE_SUPPLY)
        TRY(supply(server, thread, &error));
    else if (label != FILE_RETRY && label != FILE_FAIL)
        return ERR_RANGE;
    ipc_call_end(thread, error);
    return OK;
}

/* ---- the end of a client ---- */

struct file_client {
    struct kernel_call call;
    struct process *process;
    uint32_t number;
    bool asked, closes; /* the port has not answered; and that is all that the process waits for */
};
static struct pool file_clients = POOL_OF(file_clients, struct file_client);

static struct file_client *client_of(struct kernel_call *call) { return list_member(call, struct file_client, call); }

static void client_ended(struct kernel_call *call, err_t error, const uint32_t *word, uint32_t words)
{
    struct file_client *client = client_of(call);
    (void)word;
    if (error != OK && !client->process->file_port->dead) { /* its successor hears it, too */
        call->words = 1;
        call->word = &client->number;
        ipc_kernel_call(client->process->file_port, call);
        return;
    }
    (void)words;
    client->asked = false;
    if (client->closes)
        process_close(client->process);
}

err_t file_client_make(struct process *process)
{
    void *object;
    if (process->file_client)
        return OK;
    TRY(pool_take(&file_clients, process_account(process), &object));
    process->file_client = object;
    process->file_client->process = process;
    process->file_client->number = process_number(process);
    return OK;
}

void file_client_ends(struct process *process)
{
    struct file_client *client = process->file_client;
    if (!client || process->file_port->dead)
        return;
    client->asked = true;
    client->call =
        (struct kernel_call){.label = FILE_GONE, .words = 1, .word = &client->number, .replied = client_ended};
    ipc_kernel_call(process->file_port, &client->call);
}

bool file_client_waits(struct process *process)
{
    if (!process->file_client || !process->file_client->asked)
        return false;
    process->file_client->closes = true;
    return true;
}

void file_client_free(struct process *process)
{
    if (process->file_client)
        pool_return(&file_clients, process_account(process), process->file_client);
    process->file_client = NULL;
    file_port_set(process, NULL);
}
