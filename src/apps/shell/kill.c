/* Ending processes by job, number or name. A name stands for every process that has it when the command is given, but
 * never for this shell. */
#include "apps/shell/kill.h"
#include "apps/shell/jobs.h"
#include "common/number.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/info.h>

#define CONTROL 1
#define PROCESSES_AT_ONCE 32u

#define REAPING_LOOK_US 10000u

/* A process has ended before the page tables that it had in swap are read back: what is killed is gone with all of it. */
static void reaper_await(void)
{
    while (info()->reaping > 0)
        time_sleep_us(REAPING_LOOK_US);
}

/* One that has ended meanwhile is gone all the same. */
static err_t end_and_wait(uint32_t pid)
{
    handle_t process;
    err_t err = process_open(start_handle(CONTROL), pid, &process);
    if (err != OK)
        return err;
    err = process_kill(process);
    if (err == OK || err == ERR_DEAD)
        err = process_wait(process, NULL);
    (void)handle_close(process);
    reaper_await();
    return err;
}

static err_t kill_name(const char *name, uint32_t *killed)
{
    static struct process_info list[PROCESSES_AT_ONCE];
    uint32_t from = 0, count;
    do {
        TRY(process_list(from, list, PROCESSES_AT_ONCE, &count));
        for (uint32_t i = 0; i < count; i++) {
            from = list[i].pid + 1;
            if (list[i].state == PROCESS_ENDED || list[i].pid == process_id() || strcmp(list[i].name, name) != 0)
                continue;
            err_t err = end_and_wait(list[i].pid);
            if (err != OK && err != ERR_NO_ENTRY)
                return err;
            ++*killed;
        }
    } while (count == PROCESSES_AT_ONCE);
    return OK;
}

/* The job stays in the list until it is waited for: its status is 137 then. */
static err_t kill_job(const char *text)
{
    struct job *job = job_find(text);
    return job != NULL ? end_and_wait(job->pid) : ERR_NO_ENTRY;
}

static err_t kill_one(const char *text)
{
    uint32_t pid, killed = 0;
    if (text[0] == '%')
        return kill_job(text);
    if (number_decimal(text, &pid))
        return end_and_wait(pid);
    TRY(kill_name(text, &killed));
    return killed > 0 ? OK : ERR_NO_ENTRY;
}

int run_kill(uint32_t words, char **word)
{
    if (words != 2) {
        print("shell: kill wants one %%N, number or name\n");
        return STATUS_USAGE;
    }
    err_t err = kill_one(word[1]);
    jobs_collect();
    if (err == OK)
        return 0;
    print("shell: kill %s: %s\n", word[1], err == ERR_NO_ENTRY ? "no such process" : err_name(err));
    return STATUS_WRONG;
}
