/* bomb: takes as much of one thing as the kernel gives, says how much that was, and keeps it until it is killed.
 *
 *   bomb threads|queue|handles|ports|names|tables|processes|fork|foreign */
#include "lib/system_call.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define SPAN 0x400000u

static handle_t port;

/* Threads need no stack of their own: each pushes the same. */
static uint32_t stack[64];

__attribute__((naked)) static void sleep_for_ever(void)
{
    asm volatile("1: movl %[sleep], %%eax\n\t"
                 "movl $-1, %%ebx\n\t"
                 "movl $-1, %%edx\n\t"
                 "call %c[gate]\n\t"
                 "jmp 1b" ::[sleep] "i"(SYSCALL_time_sleep_until),
                 [gate] "i"(GATE_PAGE));
}

/* A message that nobody receives; ebx, what the thread was given, is the handle. */
__attribute__((naked)) static void send_for_ever(void)
{
    asm volatile("movl %%ebx, %%eax\n\t"
                 "shll $17, %%eax\n\t"
                 "orl %[send], %%eax\n\t"
                 "call %c[gate]\n\t"
                 "1: jmp 1b" ::[send] "i"(SYSCALL_ipc_send),
                 [gate] "i"(GATE_PAGE));
}

static err_t thread_of(void (*entry)(void), uint32_t argument)
{
    handle_t thread;
    struct gate g = {(uintptr_t)entry, argument, 1, (uintptr_t)&stack[64]};
    TRY(system_call_result(SYSCALL_thread_create, g, &thread));
    return handle_close(thread);
}

static err_t one_thread(uint32_t i) { return thread_of(sleep_for_ever, i); }
static err_t one_message(uint32_t i)
{
    (void)i;
    return thread_of(send_for_ever, port);
}

static err_t one_handle(uint32_t i)
{
    handle_t copy;
    return handle_copy(port, RIGHT_SEND, i + 1, &copy);
}

static err_t one_port(uint32_t i)
{
    (void)i;
    handle_t made;
    return port_create(&made);
}

static err_t one_name(uint32_t i)
{
    static handle_t named;
    char name[] = "a name of a bomb, number 00000000";
    if (i % 8 == 0)
        TRY(port_create(&named));
    for (uint32_t k = 0; k < 6; k++)
        name[30 - k] = (char)('0' + (i >> 4 * k & 15u));
    name[31] = '\0';
    return name_register(name, named);
}

/* A page table for each page. */
static err_t one_table(uint32_t i)
{
    uintptr_t process_start, process_end, thread_end, at = 0x10000000u + i * SPAN;
    TRY(vm_space(&process_start, &process_end, &thread_end));
    return at < process_end ? vm_set(at, PAGE, VM_GUARD) : ERR_LIMIT;
}

static err_t spawn(char *what)
{
    static char name[] = "bomb";
    handle_t child;
    TRY(process_spawn(name, (char *[]){name, what, NULL}, &child));
    return handle_close(child);
}

static err_t one_process(uint32_t i)
{
    static char sleeper[] = "sleep";
    (void)i;
    return spawn(sleeper);
}

/* And each of them does the same. */
static err_t one_fork(uint32_t i)
{
    static char fork[] = "fork";
    (void)i;
    return spawn(fork);
}

/* Handles in messages to a server that wants none. */
static err_t one_foreign(uint32_t i)
{
    static handle_t server;
    static struct message m;
    if (i == 0)
        TRY(name_lookup("disk", &server));
    m = (struct message){.label = 99, .handles = 4, .handle = {port, port, port, port}};
    TRY(ipc_call(server, &m));
    return i < 10000 ? OK : ERR_LIMIT;
}

static const struct {
    const char *name;
    err_t (*one)(uint32_t i);
} bombs[] = {{"threads", one_thread},    {"queue", one_message}, {"handles", one_handle},
             {"ports", one_port},        {"names", one_name},    {"tables", one_table},
             {"processes", one_process}, {"fork", one_fork},     {"foreign", one_foreign}};

static void bomb(uint32_t which, bool is_first)
{
    uint32_t count = 0;
    err_t err;
    while ((err = bombs[which].one(count)) == OK)
        count++;
    if (is_first)
        result("bomb", "kind=%s count=%u error=%s", bombs[which].name, count, err_name(err));
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    if (strcmp(argv[1], "fork") != 0 && strcmp(argv[1], "sleep") != 0)
        print_open();
    (void)port_create(&port);
    for (uint32_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++)
        if (strcmp(bombs[i].name, argv[1]) == 0)
            bomb(i, strcmp(argv[1], "fork") != 0);
    for (;;)
        time_sleep_us(1000000000u);
}
