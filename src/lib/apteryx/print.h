/* Text for people and for scripts. Lines are gathered per process and go to the console service whole. */
#ifndef APTERYX_PRINT_H
#define APTERYX_PRINT_H

#include <apteryx/types.h>

/* printf's %d %u %x %c %s %p, l and ll, width, 0 and -. Returns the number of bytes. */
__attribute__((format(printf, 1, 2))) int print(const char *format, ...);
/* Bytes as they are. */
void print_bytes(const void *bytes, uint32_t count);
/* One RESULT line: result("mine", "pages=%u lost=%u", n, lost). */
__attribute__((format(printf, 2, 3))) void result(const char *name, const char *format, ...);
/* Find the console now, and not with the first line. */
void print_open(void);
/* Write out an unfinished line. process_exit does it too. */
void print_flush(void);
/* From now on print goes to the kernel's log: for servers on which the console itself may depend. */
void print_to_log(void);

#endif
