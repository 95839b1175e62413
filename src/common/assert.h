/* Our promises, checked in every build. A failed assert is our bug; a user's mistake is an error value instead.
 *
 * assert:      cheap, stays in release builds.
 * assert_slow: a walk; looked at only in debug builds (-DBUILD_DEBUG=1), compiled always.
 *
 * Who links this code provides assert_failed: the kernel panics, a program ends, a host test fails.
 */
#ifndef COMMON_ASSERT_H
#define COMMON_ASSERT_H

#include <stdbool.h>

#ifndef BUILD_DEBUG
#define BUILD_DEBUG 0
#endif
#define ASSERT_SLOW BUILD_DEBUG

_Noreturn void assert_failed(const char *what, const char *file, int line);

#define assert(what) ((what) ? (void)0 : assert_failed(#what, __FILE__, __LINE__))
#define assert_slow(what) ((!ASSERT_SLOW || (what)) ? (void)0 : assert_failed(#what, __FILE__, __LINE__))

#endif
