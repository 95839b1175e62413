/* What the programs that try out the library share: an expectation that is not met is one line of text, and at the end
 * everything is in one RESULT line: checks, and how many were wrong. */
#ifndef TEST_APPS_EXPECT_H
#define TEST_APPS_EXPECT_H

#include <apteryx/print.h>
#include <apteryx/types.h>

__attribute__((weak)) uint32_t expect_checks, expect_wrong; /* of the program, in however many files it lies */

static inline void expect_true(bool holds, const char *what, const char *file, int line)
{
    expect_checks++;
    if (holds)
        return;
    expect_wrong++;
    print("%s:%d: not so: %s\n", file, line, what);
}

static inline void expect_error(err_t seen, err_t wanted, const char *what, const char *file, int line)
{
    expect_checks++;
    if (seen == wanted)
        return;
    expect_wrong++;
    print("%s:%d: %s: %s, not %s\n", file, line, what, err_name(seen), err_name(wanted));
}

#define EXPECT(condition) expect_true((condition), #condition, __FILE_NAME__, __LINE__)
#define EXPECT_ERROR(call, wanted) expect_error((call), (wanted), #call, __FILE_NAME__, __LINE__)

static inline int expect_end(const char *name)
{
    result(name, "checks=%u wrong=%u", expect_checks, expect_wrong);
    return expect_wrong == 0 ? 0 : 1;
}

#endif
