/* Starting processes: packing arguments for the kernel. */
#include "lib/spawn_inside.h"
#include "common/string.h"
#include "lib/print_inside.h"
#include "lib/system_call.h"

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

err_t spawn_call(const struct spawn *spawn, handle_t *child)
{
    struct gate g = {(uintptr_t)spawn, 0, 0, 0};
    TRY(system_call(SYSCALL_process_spawn, &g));
    *child = g.b;
    spawned_id = g.d;
    return OK;
}

static bool name_is_path(const char *name)
{
    while (*name != '\0' && *name != '/')
        name++;
    return *name == '/';
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
    return name_is_path(name) ? spawn_file(&spawn, child) : spawn_call(&spawn, child);
}

err_t process_spawn(const char *name, char *const argv[], handle_t *child)
{
    return process_spawn_with(name, argv, &(struct spawn_options){.handle = NULL}, child);
}

uint32_t process_spawned_id(void) { return spawned_id; }
