/* Our promises, checked in every build. A failed assert is our bug; a user's mistake is an error value instead.
 *
 * assert:      cheap, stays in release builds.
 * assert_slow: a walk; looked at only where the build sets -DASSERT_SLOW=1 (debug builds), compiled always.
 *
 * Who links this code provides assert_failed: the kernel panics, a program ends, a host test fails.
 */
#ifndef COMMON_ASSERT_H
#define COMMON_ASSERT_H

#include <stdbool.h>

#ifndef ASSERT_SLOW
#define ASSERT_SLOW 0
#endif

_Noreturn void assert_failed(const char *what, const char *file, int line);

#define assert(what) ((what) ? (void)0 : assert_failed(#what, __FILE__, __LINE__))
#define assert_slow(what) ((!ASSERT_SLOW || (what)) ? (void)0 : assert_failed(#what, __FILE__, __LINE__))

#endif
