#include "kernel/debug/screen.h"
#include "abi/layout.h"
#include <stdbool.h>
#include <stdint.h>

#define VGA_TEXT (DIRECT_MAP + 0xB8000u)
#define COLUMNS 80u
#define ROWS 25u
#define WHITE_ON_RED 0x4F00u

static volatile uint16_t *const cells = (volatile uint16_t *)VGA_TEXT;
static bool taken;
static uint32_t row, column;

static void row_clear(uint32_t r)
{
    for (uint32_t i = 0; i < COLUMNS; i++)
        cells[r * COLUMNS + i] = WHITE_ON_RED | ' ';
}

void screen_take(void)
{
    taken = true;
    row = column = 0;
    for (uint32_t r = 0; r < ROWS; r++)
        row_clear(r);
}

static void line_feed(void)
{
    column = 0;
    if (++row < ROWS)
        return;
    row = ROWS - 1;
    for (uint32_t i = 0; i < row * COLUMNS; i++)
        cells[i] = cells[i + COLUMNS];
    row_clear(row);
}

void screen_put(char c)
{
    if (!taken)
        return;
    if (c == '\n') {
        line_feed();
        return;
    }
    cells[row * COLUMNS + column] = (uint16_t)(WHITE_ON_RED | (uint8_t)c);
    if (++column == COLUMNS)
        line_feed();
}
