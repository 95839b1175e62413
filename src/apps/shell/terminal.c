#include "apps/shell/terminal.h"
#include "abi/console.h"
#include "apps/shell/builtins.h"
#include "apps/shell/jobs.h"
#include "apps/shell/run.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>

#define CONSOLE_NAME "console"

static const char prompt[] = "apteryx> ";
static handle_t console, interrupts;

static void interrupts_watch(void *unused)
{
    static struct message m;
    (void)unused;
    while (ipc_receive(interrupts, &m, NULL, NULL, 0) == OK) {
        job_interrupt();
        builtin_interrupt();
    }
}

static err_t interrupts_ask(void)
{
    static struct message m;
    handle_t thread;
    TRY(port_create(&interrupts));
    m = (struct message){.label = CONSOLE_INTERRUPT, .handles = 1, .handle = {interrupts}};
    TRY(ipc_call(console, &m));
    TRY((err_t)m.label);
    TRY(thread_create(interrupts_watch, NULL, PRIORITY_OWN, &thread));
    return handle_close(thread);
}

/* One line, closed by NUL. */
static err_t line_read(char *line)
{
    static struct message m;
    m = (struct message){.label = CONSOLE_READ, .words = 1 + (sizeof(prompt) + 3) / 4};
    m.word[0] = sizeof(prompt) - 1;
    memcpy(&m.word[1], prompt, sizeof(prompt) - 1);
    print_flush();
    TRY(ipc_call(console, &m));
    TRY((err_t)m.label);
    if (m.words == 0 || m.word[0] > CONSOLE_BYTES_MAX)
        return ERR_IO;
    memcpy(line, &m.word[1], m.word[0]);
    line[m.word[0]] = '\0';
    return OK;
}

int terminal_run(void)
{
    static char line[CONSOLE_BYTES_MAX + 1];
    struct tally tally = {0, 0};
    int status = 0;
    err_t err = name_lookup(CONSOLE_NAME, &console);
    if (err == OK)
        err = interrupts_ask();
    while (err == OK && !builtin_exit_asked) {
        err = line_read(line);
        if (err == OK)
            run_line(line, &tally, &status);
    }
    jobs_end();
    return err == OK ? status : STATUS_WRONG;
}
