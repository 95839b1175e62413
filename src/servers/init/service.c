#include "servers/init/service.h"
#include "common/string.h"
#include "common/units.h"
#include "servers/log.h"
#include <apteryx/file_server.h>
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/machine.h>
#include <apteryx/process.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define STATUS_USAGE 2
#define STATUS_REFUSED 3
#define THREAD_PRIORITY 31
#define AT_SWAP "@swap"
#define AT_FILE "@file"
#define FILE_SERVER "file"
#define STACK_BYTES 0x3000u /* starting a program takes one page and a little of stack */
#define ANY_LABEL 0u        /* a server answers a label that it doesn't know with ERR_RANGE: so it serves */

static void argument_add(struct running *running, const char *word)
{
    if (word[0] != '\0' && running->argument_count < ARGUMENTS_MAX - 1)
        running->arguments[running->argument_count++] = word;
    running->arguments[running->argument_count] = NULL;
}

static void server_arguments_add(struct running *running, const struct boot_server *server)
{
    const char *word = server->text;
    for (uint32_t i = 0; i < server->words; i++, word += strlen(word) + 1)
        if (i > 0)
            argument_add(running, word);
}

static void arguments_make(struct running *running)
{
    const struct service *service = running->service;
    const struct boot_options *options = running->options;
    running->argument_count = 0;
    argument_add(running, running->program);
    argument_add(running, service->argument);
    if (!options->given)
        argument_add(running, service->plain_boot);
    if (strcmp(service->program, AT_FILE) == 0)
        server_arguments_add(running, &options->file_server);
    if (!service->swap_arguments)
        return;
    server_arguments_add(running, &options->swap_server);
    (void)format_text(running->blocks, sizeof(running->blocks), "blocks=%u", options->blocks);
    argument_add(running, running->blocks);
}

static const char *program_of(const struct service *service, const struct boot_options *options)
{
    if (strcmp(service->program, AT_SWAP) == 0)
        return options->swap_server.text;
    if (strcmp(service->program, AT_FILE) == 0)
        return options->file_server.words > 0 ? options->file_server.text : FILE_SERVER;
    return service->program;
}

/* A file port has no name: by a handle without a badge one could speak as the kernel does. */
static err_t port_announce(const struct running *running)
{
    handle_t pager;
    if (!running->service->file_port)
        return name_register(running->service->name, running->given[0]);
    TRY(right_create(running->machine, RIGHT_TYPE_PAGER, 0, 0, &pager));
    err_t err = file_port(pager, running->given[0]);
    (void)handle_close(pager);
    return err;
}

bool service_is_wanted(const struct service *service, const struct boot_options *options)
{
    if (service->needs_disks && options->no_disks)
        return false;
    return service->when == SWAP_ANY || service->when == options->sort;
}

err_t service_prepare(struct running *running)
{
    const struct service *service = running->service;
    running->program = program_of(service, running->options);
    running->handles = 0;
    if (service->has_port) {
        TRY(port_create(&running->given[0]));
        TRY(port_announce(running));
        running->handles = 1;
    }
    for (uint32_t i = 0; i < service->rights; i++) {
        const struct right_wanted *right = &service->right[i];
        handle_t *to = &running->given[running->handles++];
        uint32_t first = right->type == RIGHT_TYPE_DMA ? running->number : right->first;
        TRY(right_create(running->machine, right->type, first, right->count, to));
    }
    return OK;
}

static err_t program_spawn(struct running *running, handle_t *child)
{
    arguments_make(running);
    const struct spawn_options options = {
        .handle = running->given,
        .handles = running->handles,
        .priority = running->service->priority,
        .flags = running->service->locked ? SPAWN_LOCKED : 0,
    };
    return process_spawn_with(running->program, (char *const *)(uintptr_t)running->arguments, &options, child);
}

static void give_up(struct running *running, const char *why)
{
    log_line("init: %s: %s", running->service->name, why);
    if (running->service->has_port)
        (void)handle_close(running->given[0]); /* whoever waits for it gets ERR_DEAD */
    if (!running->service->has_port && !running->options->interactive)
        (void)power(running->machine, POWER_OFF);
}

/* After an end: false = it is not to be started again. */
static bool goes_on(struct running *running, int status)
{
    const struct service *service = running->service;
    if (status == STATUS_REFUSED && service->instead[0] != '\0' && running->program != service->instead) {
        log_line("init: %s: %s takes the place of %s", service->name, service->instead, running->program);
        running->program = service->instead;
        return true;
    }
    if (!service->has_port && !running->options->interactive) {
        give_up(running, "ended before its last command");
        return false;
    }
    if (status == STATUS_REFUSED && service->file_port) { /* there is no disk with files: as usual as one with */
        (void)handle_close(running->given[0]);
        return false;
    }
    if (status == STATUS_USAGE || status == STATUS_REFUSED) {
        give_up(running, "does not serve");
        return false;
    }
    if (status != (int)STATUS_KILLED && restarts_note(&running->restarts, time_now_us())) {
        give_up(running, "given up, it ends again and again");
        return false;
    }
    if (service->has_port)
        log_line("init: %s ended with status %d and is started again", service->name, status);
    return true;
}

/* It starts swap servers again while nothing can be paged in: its stack must be there. */
static void service_thread(void *argument)
{
    struct running *running = argument;
    int status = 0;
    if (thread_lock_stack(STACK_BYTES) != OK)
        log_line("init: %s: no memory to watch over it", running->service->name);
    do {
        handle_t child;
        err_t err = program_spawn(running, &child);
        if (err == OK)
            err = process_wait(child, &status);
        if (err != OK) {
            log_line("init: %s: %s does not start (error %u)", running->service->name, running->program, err);
            give_up(running, "given up");
            return;
        }
        (void)handle_close(child);
    } while (goes_on(running, status));
}

err_t service_start(struct running *running)
{
    handle_t thread;
    TRY(thread_create(service_thread, running, THREAD_PRIORITY, &thread));
    return handle_close(thread);
}

void service_await(const struct running *running)
{
    static struct message m;
    err_t err;
    if (!running->service->has_port)
        return;
    do {
        m = (struct message){.label = ANY_LABEL};
        err = ipc_call(running->given[0], &m);
    } while (err == ERR_RETRY);
}
