/* init: the first program. Starts what init.conf lists, gives each its rights, and keeps the services alive.
 *
 * argv[1] is the text of init.conf; handle 1 is the machine right, from which all others are made. */
#include "servers/init/service.h"
#include "servers/help.h"
#include "servers/log.h"
#include <apteryx/info.h>
#include <apteryx/machine.h>
#include <apteryx/process.h>

#define MACHINE 1
#define COMMANDS_BYTES 8192u

static struct config config;
static struct boot_options options;
static struct running running[CONFIG_SERVICES];
static char commands[COMMANDS_BYTES];

/* A boot that cannot go on: says why, and ends the machine. */
static int refuse(const char *what, uint32_t line, err_t err)
{
    log_line("REFUSED %s: line %u, error %u", what, line, err);
    (void)power(start_handle(MACHINE), POWER_OFF);
    return 1;
}

static err_t read_boot_commands(void)
{
    uint32_t bytes = 0;
    TRY(boot_commands(sizeof(commands), commands, &bytes));
    return boot_options_parse(commands, bytes < sizeof(commands) ? bytes : sizeof(commands), &options);
}

/* Once the services answer: what this machine is. */
static void report_boot(void)
{
    const volatile struct info *i = info();
    char cpu[sizeof i->cpu], policy[sizeof i->policy];
    for (uint32_t k = 0; k < sizeof cpu; k++)
        cpu[k] = i->cpu[k];
    for (uint32_t k = 0; k < sizeof policy; k++)
        policy[k] = i->policy[k];
    log_line("RESULT boot ram_frames=%u frames_free=%u policy=%s cpu=%s sysenter=%u pse=%u swap_blocks=%u",
             i->ram_frames, i->frames_free, policy, cpu, i->sysenter, i->pse, i->swap_blocks);
}

/* Services come first and answer before the next is started; a program without a port finds them all there. */
static err_t start(struct running *one)
{
    TRY(service_prepare(one));
    return service_start(one);
}

int main(int argc, char **argv)
{
    if (help_asked(argc, argv, "init CONFIGURATION", "The first program: starts what etc/init.conf lists."))
        return 0;
    uint32_t line = 0;
    err_t err = argc > 1 ? config_parse(argv[1], &config, &line) : ERR_NO_ENTRY;
    if (err != OK)
        return refuse("init.conf", line, err);
    err = read_boot_commands();
    if (err != OK)
        return refuse("boot commands", 0, err);
    for (uint32_t i = 0; i < config.services; i++) {
        struct running *one = &running[i];
        *one = (struct running){
            .service = &config.service[i], .options = &options, .machine = start_handle(MACHINE), .number = i};
        if (!service_is_wanted(one->service, &options))
            continue;
        if (!one->service->has_port)
            report_boot();
        err = start(one);
        if (err != OK)
            log_line("init: %s cannot be started (error %u)", one->service->name, err);
        else
            service_await(one);
    }
    thread_exit();
}
