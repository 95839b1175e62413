/* Keys, from whichever device they come: a byte 1 … 255 stands for itself (control characters included), the rest have
 * the names below. Pure.
 *
 * Two decoders turn a device's bytes into keys, one byte at a time; each answers KEY_NONE while more bytes are needed
 * and for what it doesn't know. A decoder that is all zeros is at its start. */
#ifndef CONSOLE_KEYS_H
#define CONSOLE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

enum key {
    KEY_NONE = 0,
    KEY_START = 0x01,     /* Ctrl-A */
    KEY_INTERRUPT = 0x03, /* Ctrl-C */
    KEY_FINISH = 0x05,    /* Ctrl-E */
    KEY_BACKSPACE = 0x08,
    KEY_ENTER = 0x0A,
    KEY_CUT = 0x0B,  /* Ctrl-K: to the end of the line */
    KEY_KILL = 0x15, /* Ctrl-U */
    KEY_WORD = 0x17, /* Ctrl-W: the word before */
    KEY_LEFT = 0x100,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_DELETE
};

/* A terminal on the serial line: VT100 escape sequences, DEL as backspace, CR as enter (CR LF is one enter). */
struct terminal_decoder {
    enum { TERMINAL_TEXT, TERMINAL_ESCAPE, TERMINAL_SEQUENCE } state;
    uint32_t number; /* the parameter of the sequence so far */
    bool after_return;
};
uint32_t key_from_terminal(struct terminal_decoder *decoder, uint8_t byte);

/* A PS/2 keyboard behind an 8042 that translates to scan code set 1; United States layout. */
struct keyboard_decoder {
    bool shift, control, capitals, extended;
};
uint32_t key_from_keyboard(struct keyboard_decoder *decoder, uint8_t code);

#endif
