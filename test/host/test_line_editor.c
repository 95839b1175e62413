/* sources: src/servers/console/line_editor.c src/servers/console/k*.c src/servers/console/screen.c src/common/format.c */
#include "servers/console/line_editor.h"
#include "servers/console/keys.h"
#include "servers/console/screen.h"
#include "host.h"
#include <stdlib.h>
#include <string.h>

/* A terminal's bytes through decoder, editor and screen: what somebody at the console sees. */
struct desk {
    struct line_editor editor;
    struct terminal_decoder decoder;
    struct screen screen;
    uint16_t cells[SCREEN_CELLS];
    unsigned lines;
};
static struct desk desk;

static void show(void)
{
    char out[LINE_DRAW_BYTES];
    uint32_t bytes = line_editor_draw(&desk.editor, out);
    assert_true(bytes < LINE_DRAW_BYTES);
    screen_put(&desk.screen, out, bytes);
}

static int desk_set_up(void **state)
{
    (void)state;
    memset(&desk, 0, sizeof desk);
    for (uint32_t i = 0; i < SCREEN_CELLS; i++)
        desk.cells[i] = SCREEN_BLANK;
    desk.screen.cells = desk.cells;
    line_editor_start(&desk.editor, "> ", 2);
    show();
    return 0;
}

static void type_bytes(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint32_t key = key_from_terminal(&desk.decoder, (uint8_t)text[i]);
        if (key == KEY_NONE)
            continue;
        bool done = line_editor_key(&desk.editor, key);
        show();
        if (done) {
            desk.lines++;
            line_editor_start(&desk.editor, "> ", 2);
        }
    }
}
static void type(const char *text) { type_bytes(text, strlen(text)); }

static const char *row(uint32_t n)
{
    static char text[SCREEN_COLUMNS + 1];
    size_t length = SCREEN_COLUMNS;
    for (uint32_t i = 0; i < SCREEN_COLUMNS; i++)
        text[i] = (char)desk.cells[n * SCREEN_COLUMNS + i];
    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
    return text;
}

static void cutting(void **state)
{
    (void)state;
    type("one two  three\027");
    assert_string_equal(row(0), "> one two");
    type("\027\027\027");
    assert_string_equal(desk.editor.text, "");
    type("keep cut\033[D\033[D\033[D\033[D\013.");
    assert_string_equal(desk.editor.text, "keep.");
    assert_int_equal(desk.editor.length, 5);
}

static void typing_and_correcting(void **state)
{
    (void)state;
    type("helo\033[Dl\001X\005!\010?");
    assert_string_equal(desk.editor.text, "Xhello?");
    assert_string_equal(row(0), "> Xhello?");
    assert_int_equal(desk.screen.cursor, 9);
    type("\033[H\033[3~\033[C\177");
    assert_string_equal(desk.editor.text, "ello?");
    assert_string_equal(row(0), "> ello?");
    assert_int_equal(desk.screen.cursor, 2);
    type("\025new\r\n");
    assert_int_equal(desk.lines, 1);
    assert_string_equal(row(0), "> new");
    assert_int_equal(desk.screen.cursor, SCREEN_COLUMNS);
}

static void history(void **state)
{
    (void)state;
    type("one\ntwo\ntwo\n\n");
    assert_int_equal(desk.lines, 4);
    assert_int_equal(desk.editor.history, 2);
    type("\033[A");
    assert_string_equal(desk.editor.text, "two");
    type("\033OA\033[A");
    assert_string_equal(desk.editor.text, "one");
    type("\033[B\033[B\033[B");
    assert_string_equal(desk.editor.text, "");
    for (unsigned i = 0; i < LINE_HISTORY + 3; i++) {
        char line[] = {(char)('a' + i), '\n'};
        type_bytes(line, 2);
    }
    assert_int_equal(desk.editor.history, LINE_HISTORY);
    for (unsigned i = 0; i < LINE_HISTORY + 3; i++)
        type("\033[A");
    assert_string_equal(desk.editor.text, "d");
}

static void interrupt_drops_the_line(void **state)
{
    (void)state;
    type("rubbish\003ok\n");
    assert_string_equal(row(0), "> rubbish^C");
    assert_string_equal(row(1), "> ok");
    assert_int_equal(desk.lines, 1);
}

