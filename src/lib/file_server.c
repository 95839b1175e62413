/* File servers: their calls, the words of what the kernel asks them, and their answers. */
#include "lib/system_call.h"
#include <apteryx/file_server.h>
#include <apteryx/ipc.h>

err_t file_port(handle_t pager, handle_t port) { return system_call_plain(SYSCALL_file_port, pager, port, 0, 0); }

err_t file_connect(handle_t *port) { return system_call_result(SYSCALL_file_connect, (struct gate){0, 0, 0, 0}, port); }

err_t file_client(handle_t pager, handle_t process, uint32_t *pid)
{
    return system_call_result(SYSCALL_file_client, (struct gate){pager, process, 0, 0}, pid);
}

/* The fifth argument travels in ebp, which the compiler cannot lend. */
static err_t gate_five(enum syscall number, struct gate g, uint32_t fifth)
{
    uint32_t a = number;
    asm volatile("pushl %%ebp\n\t"
                 "movl %%ecx, %%ebp\n\t"
                 "call %c[gate]\n\t"
                 "popl %%ebp"
                 : "+a"(a), "+c"(fifth), "+b"(g.b), "+d"(g.d), "+S"(g.s), "+D"(g.t)
                 : [gate] "i"(GATE_PAGE)
                 : "memory", "cc");
    return (err_t)a;
}

err_t file_mark(handle_t pager, uint32_t pid, uintptr_t start, uint32_t bytes, enum vm_kind kind)
{
    return gate_five(SYSCALL_file_mark, (struct gate){pager, pid, start, bytes}, kind);
}

err_t file_hold(handle_t pager, uintptr_t page, bool fill, uint32_t *token)
{
    return system_call_result(SYSCALL_file_hold, (struct gate){pager, page, fill, 0}, token);
}

err_t file_release(handle_t pager, uintptr_t page, bool dirty)
{
    return system_call_plain(SYSCALL_file_release, pager, page, dirty, 0);
}

err_t file_take(handle_t pager, uint32_t pid, uintptr_t page, uintptr_t to, enum file_taken *taken, uint32_t *token)
{
    struct gate g = {pager, pid, page, to};
    TRY(system_call(SYSCALL_file_take, &g));
    *taken = (enum file_taken)g.b;
    *token = g.d;
    return OK;
}

bool file_fault_read(const struct message *m, struct file_fault *fault)
{
    if (m->label != FILE_FAULT || m->words != FILE_FAULT_WORDS)
        return false;
    *fault = (struct file_fault){.page = m->word[0], .access = m->word[1], .process = m->word[2], .entry = m->word[3]};
    return true;
}

void file_supply(struct message *answer, uintptr_t start, uint32_t bytes, uint32_t how, enum file_copy copy)
{
    message_start(answer, FILE_SUPPLY);
    answer->words = 1;
    answer->word[0] = copy;
    answer->page.start = start;
    answer->page.bytes = bytes;
    answer->page.how = how;
    answer->page.writable = 0;
}

void file_retry(struct message *answer) { message_start(answer, FILE_RETRY); }
void file_fail(struct message *answer) { message_start(answer, FILE_FAIL); }

bool file_out_read(const struct message *m, uint32_t i, struct file_out *out)
{
    if (m->label != FILE_OUT || m->words > FILE_OUT_MAX * FILE_OUT_WORDS || i >= m->words / FILE_OUT_WORDS)
        return false;
    const uint32_t *word = &m->word[i * FILE_OUT_WORDS];
    *out = (struct file_out){.process = word[0], .page = word[1], .token = word[2]};
    return true;
}

void file_out_done(struct message *answer, const err_t *results, uint32_t n)
{
    message_start(answer, OK);
    answer->words = n;
    for (uint32_t i = 0; i < n; i++)
        answer->word[i] = results[i];
}
