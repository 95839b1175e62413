/* Children: each does one thing that ends it, or would. */
#include "try_fault.h"
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

#define STATUS_BY_FAULT 139

static void fault_alone(void)
{
    static struct message m;
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(fault_handler(port), OK);
    EXPECT_ERROR(ipc_receive(port, &m, NULL, NULL, time_now_us() + 1), ERR_TIME);
    *at(START) = 1; /* it would ask itself */
}

static void port_closes(void *unused)
{
    (void)unused;
    time_sleep_us(20000);
    (void)handle_close(port);
}

static void fault_dead_port(void)
{
    handle_t thread;
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(fault_handler(port), OK);
    EXPECT_ERROR(thread_create(port_closes, NULL, PRIORITY_OWN, &thread), OK);
    *at(START) = 1; /* queued, and nobody will ever receive it */
}

int child_main(const char *what)
{
    if (strcmp(what, "alone") == 0)
        fault_alone();
    else if (strcmp(what, "dead") == 0)
        fault_dead_port();
    else
        *at(START) = 1;
    return 3;
}

static handle_t child_start(const char *what, handle_t fault_port)
{
    handle_t child = 0;
    EXPECT_ERROR(process_spawn_with("try_fault", (char *[]){"try_fault", (char *)(uintptr_t)what, NULL},
                                    &(struct spawn_options){.fault_port = fault_port}, &child),
                 OK);
    return child;
}

static int child_ends(const char *what, handle_t fault_port, enum script then)
{
    int status = 0;
    script = then;
    handle_t child = child_start(what, fault_port);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT_ERROR(handle_close(child), OK);
    return status;
}

void try_ends(void)
{
    EXPECT(child_ends("alone", 0, KILL) == STATUS_BY_FAULT);
    EXPECT(child_ends("dead", 0, KILL) == STATUS_BY_FAULT);
    EXPECT(was_asked(0, 0, FAULT_READ));
    EXPECT(child_ends("fault", port, KILL) == STATUS_BY_FAULT && was_asked(1, START, FAULT_WRITE));
    EXPECT(child_ends("fault", port, CLOSE) == STATUS_BY_FAULT && was_asked(1, START, FAULT_WRITE));
    EXPECT(child_ends("fault", port, GIVE) == 3 && was_asked(1, START, FAULT_WRITE));
    EXPECT(seen.process != process_id());
}

/* A handler that never answers: who waits for it can be killed, and its answer then is for nobody. */
void try_never(void)
{
    int status;
    script = NEVER;
    handle_t child = child_start("fault", port);
    while (asked == 0)
        time_sleep_us(1000);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT(status == 137 && was_asked(1, START, FAULT_WRITE));
    EXPECT_ERROR(handle_close(child), OK);
}
