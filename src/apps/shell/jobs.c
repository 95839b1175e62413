#include "apps/shell/jobs.h"
#include "apps/shell/builtins.h"
#include "common/format.h"
#include "common/number.h"
#include <apteryx/file.h>
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>

#define SHELL_NAME "shell"
#define CONTROL 1

static struct job jobs[JOBS_MAX];
static uint32_t last_number;
static volatile handle_t waited_for;

static int start_status(const char *name, err_t err)
{
    switch (err) {
    case ERR_NO_ENTRY:
    case ERR_RANGE: /* not a path that begins with a slash */
        print("shell: %s: no such command\n", name);
        return STATUS_NO_COMMAND;
    case ERR_KIND:
        print("shell: %s: not a program\n", name);
        return STATUS_NOT_EXECUTABLE;
    case ERR_COMMIT:
    case ERR_MEMORY:
    case ERR_LIMIT:
        print("shell: %s: refused (%s)\n", name, err_name(err));
        return STATUS_REFUSED;
    default:
        print("shell: %s: cannot be started (%s)\n", name, err_name(err));
        return STATUS_NOT_EXECUTABLE;
    }
}

/* maps and pte, wherever they come from, look at other processes by number: a job's number becomes its process's. */
static void jobs_translate(char **word, char (*text)[12])
{
    const char *name = file_last_part(word[0]);
    if (strcmp(name, "maps") != 0 && strcmp(name, "pte") != 0)
        return;
    struct job *job = word[1] != NULL ? job_find(word[1]) : NULL;
    if (job == NULL)
        return;
    (void)format_text(*text, sizeof(*text), "%u", job->pid);
    word[1] = *text;
}

/* What one job takes leaves enough to start another one: some of the pages that could still be promised when the machine
 * had started, and half of the RAM that was there then for kernel objects and pages. */
#define JOB_LEAVES 512u
static struct limits job_limits(void)
{
    static uint32_t ram, servers;
    if (ram == 0) {
        ram = info()->ram_frames - info()->frames_kernel - info()->frames_records;
        servers = info()->commit_used;
    }
    uint32_t pages = info()->commit_limit - servers, part = pages / 16;
    return (struct limits){.pages = pages - (part < JOB_LEAVES ? part : JOB_LEAVES),
                           .locked = ram / 2,
                           .handles = LIMIT_NONE,
                           .threads = LIMIT_NONE,
                           .processes = LIMIT_NONE,
                           .nodes = LIMIT_NONE};
}

/* A built-in command in the background, or redirected, is carried out by a second shell. output 0: the console */
static err_t spawn(const struct command *command, handle_t output, handle_t *child)
{
    static char *word[SPAWN_ARGUMENTS + 3];
    char number[12];
    const handle_t handle[] = {start_handle(CONTROL), output};
    uint32_t flags = output != 0 ? SPAWN_OUTPUT : 0, outputs = output != 0;
    uint32_t own = builtin_find(command->word[0]) != NULL ? 2 : 0;
    if (own != 0) {
        word[0] = SHELL_NAME;
        word[1] = BUILTIN_OPTION;
    }
    memcpy(word + own, command->word, (command->words + 1) * sizeof(word[0]));
    if (own != 0)
        return process_spawn_with(
            SHELL_NAME, word, &(struct spawn_options){.handle = handle, .handles = 1 + outputs, .flags = flags}, child);
    jobs_translate(word, &number);
    const struct limits limits = job_limits();
    return process_spawn_with(
        word[0], word,
        &(struct spawn_options){.handle = handle + 1, .handles = outputs, .flags = flags, .limits = &limits}, child);
}

/* Says what went wrong with a job's file; its status is no success any more. */
static int output_failed(err_t err, int status)
{
    if (err == OK)
        return status;
    int refused = file_say("shell", "the output can't be written", err);
    return status == 0 ? refused : status;
}