static void long_lines_scroll_and_end(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < LINE_BYTES + 5; i++)
        type_bytes(i % 2 ? "b" : "a", 1);
    assert_int_equal(desk.editor.length, LINE_BYTES);
    assert_int_equal(strlen(row(0)), LINE_COLUMNS);
    assert_string_equal(row(1), "");
    type("\033[H");
    assert_int_equal(desk.screen.cursor, 2);
    assert_memory_equal(row(0), "> abab", 6);
}

/* No sequence of bytes breaks what the editor promises. */
static void any_bytes(void **state)
{
    (void)state;
    srand(7);
    for (unsigned i = 0; i < 200000; i++) {
        char byte = (char)(rand() % 3 ? "\033[ABCDH3~\010\025\001\005xyz"[rand() % 17] : rand() % 256);
        type_bytes(&byte, 1);
        assert_true(desk.editor.cursor <= desk.editor.length && desk.editor.length <= LINE_BYTES);
        assert_int_equal(desk.editor.text[desk.editor.length], '\0');
        assert_true(desk.screen.cursor < SCREEN_CELLS);
    }
    assert_true(desk.lines > 0);
}

static void keyboard(void **state)
{
    (void)state;
    static const struct {
        uint8_t codes[4];
        uint32_t key;
    } rows[] = {
        {{0x1E}, 'a'},
        {{0x9E}, KEY_NONE},
        {{0x2A, 0x1E}, 'A'},
        {{0x2A, 0x02}, '!'},
        {{0x3A, 0x1E}, 'A'},
        {{0x3A, 0x02}, '1'},
        {{0x3A, 0x2A, 0x1E}, 'a'},
        {{0x1D, 0x2E}, KEY_INTERRUPT},
        {{0xE0, 0x1D, 0x16}, KEY_KILL},
        {{0x1D, 0x9D, 0x2E}, 'c'},
        {{0x1C}, KEY_ENTER},
        {{0x0E}, KEY_BACKSPACE},
        {{0xE0, 0x48}, KEY_UP},
        {{0xE0, 0x50}, KEY_DOWN},
        {{0xE0, 0xC8}, KEY_NONE},
        {{0x39}, ' '},
        {{0x01}, KEY_NONE},
        {{0x58}, KEY_NONE},
        {{0x2A, 0x35}, '?'},
        {{0xE0, 0x53}, KEY_DELETE},
        {{0xE0, 0x2A, 0x1E}, 'a'},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct keyboard_decoder decoder = {0};
        uint32_t key = KEY_NONE;
        for (unsigned j = 0; j < 4 && rows[i].codes[j] != 0; j++)
            key = key_from_keyboard(&decoder, rows[i].codes[j]);
        assert_int_equal(key, rows[i].key);
    }
}

static void screen_scrolls(void **state)
{
    (void)state;
    static const char text[] = "\rtop\033[K\tx\b\by\n";
    screen_put(&desk.screen, text, sizeof text - 1);
    assert_string_equal(row(0), "top    yx");
    for (unsigned i = 1; i < SCREEN_ROWS; i++)
        screen_put(&desk.screen, "line\n", 5);
    assert_string_equal(row(0), "line");
    assert_string_equal(row(SCREEN_ROWS - 1), "");
    assert_int_equal(desk.screen.cursor, SCREEN_CELLS - SCREEN_COLUMNS);
    screen_put(&desk.screen, "\033[2J\033[Hhome", 11);
    assert_string_equal(row(0), "home");
    assert_string_equal(row(1), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(cutting, desk_set_up),
        cmocka_unit_test_setup(typing_and_correcting, desk_set_up),
        cmocka_unit_test_setup(history, desk_set_up),
        cmocka_unit_test_setup(interrupt_drops_the_line, desk_set_up),
        cmocka_unit_test_setup(long_lines_scroll_and_end, desk_set_up),
        cmocka_unit_test_setup(any_bytes, desk_set_up),
        cmocka_unit_test_setup(keyboard, desk_set_up),
        cmocka_unit_test_setup(screen_scrolls, desk_set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
