/* The kernel's log: to the first serial line, and into a ring of 16 KiB for dmesg. */
#ifndef KERNEL_DEBUG_LOG_H
#define KERNEL_DEBUG_LOG_H

#include <stdarg.h>
#include <stdint.h>

#define LOG_BYTES 16384u

void log_start(void);
__attribute__((format(printf, 1, 2))) void log_print(const char *format, ...);
void log_print_list(const char *format, va_list arguments);

/* Copy log text from position `from` on (0 = the first byte since boot; what is lost is skipped).
 * Returns the bytes copied; *from becomes the position after them. */
uint32_t log_read(uint32_t *from, char *buffer, uint32_t bytes);

void serial_write(const char *text, uint32_t bytes);
void serial_flush(void); /* until the last byte has left the chip; before the machine ends */

#endif
