/* A broken promise of the library or of code it shares: the process ends as by a fault. */
#include "common/assert.h"
#include <apteryx/print.h>

void assert_failed(const char *what, const char *file, int line)
{
    print_flush();
    print("ASSERT %s at %s:%d\n", what, file, line);
    print_flush();
    __builtin_trap();
}
