/* print and result: bytes are gathered into lines, and each whole line goes to the console service in one call. */
#include "lib/lock.h"
#include "lib/print_inside.h"
#include "abi/console.h"
#include "common/format.h"
#include "common/string.h"
#include <apteryx/ipc.h>
#include <apteryx/machine.h>
#include <apteryx/print.h>

#define LOOKUP_PAUSE_US 20000u /* the console may still be starting: look for ten seconds, then try the log */
#define LOOKUP_TRIES 500u

static struct lock lock;
static handle_t console;
static bool to_log, redirected;
static uint32_t held;
static char line[CONSOLE_BYTES_MAX];
static struct message out; /* under the lock, as the line is */

void print_to_log(void) { to_log = true; }

void print_to(handle_t output)
{
    console = output;
    redirected = true;
}

handle_t print_output(void) { return redirected ? console : 0; }

static bool console_find(void)
{
    for (uint32_t i = 0; console == 0 && i < LOOKUP_TRIES; i++) {
        if (name_lookup("console", &console) == OK)
            break;
        console = 0;
        time_sleep_us(LOOKUP_PAUSE_US);
    }
    return console != 0;
}

void print_open(void)
{
    lock_take(&lock);
    (void)console_find();
    lock_release(&lock);
}

static err_t console_write(void)
{
    out.label = CONSOLE_WRITE;
    out.words = 1u + (held + 3u) / 4u;
    out.word[0] = held;
    out.handles = 0;
    out.page.how = PAGE_NOTHING;
    memcpy(&out.word[1], line, held);
    return ipc_call(console, &out);
}

/* A console that died for good is looked up once more; what nobody takes is dropped. */
static void line_write(void)
{
    if (held == 0)
        return;
    if (!to_log && !console_find())
        to_log = true;
    if (to_log) {
        (void)log_write(line, held);
    } else if (console_write() == ERR_DEAD && !redirected) {
        (void)handle_close(console);
        console = 0;
        if (console_find())
            (void)console_write();
    }
    held = 0;
}

static void line_put(void *sink, char c)
{
    (void)sink;
    line[held++] = c;
    if (c == '\n' || held == CONSOLE_BYTES_MAX)
        line_write();
}

static void text_put(const char *text)
{
    while (*text != '\0')
        line_put(NULL, *text++);
}

int print(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    lock_take(&lock);
    int bytes = format(line_put, NULL, text, arguments);
    lock_release(&lock);
    va_end(arguments);
    return bytes;
}

void print_bytes(const void *bytes, uint32_t count)
{
    const char *text = bytes;
    lock_take(&lock);
    for (uint32_t i = 0; i < count; i++)
        line_put(NULL, text[i]);
    lock_release(&lock);
}

void result(const char *name, const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    lock_take(&lock);
    if (held != 0)
        line_put(NULL, '\n');
    text_put("RESULT ");
    text_put(name);
    line_put(NULL, ' ');
    (void)format(line_put, NULL, text, arguments);
    line_put(NULL, '\n');
    lock_release(&lock);
    va_end(arguments);
}

void print_flush(void)
{
    lock_take(&lock);
    line_write();
    lock_release(&lock);
}

void print_at_exit(void)
{
    if (__atomic_exchange_n(&lock.taken, 1u, __ATOMIC_ACQUIRE) != 0)
        return;
    line_write();
}
