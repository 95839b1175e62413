/* What every host test includes, after the header that it tests. Asserts of the code under test fail the test, or are
 * expected with expect_assert_failure(expression).
 *
 * A test is test/host/test_NAME.c with a main that runs its group. Two comments in it are read by host.mk:
 *     sources: the files of src/ that it links, and fakes from test/host (wildcards are fine); a fake has such a
 *              comment too, for what it needs itself
 *     flags:   what else the compiler should be told, for the test and its sources
 */
#ifndef HOST_H
#define HOST_H

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
