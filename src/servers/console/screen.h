/* A text screen: characters go in, cells of VGA text memory come out. Pure: the cells may be an array.
 *
 * Understands \n (which returns to the left too), \r, \b, \t, and of VT100: ESC [ n D, ESC [ n C, ESC [ K, ESC [ 2 J,
 * ESC [ H; other sequences are swallowed. A character below 0x20 or above 0x7E otherwise shows as the code page has it.
 * The cells are written as 16-bit words and read only to scroll. */
#ifndef CONSOLE_SCREEN_H
#define CONSOLE_SCREEN_H

#include <stdint.h>

#define SCREEN_COLUMNS 80u
#define SCREEN_ROWS 25u
#define SCREEN_CELLS (SCREEN_COLUMNS * SCREEN_ROWS)
#define SCREEN_BLANK 0x0720u /* light grey on black, a blank */

struct screen {
    volatile uint16_t *cells; /* SCREEN_CELLS of them */
    uint32_t cursor;          /* cell that the next character takes: 0 … SCREEN_CELLS - 1 */
    enum { SCREEN_TEXT, SCREEN_ESCAPE, SCREEN_SEQUENCE } state;
    uint32_t number; /* parameter of the sequence so far */
};

void screen_put(struct screen *screen, const char *text, uint32_t bytes);

#endif
