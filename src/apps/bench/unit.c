#include "apps/bench/unit.h"
#include <apteryx/machine.h>
#include <apteryx/string.h>

#define COMMANDS_BYTES 1024u

static const char counted[] = "counts=instructions"; /* a line of the boot commands' header (tools/runner/image.py) */

bool instructions_are_counted(void)
{
    static char commands[COMMANDS_BYTES];
    uint32_t bytes = 0;
    if (boot_commands(sizeof commands, commands, &bytes) != OK)
        return false;
    bytes = bytes < sizeof commands ? bytes : (uint32_t)sizeof commands;
    for (uint32_t at = 0, end; at < bytes && commands[at] != '\n'; at = end + 1) {
        for (end = at; end < bytes && commands[end] != '\n';)
            end++;
        if (end - at == sizeof counted - 1 && memcmp(commands + at, counted, end - at) == 0)
            return true;
    }
    return false;
}
