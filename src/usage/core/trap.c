/* A broken promise inside the module: it has no console, so the kernel's trap handler reports where it stopped. */
#include "common/assert.h"

_Noreturn void assert_failed(const char *what, const char *file, int line)
{
    (void)what;
    (void)file;
    (void)line;
    __builtin_trap();
}
