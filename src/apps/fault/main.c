/* fault WHERE: touches what must not be touched, and ends by the fault; status 1 if it lives on. */
#include "abi/layout.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>

#define NOWHERE 0x80000000u

static const struct {
    const char *name;
    uintptr_t address;
    bool write;
} places[] = {
    {"null", 0, false},
    {"none", NOWHERE, true},
    {"guard", STACK_GUARD, false},
    {"kernel", KERNEL_SPACE, false},
    {"text", PROGRAM_BASE, true},
};

static void touch(uintptr_t address, bool write)
{
    volatile uint32_t *at = (volatile uint32_t *)address;
    if (write)
        *at = 1;
    else
        (void)*at;
}

int main(int argc, char **argv)
{
    const char *word;
    const struct options options = {
        .usage = "fault null|none|guard|kernel|text",
        .about = "Reads page 0, the guard page or the kernel, writes a free page or the program's text: status 139.",
        .words = &word,
        .words_max = 1,
    };
    if (options_read(&options, argc, argv) == 0)
        usage_error(argv[0], "where?", "null none guard kernel text");
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (strcmp(places[i].name, word) == 0) {
            touch(places[i].address, places[i].write);
            print("fault: 0x%08x can be touched\n", places[i].address);
            return 1;
        }
    usage_error(argv[0], "no such place", word);
}
