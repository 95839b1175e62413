/* Every error value, listed once: numbers, names and explanations expand from ERRORS.
 * Errors are values: a call that fails has changed nothing. */
#ifndef ABI_ERRORS_H
#define ABI_ERRORS_H

#define ERRORS(X)                                                                                 \
    X(0, OK, "done")                                                                              \
    X(1, ERR_RANGE, "unaligned, empty, overflowing or kernel range, or an argument out of range") \
    X(2, ERR_KIND, "the pages are of a kind that this call does not take")                        \
    X(3, ERR_HANDLE, "no such handle, or a handle of another type")                               \
    X(4, ERR_RIGHTS, "the handle or the process lacks the right")                                 \
    X(5, ERR_MEMORY, "no memory")                                                                 \
    X(6, ERR_COMMIT, "the promise could not be kept")                                             \
    X(7, ERR_LIMIT, "a limit of the process or of the kernel is reached")                         \
    X(8, ERR_FAULT, "a bad pointer")                                                              \
    X(9, ERR_TOO_LONG, "longer than there is room for")                                           \
    X(10, ERR_DEAD, "the peer is gone")                                                           \
    X(11, ERR_RETRY, "the service is being restarted")                                            \
    X(12, ERR_BUSY, "taken by somebody else")                                                     \
    X(13, ERR_TIME, "the deadline has passed")                                                    \
    X(14, ERR_NO_ENTRY, "no such name, process or hole")                                          \
    X(15, ERR_IO, "the device failed")

#define ERROR_ENUM(number, name, text) name = (number),
typedef enum err { ERRORS(ERROR_ENUM) ERR_COUNT } err_t;
#undef ERROR_ENUM

#define MUST_USE __attribute__((warn_unused_result))
#define TRY(call)            \
    do {                     \
        err_t try_ = (call); \
        if (try_ != OK)      \
            return try_;     \
    } while (0)

#endif
