/* Lines for the kernel's log and the serial line, for servers that must not wait for the console. */
#ifndef SERVERS_LOG_H
#define SERVERS_LOG_H

#include "common/format.h"
#include <apteryx/machine.h>

#define LOG_LINE_BYTES 160u

/* One line, without its newline; a longer one is cut. */
#define log_line(...)                                                                  \
    do {                                                                               \
        char log_text_[LOG_LINE_BYTES];                                                \
        log_bytes(log_text_, format_text(log_text_, LOG_LINE_BYTES - 1, __VA_ARGS__)); \
    } while (0)

/* `text` has LOG_LINE_BYTES of room; `length` is what format_text returned. */
static inline void log_bytes(char *text, int length)
{
    uint32_t bytes = (uint32_t)length < LOG_LINE_BYTES - 2 ? (uint32_t)length : LOG_LINE_BYTES - 2;
    text[bytes] = '\n';
    (void)log_write(text, bytes + 1); /* a log that fails has nobody to tell */
}

#endif
