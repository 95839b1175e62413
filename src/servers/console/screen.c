#include "servers/console/screen.h"

#define ATTRIBUTE (SCREEN_BLANK & 0xFF00u)
#define TAB_COLUMNS 8u

static void clear(struct screen *screen, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        screen->cells[i] = SCREEN_BLANK;
}

static uint32_t column(const struct screen *screen) { return screen->cursor % SCREEN_COLUMNS; }

/* Moves the cursor on to a cell that may lie below the last row. */
static void advance(struct screen *screen, uint32_t to)
{
    if (to >= SCREEN_CELLS) {
        for (uint32_t i = SCREEN_COLUMNS; i < SCREEN_CELLS; i++)
            screen->cells[i - SCREEN_COLUMNS] = screen->cells[i];
        clear(screen, SCREEN_CELLS - SCREEN_COLUMNS, SCREEN_CELLS);
        to -= SCREEN_COLUMNS;
    }
    screen->cursor = to;
}

static void sequence(struct screen *screen, char letter)
{
    uint32_t steps = screen->number > 0 ? screen->number : 1;
    uint32_t left = column(screen), right = SCREEN_COLUMNS - 1 - left;
    switch (letter) {
    case 'C':
        screen->cursor += steps < right ? steps : right;
        break;
    case 'D':
        screen->cursor -= steps < left ? steps : left;
        break;
    case 'H':
        screen->cursor = 0;
        break;
    case 'J':
        clear(screen, 0, SCREEN_CELLS);
        break;
    case 'K':
        clear(screen, screen->cursor, screen->cursor + right + 1);
        break;
    default:
        break;
    }
}

static void text(struct screen *screen, char c)
{
    switch (c) {
    case '\n':
        advance(screen, screen->cursor - column(screen) + SCREEN_COLUMNS);
        break;
    case '\r':
        screen->cursor -= column(screen);
        break;
    case '\b':
        screen->cursor -= column(screen) > 0;
        break;
    case '\t':
        advance(screen, (screen->cursor / TAB_COLUMNS + 1) * TAB_COLUMNS);
        break;
    case '\033':
        screen->state = SCREEN_ESCAPE;
        screen->number = 0;
        break;
    default:
        screen->cells[screen->cursor] = (uint16_t)(ATTRIBUTE | (uint8_t)c);
        advance(screen, screen->cursor + 1);
    }
}

static void put(struct screen *screen, char c)
{
    switch (screen->state) {
    case SCREEN_TEXT:
        text(screen, c);
        break;
    case SCREEN_ESCAPE:
        screen->state = c == '[' ? SCREEN_SEQUENCE : SCREEN_TEXT;
        break;
    case SCREEN_SEQUENCE:
        if (c >= '0' && c <= '9') {
            screen->number = (screen->number * 10 + (uint32_t)(c - '0')) % 1000;
        } else if (c == ';') {
            screen->number = 0;
        } else {
            screen->state = SCREEN_TEXT;
            sequence(screen, c);
        }
        break;
    }
}

void screen_put(struct screen *screen, const char *text_bytes, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        put(screen, text_bytes[i]);
}
