/* The last step of booting: the rooms above the machine, and the first program. */
#include "abi/info.h"
#include "common/archive.h"
#include "common/string.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/boot/boot_info.h"
#include "kernel/debug/panic.h"
#include "kernel/syscall/calls.h"

#define INIT_PRIORITY 31u /* it may give its services any priority */
#define READAHEAD_DEFAULT 16u
#define CONFIGURATION "etc/init.conf"

static void info_start(const struct boot_info *boot)
{
    struct info *info = info_page();
    info->version = INFO_VERSION;
    info->sysenter = cpu_features()->sysenter;
    info->pse = cpu_features()->pse;
    memcpy(info->policy, boot->policy, sizeof info->policy);
    memcpy(info->cpu, cpu_name(), strlen(cpu_name()) + 1);
}

/* init gets its configuration as its first argument: there is no file system below it. */
static uint32_t init_arguments(const struct boot_info *boot, char *to)
{
    static const char name[] = "init";
    const struct archive archive = {module_bytes(boot->archive), boot->archive.bytes};
    struct archive_file file;
    if (archive_find(&archive, CONFIGURATION, sizeof CONFIGURATION - 1, &file) != OK)
        refuse("module", "the archive has no " CONFIGURATION);
    if (file.bytes + sizeof name + 1 > SPAWN_ARGUMENT_BYTES)
        refuse("module", CONFIGURATION " is longer than %u bytes", SPAWN_ARGUMENT_BYTES);
    memcpy(to, name, sizeof name);
    memcpy(to + sizeof name, file.data, file.bytes);
    to[sizeof name + file.bytes] = 0;
    return (uint32_t)sizeof name + file.bytes + 1;
}

static void port_gone(const struct port *port)
{
    pager_swap_port_gone(port);
    interrupts_port_gone(port);
}

void task_start(const struct boot_info *boot)
{
    static char arguments[SPAWN_ARGUMENT_BYTES];
    struct process *building = NULL, *init;
    pager_start(boot->module, boot->readahead == BOOT_READAHEAD_DEFAULT ? READAHEAD_DEFAULT : boot->readahead);
    port_died = port_gone;
    info_start(boot);
    task_start_archive(module_bytes(boot->archive), boot->archive.bytes);
    hardware_start(boot);
    const struct program_request request = {.name = "init",
                                            .arguments = arguments,
                                            .argument_bytes = init_arguments(boot, arguments),
                                            .argument_count = 2,
                                            .priority = INIT_PRIORITY,
                                            .flags = SPAWN_LOCKED,
                                            .handles = 1};
    err_t error = program_build(&building, &request, &init);
    if (error != OK)
        refuse(error == ERR_MEMORY || error == ERR_COMMIT ? "memory" : "module", "init cannot be started (error %u)",
               error);
    handle_add(init, &(struct handle_entry){.type = HANDLE_RIGHT, .rights = RIGHT_TYPE_MACHINE});
    error = process_start(init);
    assert(error == OK);
    process_release(init);
}
