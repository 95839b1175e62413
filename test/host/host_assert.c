/* The host's answer to a failed assert: cmocka's, so that a test can expect it. */
#include "common/assert.h"
#include "host.h"
#include <stdlib.h>

void assert_failed(const char *what, const char *file, int line)
{
    mock_assert(0, what, file, line);
    abort();
}
