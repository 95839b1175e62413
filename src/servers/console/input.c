#include "servers/console/input.h"
#include "servers/console/keys.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>

/* The 16550 behind COM1. The kernel sends; we receive. Its FIFO stays as the firmware left it: turning it on or off drops
 * what has come in, and a byte may come at any moment. */
#define SERIAL_DATA 0x3F8u
#define SERIAL_INTERRUPTS 0x3F9u
#define SERIAL_MODEM 0x3FCu
#define SERIAL_STATUS 0x3FDu
#define INTERRUPT_RECEIVED 0x01u
#define MODEM_READY 0x0Bu /* data terminal ready, request to send, interrupt line connected */
#define STATUS_RECEIVED 0x01u
#define STATUS_NOBODY 0xFFu

/* The 8042. */
#define KEYBOARD_DATA 0x60u
#define KEYBOARD_STATUS 0x64u
#define KEYBOARD_FULL 0x01u
#define KEYBOARD_MOUSE 0x20u /* the byte is not the keyboard's */

static struct input_rights rights;
static struct terminal_decoder terminal;
static struct keyboard_decoder keyboard;

static void serial_serve(void (*take)(uint32_t key))
{
    uint8_t status;
    while ((status = port_in8(SERIAL_STATUS)) & STATUS_RECEIVED && status != STATUS_NOBODY) {
        uint32_t key = key_from_terminal(&terminal, port_in8(SERIAL_DATA));
        if (key != KEY_NONE)
            take(key);
    }
}

static void keyboard_serve(void (*take)(uint32_t key))
{
    uint8_t status;
    while ((status = port_in8(KEYBOARD_STATUS)) & KEYBOARD_FULL && status != STATUS_NOBODY) {
        uint8_t code = port_in8(KEYBOARD_DATA);
        uint32_t key = status & KEYBOARD_MOUSE ? KEY_NONE : key_from_keyboard(&keyboard, code);
        if (key != KEY_NONE)
            take(key);
    }
}

err_t input_open(const struct input_rights *given, handle_t port, void (*take)(uint32_t key))
{
    rights = *given;
    TRY(io_enable(rights.serial_ports));
    TRY(io_enable(rights.keyboard_ports));
    port_out8(SERIAL_MODEM, MODEM_READY);
    serial_serve(take);
    port_out8(SERIAL_INTERRUPTS, INTERRUPT_RECEIVED);
    TRY(interrupt_bind(rights.serial_interrupt, port, INPUT_SERIAL));
    return interrupt_bind(rights.keyboard_interrupt, port, INPUT_KEYBOARD);
}

void input_serve(uint32_t bits, void (*take)(uint32_t key))
{
    if (bits & INPUT_SERIAL) {
        serial_serve(take);
        (void)interrupt_done(rights.serial_interrupt); /* fails only for a handle that is not ours */
        serial_serve(take);
    }
    if (bits & INPUT_KEYBOARD) {
        keyboard_serve(take);
        (void)interrupt_done(rights.keyboard_interrupt);
        keyboard_serve(take);
    }
}
