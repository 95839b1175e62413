#include "kernel/debug/log.h"
#include "common/format.h"
#include "kernel/arch/x86/ports.h"
#include "kernel/debug/screen.h"

enum { COM1 = 0x3F8, DIVISOR_LOW = 0, DIVISOR_HIGH = 1, INTERRUPTS = 1, LINE = 3, MODEM = 4, STATUS = 5 };
enum { LINE_8N1 = 0x03, LINE_DIVISOR = 0x80, MODEM_READY = 0x0B, STATUS_ROOM = 0x20, STATUS_EMPTY = 0x40 };
#define ROOM_TRIES 1000000u /* a line that nobody listens on must not stop the kernel */

static char ring[LOG_BYTES];
static uint32_t written; /* bytes since boot */

/* The receiver is left alone: a byte that was typed early is the console server's. */
void log_start(void)
{
    port_out8(COM1 + INTERRUPTS, 0);
    port_out8(COM1 + LINE, LINE_DIVISOR);
    port_out8(COM1 + DIVISOR_LOW, 1); /* 115,200 */
    port_out8(COM1 + DIVISOR_HIGH, 0);
    port_out8(COM1 + LINE, LINE_8N1);
    port_out8(COM1 + MODEM, MODEM_READY);
}

static void status_await(uint8_t wanted)
{
    for (uint32_t n = 0; n < ROOM_TRIES && !(port_in8(COM1 + STATUS) & wanted); n++) {
    }
}

void serial_flush(void) { status_await(STATUS_EMPTY); }

static void serial_put(char c)
{
    status_await(STATUS_ROOM);
    port_out8(COM1, (uint8_t)c);
}

void serial_write(const char *text, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        serial_put(text[i]);
}

static void log_put(void *sink, char c)
{
    (void)sink;
    ring[written++ % LOG_BYTES] = c;
    serial_put(c);
    screen_put(c);
}

void log_print_list(const char *text, va_list arguments) { format(log_put, NULL, text, arguments); }

void log_print(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    log_print_list(text, arguments);
    va_end(arguments);
}

uint32_t log_read(uint32_t *from, char *buffer, uint32_t bytes)
{
    uint32_t held = written < LOG_BYTES ? written : LOG_BYTES, copied = 0;
    if (written - *from > held)
        *from = written - held;
    while (copied < bytes && *from != written)
        buffer[copied++] = ring[(*from)++ % LOG_BYTES];
    return copied;
}
