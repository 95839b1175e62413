/* The core of printf: formats into any sink, allocates nothing, never fails.
 *
 * %d %u %x %c %s %p %%, each with l or ll (%llu), a width, and the flags 0 and -; %.*s and %.Ns print at most that many
 * bytes of a text that then needs no NUL. %p prints 0x and eight hexadecimal digits; a NULL text prints as (null).
 * A conversion that is not listed is printed as it stands, and its argument is not taken.
 */
#ifndef COMMON_FORMAT_H
#define COMMON_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

typedef void (*format_put)(void *sink, char c);

/* Returns the number of bytes put. */
__attribute__((format(printf, 3, 0))) int format(format_put put, void *sink, const char *text, va_list arguments);

/* Into room bytes at to, NUL always (room > 0), the rest cut off. Returns the length that it would have had. */
__attribute__((format(printf, 3, 4))) int format_text(char *to, size_t room, const char *text, ...);

#endif
