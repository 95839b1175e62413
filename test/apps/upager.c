/* upager: a user-level pager. A child's pages come from here, each when the child first touches it: their content is made
 * up, as it could be read from a disk, unpacked or fetched from another machine. The child checks all of them.
 * RESULT upager: pages supplied wrong. */
#include <apteryx/fault.h>
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define PAGES 2000u
#define START 0x50000000u                              /* in the child */
static uint32_t *const made = (uint32_t *)0x40000000u; /* here, a page to be supplied */

static uint32_t word_of(uintptr_t address) { return address * 2654435761u; }

/* The child: the pages are not there, but for the one who reads them they are. */
static int client(void)
{
    uint32_t wrong = 0;
    if (vm_set(START, PAGES * PAGE, VM_WATCHED) != OK)
        return 255;
    for (uint32_t i = 0; i < PAGES; i++) {
        uintptr_t page = START + i * 37u % PAGES * PAGE;
        for (uintptr_t at = page; at < page + PAGE; at += 512)
            wrong += *(volatile uint32_t *)at != word_of(at);
    }
    return wrong ? 1 : 0;
}

/* Make the page that is asked for, and give it away. */
static err_t answer(struct message *m, uint32_t *supplied)
{
    struct fault fault;
    bool asks = fault_read(m, &fault);
    if (!asks || fault.address - START >= PAGES * PAGE) {
        fault_kill(m);
        return OK;
    }
    uintptr_t page = fault.address & ~(PAGE - 1u);
    TRY(vm_set((uintptr_t)made, PAGE, VM_ON_DEMAND)); /* the last one has gone */
    for (uint32_t i = 0; i < PAGE / 4; i++)
        made[i] = word_of(page + 4 * i);
    fault_supply(m, (uintptr_t)made, PAGE, PAGE_GRANT, true);
    ++*supplied;
    return OK;
}

static void serve(handle_t port, uint32_t *supplied)
{
    struct message m;
    handle_t reply;
    err_t error = ipc_receive(port, &m, &reply, NULL, 0);
    while (error == OK && m.label == FAULT_MESSAGE) {
        error = answer(&m, supplied);
        if (error == OK)
            error = ipc_reply_receive(reply, port, &m, &reply, NULL);
    }
}

static handle_t child, port;

/* The pager learns that the child has ended by a notification. */
static void wait_for_child(void *status)
{
    (void)process_wait(child, status);
    (void)ipc_notify(port, 1);
}

int main(int argc, char **argv)
{
    uint32_t supplied = 0;
    int status = 1;
    handle_t waiter;
    if (argc == 2 && strcmp(argv[1], "client") == 0)
        return client();
    err_t error = port_create(&port);
    if (error == OK)
        error = process_spawn_with("upager", (char *[]){"upager", "client", NULL},
                                   &(struct spawn_options){.fault_port = port}, &child);
    if (error == OK)
        error = thread_create(wait_for_child, &status, PRIORITY_OWN, &waiter);
    if (error == OK)
        serve(port, &supplied);
    result("upager", "pages=%u supplied=%u wrong=%u", PAGES, supplied, status);
    return status;
}
