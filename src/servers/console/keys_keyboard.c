#include "servers/console/keys.h"

#define CODE_EXTENDED 0xE0u
#define CODE_RELEASED 0x80u
#define CODE_CONTROL 0x1Du
#define CODE_SHIFT_LEFT 0x2Au
#define CODE_SHIFT_RIGHT 0x36u
#define CODE_CAPITALS 0x3Au

/* Scan codes 0x00 … 0x39 without and with shift; 0 = not a character. */
static const char plain[] = "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] = "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";
_Static_assert(sizeof plain == 0x3A + 1 && sizeof shifted == sizeof plain, "one character a scan code");

static uint32_t extended_key(uint8_t code)
{
    switch (code) {
    case 0x48:
        return KEY_UP;
    case 0x50:
        return KEY_DOWN;
    case 0x4B:
        return KEY_LEFT;
    case 0x4D:
        return KEY_RIGHT;
    case 0x47:
        return KEY_HOME;
    case 0x4F:
        return KEY_END;
    case 0x53:
        return KEY_DELETE;
    case 0x1C:
        return KEY_ENTER; /* of the number block */
    case 0x35:
        return '/';
    default:
        return KEY_NONE;
    }
}

static uint32_t character_key(const struct keyboard_decoder *decoder, uint8_t code)
{
    if (code > 0x39)
        return KEY_NONE;
    uint8_t c = (uint8_t)plain[code];
    bool letter = c >= 'a' && c <= 'z';
    if (c == 0x1B)
        return KEY_NONE;
    if (decoder->control)
        return letter ? c & 0x1Fu : KEY_NONE;
    return (uint8_t)(decoder->shift != (letter && decoder->capitals) ? shifted : plain)[code];
}

uint32_t key_from_keyboard(struct keyboard_decoder *decoder, uint8_t byte)
{
    if (byte == CODE_EXTENDED) {
        decoder->extended = true;
        return KEY_NONE;
    }
    bool extended = decoder->extended, pressed = !(byte & CODE_RELEASED);
    uint8_t code = byte & (uint8_t)~CODE_RELEASED;
    decoder->extended = false;
    if (code == CODE_CONTROL) {
        decoder->control = pressed;
        return KEY_NONE;
    }
    if (!extended && (code == CODE_SHIFT_LEFT || code == CODE_SHIFT_RIGHT)) {
        decoder->shift = pressed;
        return KEY_NONE;
    }
    if (!pressed)
        return KEY_NONE;
    if (!extended && code == CODE_CAPITALS) {
        decoder->capitals = !decoder->capitals;
        return KEY_NONE;
    }
    return extended ? extended_key(code) : character_key(decoder, code);
}