/* => *status is why it was not started, which has been said */
static bool start(const struct command *command, handle_t *child, struct redirection **redirection, int *status)
{
    handle_t output = 0;
    *redirection = NULL;
    err_t err = command->output != NULL ? redirection_begin(command->output, redirection, &output) : OK;
    if (err != OK) {
        *status = file_say("shell", command->output, err);
        return false;
    }
    err = spawn(command, output, child);
    if (output != 0)
        (void)handle_close(output);
    if (err == OK)
        return true;
    *status = start_status(command->word[0], err);
    if (*redirection != NULL)
        (void)redirection_end(*redirection, false); /* nothing was printed, and nothing is published */
    return false;
}

/* => the job's place is not used by another afterwards until the caller closes the handle */
static int child_wait(handle_t child)
{
    int status = STATUS_WRONG;
    waited_for = child;
    err_t err = process_wait(child, &status);
    waited_for = 0;
    (void)handle_close(child);
    if (err != OK)
        print("shell: cannot wait: %s\n", err_name(err));
    return status;
}

/* Its status is kept, and nothing else of it. */
static void job_collect(struct job *job)
{
    if (job->child == 0)
        return;
    job->status = child_wait(job->child);
    job->child = 0;
    if (job->output != NULL)
        job->status = output_failed(redirection_end(job->output, true), job->status);
}

void jobs_collect(void)
{
    for (struct job *job = job_next(NULL); job != NULL; job = job_next(job))
        if (!job_is_alive(job))
            job_collect(job);
}

int job_foreground(const struct command *command)
{
    handle_t child;
    struct redirection *output;
    int status;
    if (!start(command, &child, &output, &status))
        return status;
    status = child_wait(child);
    return output != NULL ? output_failed(redirection_end(output, true), status) : status;
}

static struct job *place_take(void)
{
    for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
        if (job->number == 0)
            return job;
    for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
        if (!job_is_alive(job)) {
            (void)job_wait(job);
            return job;
        }
    return NULL;
}

int job_background(const struct command *command)
{
    struct job *job = place_take();
    if (job == NULL) {
        print("shell: more than %u jobs\n", JOBS_MAX);
        return STATUS_REFUSED;
    }
    handle_t child;
    int status;
    if (!start(command, &child, &job->output, &status))
        return status;
    job->child = child;
    job->number = ++last_number;
    job->pid = process_spawned_id();
    job->inversions = command->inversions;
    (void)format_text(job->name, sizeof(job->name), "%s", command->word[0]);
    print("[%u] %u\n", job->number, job->pid);
    return 0;
}

struct job *job_find(const char *text)
{
    uint32_t number;
    if (text[0] != '%' || !number_decimal(text + 1, &number))
        return NULL;
    for (struct job *job = job_next(NULL); job != NULL; job = job_next(job))
        if (job->number == number)
            return job;
    return NULL;
}

int job_wait(struct job *job)
{
    job_collect(job);
    job->number = 0;
    return parser_status(job->status, job->inversions);
}

struct job *job_next(const struct job *after)
{
    for (uint32_t i = after == NULL ? 0 : (uint32_t)(after - jobs) + 1; i < JOBS_MAX; i++)
        if (jobs[i].number != 0)
            return &jobs[i];
    return NULL;
}

bool job_is_alive(const struct job *job)
{
    struct process_info info;
    uint32_t count = 0;
    err_t err = job->child != 0 ? process_list(job->pid, &info, 1, &count) : ERR_NO_ENTRY;
    return err == OK && count == 1 && info.pid == job->pid && info.state != PROCESS_ENDED;
}

void jobs_end(void)
{
    for (struct job *job = job_next(NULL); job != NULL; job = job_next(job)) {
        if (job->child != 0)
            (void)process_kill(job->child); /* it may have ended by itself */
        (void)job_wait(job);
    }
}

void job_interrupt(void)
{
    handle_t child = waited_for;
    if (child != 0)
        (void)process_kill(child); /* it may have ended by itself */
}
