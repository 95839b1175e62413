/* Processes: packing arguments for the kernel, and stubs. */
#include "lib/print_inside.h"
#include "lib/system_call.h"
#include "common/string.h"
#include <apteryx/process.h>

static uint32_t spawned_id;

/* argv's strings, each with its NUL, one after the other. */
static err_t arguments_pack(char *const argv[], char *to, struct spawn *spawn)
{
    spawn->argument_bytes = 0;
    for (spawn->argument_count = 0; argv[spawn->argument_count] != NULL; spawn->argument_count++) {
        uint32_t bytes = strlen(argv[spawn->argument_count]) + 1u;
        if (spawn->argument_count == SPAWN_ARGUMENTS || bytes > SPAWN_ARGUMENT_BYTES - spawn->argument_bytes)
            return ERR_TOO_LONG;
        memcpy(to + spawn->argument_bytes, argv[spawn->argument_count], bytes);
        spawn->argument_bytes += bytes;
    }
    return OK;
}

/* Where this process's words go its children's go, too, if they are not told another place and there is room. */
static void output_pass(struct spawn *spawn, handle_t *room)
{
    if (print_output() == 0 || (spawn->flags & SPAWN_OUTPUT) != 0 || spawn->handles >= SPAWN_HANDLES)
        return;
    memcpy(room, spawn->handle, spawn->handles * sizeof(room[0]));
    room[spawn->handles++] = print_output();
    spawn->handle = room;
    spawn->flags |= SPAWN_OUTPUT;
}

err_t process_spawn_with(const char *name, char *const argv[], const struct spawn_options *options, handle_t *child)
{
    char arguments[SPAWN_ARGUMENT_BYTES];
    handle_t handles[SPAWN_HANDLES];
    struct spawn spawn = {
        .name = name,
        .name_bytes = strlen(name),
        .arguments = arguments,
        .handle = options->handle,
        .handles = options->handles,
        .priority = options->priority,
        .flags = options->flags,
        .limits = options->limits,
        .fault_port = options->fault_port,
    };
    TRY(arguments_pack(argv, arguments, &spawn));
    output_pass(&spawn, handles);
    struct gate g = {(uintptr_t)&spawn, 0, 0, 0};
    TRY(system_call(SYSCALL_process_spawn, &g));
    *child = g.b;
    spawned_id = g.d;
    return OK;
}

err_t process_spawn(const char *name, char *const argv[], handle_t *child)
{
    return process_spawn_with(name, argv, &(struct spawn_options){.handle = NULL}, child);
}

err_t process_limits(struct limits_report *report)
{
    return system_call_plain(SYSCALL_process_limits, (uintptr_t)report, 0, 0, 0);
}

uint32_t process_spawned_id(void) { return spawned_id; }

err_t process_wait(handle_t child, int *status)
{
    struct gate g = {child, 0, 0, 0};
    TRY(system_call(SYSCALL_process_wait, &g));
    if (status != NULL)
        *status = (int)g.b;
    return OK;
}

err_t process_kill(handle_t child) { return system_call_plain(SYSCALL_process_kill, child, 0, 0, 0); }

uint32_t process_id(void)
{
    struct gate g = {0, 0, 0, 0};
    (void)system_call(SYSCALL_process_id, &g);
    return g.b;
}

err_t process_open(handle_t control, uint32_t pid, handle_t *process)
{
    return system_call_result(SYSCALL_process_open, (struct gate){control, pid, 0, 0}, process);
}

err_t process_list(uint32_t from, struct process_info *list, uint32_t room, uint32_t *count)
{
    return system_call_result(SYSCALL_process_list, (struct gate){from, room, (uintptr_t)list, 0}, count);
}
