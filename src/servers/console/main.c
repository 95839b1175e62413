/* console: text in and out for everybody; abi/console.h has its messages.
 *
 * One loop serves both the clients and the interrupts, because both arrive at the service port. Keys that come while
 * nobody reads wait for the next reader. Output that comes while a line is edited goes above that line.
 * It is locked in RAM: a machine that is short of memory has something to say.
 * Handles: 1 the service port, the rest in the order of enum given, as init.conf lists them. */
#include "abi/console.h"
#include "common/string.h"
#include "servers/console/input.h"
#include "servers/console/keys.h"
#include "servers/console/line_editor.h"
#include "servers/console/output.h"
#include "servers/help.h"
#include "servers/log.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>

enum given {
    GIVEN_PORT = 1,
    GIVEN_SERIAL_PORTS,
    GIVEN_SERIAL_INTERRUPT,
    GIVEN_KEYBOARD_PORTS,
    GIVEN_KEYBOARD_INTERRUPT,
    GIVEN_SCREEN,
    GIVEN_CURSOR_PORTS
};

#define AHEAD_KEYS 4096u /* a pasted page */
#define INTERRUPT_BIT 1u
#define LINE_ERASE "\r\033[K"

static struct message m;
static struct line_editor editor;
static handle_t reader;    /* the reply that the line belongs to; 0: nobody reads */
static handle_t interrupt; /* the port that Ctrl-C notifies; 0: none */
static uint16_t ahead[AHEAD_KEYS];
static uint32_t ahead_count;

static void editor_show(void)
{
    char text[LINE_DRAW_BYTES];
    output_put(text, line_editor_draw(&editor, text));
}

/* Text of a message: word 0 counts bytes, the words behind it hold them. NULL: the message is not lawful. */
static const char *message_text(uint32_t *bytes)
{
    *bytes = m.words > 0 ? m.word[0] : 0;
    if (*bytes > CONSOLE_BYTES_MAX || m.words < 1 + (*bytes + 3) / 4)
        return NULL;
    return (const char *)&m.word[1];
}

static void answer(handle_t reply, err_t err, const char *text, uint32_t bytes)
{
    static struct message answer;
    answer.label = err;
    answer.words = bytes > 0 || err == OK ? 1 + (bytes + 3) / 4 : 0;
    answer.word[0] = bytes;
    memcpy(&answer.word[1], text, bytes);
    (void)ipc_reply(reply, &answer); /* a client that is gone misses nothing */
}

static void key_take(uint32_t key)
{
    if (reader == 0) {
        if (key == KEY_INTERRUPT) {
            ahead_count = 0;
            if (interrupt != 0)
                (void)ipc_notify(interrupt, INTERRUPT_BIT); /* a listener that is gone misses nothing */
        } else if (ahead_count < AHEAD_KEYS) {
            ahead[ahead_count++] = (uint16_t)key;
        }
        return;
    }
    bool done = line_editor_key(&editor, key);
    editor_show();
    if (!done)
        return;
    handle_t reply = reader;
    reader = 0;
    answer(reply, OK, editor.text, editor.length);
}

/* What was typed before anybody read: up to the end of one line. */
static void ahead_take(void)
{
    uint32_t used = 0;
    while (used < ahead_count && reader != 0)
        key_take(ahead[used++]);
    ahead_count -= used;
    memmove(ahead, ahead + used, ahead_count * sizeof(ahead[0]));
}

/* The newest reader has the line: an older one may be a program that was killed while it read. */
static void serve_read(handle_t reply)
{
    uint32_t bytes;
    const char *prompt = message_text(&bytes);
    if (prompt == NULL) {
        answer(reply, ERR_RANGE, "", 0);
        return;
    }
    if (reader != 0)
        answer(reader, ERR_BUSY, "", 0);
    reader = reply;
    line_editor_start(&editor, prompt, bytes);
    editor_show();
    ahead_take();
}

static void serve_write(handle_t reply)
{
    uint32_t bytes;
    const char *text = message_text(&bytes);
    if (text != NULL && bytes > 0) {
        if (reader != 0)
            output_put(LINE_ERASE, sizeof(LINE_ERASE) - 1);
        output_put(text, bytes);
        if (reader != 0)
            editor_show();
    }
    answer(reply, text != NULL ? OK : ERR_RANGE, "", 0);
}

static void serve_interrupt(handle_t reply)
{
    if (m.handles != 1) {
        answer(reply, ERR_RANGE, "", 0);
        return;
    }
    if (interrupt != 0)
        (void)handle_close(interrupt);
    interrupt = m.handle[0];
    m.handles = 0;
    answer(reply, OK, "", 0);
}

static void serve(handle_t reply)
{
    switch (m.label) {
    case IPC_NOTIFY:
        input_serve(m.word[0], key_take);
        return;
    case CONSOLE_WRITE:
        serve_write(reply);
        break;
    case CONSOLE_READ:
        serve_read(reply);
        break;
    case CONSOLE_INTERRUPT:
        serve_interrupt(reply);
        break;
    default:
        answer(reply, ERR_RANGE, "", 0);
    }
    message_drop(&m); /* what nobody asked for */
}

int main(int argc, char **argv)
{
    if (help_asked(argc, argv, "console", "Text in and out: serial line, screen and keyboard."))
        return 0;
    const struct input_rights rights = {start_handle(GIVEN_SERIAL_PORTS), start_handle(GIVEN_SERIAL_INTERRUPT),
                                        start_handle(GIVEN_KEYBOARD_PORTS), start_handle(GIVEN_KEYBOARD_INTERRUPT)};
    handle_t port = start_handle(GIVEN_PORT), reply;
    if (process_lock_program() != OK)
        log_line("console: its memory can be evicted");
    output_open(start_handle(GIVEN_SCREEN), start_handle(GIVEN_CURSOR_PORTS));
    err_t err = input_open(&rights, port, key_take);
    while (err == OK) {
        err = ipc_receive(port, &m, &reply, NULL, 0);
        if (err == OK)
            serve(reply);
    }
    log_line("console: %u", err);
    return 1;
}
