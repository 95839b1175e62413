#include "apps/shell/builtins.h"
#include "apps/shell/jobs.h"
#include "apps/shell/kill.h"
#include "apps/shell/seconds.h"
#include "common/number.h"
#include <apteryx/ipc.h>
#include <apteryx/machine.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

#define CONTROL 1

bool builtin_exit_asked;
static handle_t wake; /* while asleep */
static volatile bool asleep;

static int wrong_use(const char *what, const char *why)
{
    print("shell: %s: %s\n", what, why);
    return STATUS_USAGE;
}

static int run_wait(uint32_t words, char **word)
{
    int largest = 0;
    if (words > 2)
        return wrong_use("wait", "more than one job");
    if (words == 2) {
        struct job *job = job_find(word[1]);
        return job != NULL ? job_wait(job) : wrong_use(word[1], "no such job");
    }
    for (struct job *job = job_next(NULL); job != NULL; job = job_next(job)) {
        int status = job_wait(job);
        if (status > largest)
            largest = status;
    }
    return largest;
}

static int run_jobs(uint32_t words, char **word)
{
    if (words > 1)
        return wrong_use(word[0], "takes no words");
    for (struct job *job = job_next(NULL); job != NULL; job = job_next(job))
        print("[%u] %u %s %s\n", job->number, job->pid, job_is_alive(job) ? "running" : "ended", job->name);
    return 0;
}

static int run_sleep(uint32_t words, char **word)
{
    static struct message m;
    uint64_t us, until = time_now_us();
    if (words != 2 || !seconds_read(word[1], &us))
        return wrong_use(word[0], "wants a number of seconds");
    until += us;
    if (port_create(&wake) != OK)
        return STATUS_REFUSED;
    asleep = true;
    err_t err = ipc_receive(wake, &m, NULL, NULL, until);
    asleep = false;
    (void)handle_close(wake);
    return err == ERR_TIME ? 0 : (int)STATUS_KILLED;
}

static int run_echo(uint32_t words, char **word)
{
    for (uint32_t i = 1; i < words; i++)
        print(i > 1 ? " %s" : "%s", word[i]);
    print("\n");
    return 0;
}

static int run_exit(uint32_t words, char **word)
{
    uint32_t status = 0;
    if (words > 2 || (words == 2 && (!number_decimal(word[1], &status) || status > 255)))
        return wrong_use(word[0], "wants a status from 0 to 255");
    builtin_exit_asked = true;
    return (int)status;
}

static int end_machine(uint32_t words, char **word, enum power how)
{
    if (words > 1)
        return wrong_use(word[0], "takes no words");
    print_flush();
    print("shell: %s: %s\n", word[0], err_name(power(start_handle(CONTROL), how)));
    return STATUS_WRONG;
}
static int run_poweroff(uint32_t words, char **word) { return end_machine(words, word, POWER_OFF); }
static int run_reboot(uint32_t words, char **word) { return end_machine(words, word, POWER_REBOOT); }

static const struct {
    const char *name, *usage;
    builtin_t run;
} builtins[] = {
    {"wait", "wait [%N]: wait for one job, or for all: the largest status", run_wait},
    {"kill", "kill %N|PID|NAME: end a process, and wait until it is gone", run_kill},
    {"jobs", "jobs: list the jobs in the background", run_jobs},
    {"sleep", "sleep SECONDS", run_sleep},
    {"echo", "echo WORD...: print the words", run_echo},
    {"exit", "exit [STATUS]: end the shell", run_exit},
    {"poweroff", "poweroff: end the machine", run_poweroff},
    {"reboot", "reboot: start the machine again", run_reboot},
};

#define BUILTINS (sizeof(builtins) / sizeof(builtins[0]))

builtin_t builtin_find(const char *name)
{
    for (uint32_t i = 0; i < BUILTINS; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return builtins[i].run;
    return NULL;
}

int builtin_run(builtin_t builtin, uint32_t words, char **word)
{
    if (words != 2 || strcmp(word[1], "--help") != 0)
        return builtin(words, word);
    for (uint32_t i = 0; i < BUILTINS; i++)
        if (builtins[i].run == builtin)
            print("usage: %s\n", builtins[i].usage);
    return 0;
}

void builtin_interrupt(void)
{
    if (asleep)
        (void)ipc_notify(wake, 1);
}
