/* The console's devices that are typed on: the first serial line and the PS/2 keyboard. By interrupts. */
#ifndef CONSOLE_INPUT_H
#define CONSOLE_INPUT_H

#include "abi/errors.h"
#include "abi/message.h"

#define INPUT_SERIAL 1u /* notification bits */
#define INPUT_KEYBOARD 2u

struct input_rights {
    handle_t serial_ports, serial_interrupt, keyboard_ports, keyboard_interrupt;
};

/* Lets both devices notify `port`, and hands what was typed before to `take`. A machine without one of them is fine. */
MUST_USE err_t input_open(const struct input_rights *rights, handle_t port, void (*take)(uint32_t key));

/* After a notification with these bits: hands every key to `take`. */
void input_serve(uint32_t bits, void (*take)(uint32_t key));

#endif
