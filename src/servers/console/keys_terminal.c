#include "servers/console/keys.h"

/* The key of a sequence ESC [ number letter, or ESC O letter. */
static uint32_t sequence_key(uint8_t letter, uint32_t number)
{
    static const uint16_t by_number[] = {
        [1] = KEY_HOME, [3] = KEY_DELETE, [4] = KEY_END, [7] = KEY_HOME, [8] = KEY_END};
    switch (letter) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return KEY_RIGHT;
    case 'D':
        return KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_END;
    case '~':
        return number < sizeof by_number / sizeof by_number[0] ? by_number[number] : KEY_NONE;
    default:
        return KEY_NONE;
    }
}

static uint32_t text_key(struct terminal_decoder *decoder, uint8_t byte)
{
    bool after_return = decoder->after_return;
    decoder->after_return = byte == '\r';
    switch (byte) {
    case 0x1B:
        decoder->state = TERMINAL_ESCAPE;
        decoder->number = 0;
        return KEY_NONE;
    case 0x7F:
        return KEY_BACKSPACE;
    case '\r':
        return KEY_ENTER;
    case '\n':
        return after_return ? KEY_NONE : KEY_ENTER;
    default:
        return byte;
    }
}

uint32_t key_from_terminal(struct terminal_decoder *decoder, uint8_t byte)
{
    switch (decoder->state) {
    case TERMINAL_TEXT:
        return text_key(decoder, byte);
    case TERMINAL_ESCAPE:
        decoder->state = byte == '[' || byte == 'O' ? TERMINAL_SEQUENCE : TERMINAL_TEXT;
        return KEY_NONE;
    case TERMINAL_SEQUENCE:
        if (byte >= '0' && byte <= '9') {
            decoder->number = (decoder->number * 10 + byte - '0') % 1000;
            return KEY_NONE;
        }
        if (byte == ';') {
            decoder->number = 0;
            return KEY_NONE;
        }
        decoder->state = TERMINAL_TEXT;
        return sequence_key(byte, decoder->number);
    }
    return KEY_NONE;
}
