/* The line editor: keys go in, an edited line comes out, and the text that shows it on a terminal. Pure; no allocation.
 *
 * line_editor_start(e, prompt) begins a line, line_editor_key(e, key) takes one key and says whether the line is done:
 * then e->text holds it (length bytes, NUL behind them). After each, line_editor_draw puts into `out` what a terminal
 * needs to show the new state: plain characters, \r, \n and the VT100 sequences ESC [ K and ESC [ n D. A line that is
 * wider than the terminal scrolls sideways.
 *
 * Keys: characters, backspace, delete, left, right, home, end (Ctrl-A, Ctrl-E), Ctrl-U (all), Ctrl-K (the rest),
 * Ctrl-W (the word before), up and down through the history,
 * Ctrl-C (drops the line). The history keeps the last lines that were not empty and not a repetition. */
#ifndef CONSOLE_LINE_EDITOR_H
#define CONSOLE_LINE_EDITOR_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_BYTES 1012u /* of text: fits the reply of CONSOLE_READ */
#define LINE_PROMPT_BYTES 40u
#define LINE_COLUMNS 79u /* of 80: the last column would wrap */
#define LINE_HISTORY 16u
#define LINE_DRAW_BYTES 160u /* always enough for line_editor_draw */

struct line_editor {
    char prompt[LINE_PROMPT_BYTES + 1];
    char text[LINE_BYTES + 1];
    uint32_t length, cursor;
    uint32_t view;                           /* the first character of text that is shown */
    uint32_t recall;                         /* how far back in the history the text comes from; 0: typed */
    uint32_t history;                        /* lines in `past`, at most LINE_HISTORY */
    char past[LINE_HISTORY][LINE_BYTES + 1]; /* the newest first */
    enum { LINE_SHOW, LINE_DONE, LINE_DROPPED } show;
};

/* The history stays; a zeroed editor has none. A prompt that is too long is cut. */
void line_editor_start(struct line_editor *editor, const char *prompt, uint32_t prompt_bytes);

/* True: the line is finished. */
bool line_editor_key(struct line_editor *editor, uint32_t key);

/* Returns the bytes put into out (LINE_DRAW_BYTES of room). */
uint32_t line_editor_draw(struct line_editor *editor, char *out);

#endif
