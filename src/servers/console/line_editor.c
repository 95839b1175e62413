#include "servers/console/line_editor.h"
#include "common/format.h"
#include "common/string.h"
#include "servers/console/keys.h"

static void text_set(struct line_editor *editor, const char *text, uint32_t bytes)
{
    memcpy(editor->text, text, bytes);
    editor->text[bytes] = '\0';
    editor->length = editor->cursor = bytes;
}

void line_editor_start(struct line_editor *editor, const char *prompt, uint32_t prompt_bytes)
{
    if (prompt_bytes > LINE_PROMPT_BYTES)
        prompt_bytes = LINE_PROMPT_BYTES;
    memcpy(editor->prompt, prompt, prompt_bytes);
    editor->prompt[prompt_bytes] = '\0';
    text_set(editor, "", 0);
    editor->view = editor->recall = 0;
    editor->show = LINE_SHOW;
}

static void text_insert(struct line_editor *editor, char c)
{
    if (editor->length == LINE_BYTES)
        return;
    char *at = editor->text + editor->cursor;
    memmove(at + 1, at, editor->length - editor->cursor + 1);
    *at = c;
    editor->length++;
    editor->cursor++;
}

static void text_delete(struct line_editor *editor)
{
    if (editor->cursor == editor->length)
        return;
    char *at = editor->text + editor->cursor;
    memmove(at, at + 1, editor->length - editor->cursor);
    editor->length--;
}

static void text_delete_back(struct line_editor *editor)
{
    editor->cursor--;
    text_delete(editor);
}

/* The blanks before the cursor, and the word before them. */
static void word_delete(struct line_editor *editor)
{
    while (editor->cursor > 0 && editor->text[editor->cursor - 1] == ' ')
        text_delete_back(editor);
    while (editor->cursor > 0 && editor->text[editor->cursor - 1] != ' ')
        text_delete_back(editor);
}

static void history_keep(struct line_editor *editor)
{
    if (editor->length == 0 || (editor->history > 0 && strcmp(editor->past[0], editor->text) == 0))
        return;
    memmove(editor->past[1], editor->past[0], sizeof editor->past - sizeof editor->past[0]);
    memcpy(editor->past[0], editor->text, editor->length + 1);
    if (editor->history < LINE_HISTORY)
        editor->history++;
}

static void history_recall(struct line_editor *editor, uint32_t recall)
{
    editor->recall = recall;
    const char *text = recall == 0 ? "" : editor->past[recall - 1];
    text_set(editor, text, (uint32_t)strlen(text));
}

static bool line_finish(struct line_editor *editor)
{
    history_keep(editor);
    editor->show = LINE_DONE;
    return true;
}

static void line_drop(struct line_editor *editor)
{
    text_set(editor, "", 0);
    editor->view = editor->recall = 0;
    editor->show = LINE_DROPPED;
}

/* The keys that move through the text or delete from it. */
static void edit(struct line_editor *editor, uint32_t key)
{
    switch (key) {
    case KEY_LEFT:
        editor->cursor -= editor->cursor > 0;
        break;
    case KEY_RIGHT:
        editor->cursor += editor->cursor < editor->length;
        break;
    case KEY_HOME:
    case KEY_START:
        editor->cursor = 0;
        break;
    case KEY_END:
    case KEY_FINISH:
        editor->cursor = editor->length;
        break;
    case KEY_BACKSPACE:
        if (editor->cursor > 0)
            text_delete_back(editor);
        break;
    case KEY_DELETE:
        text_delete(editor);
        break;
    case KEY_CUT:
        editor->length = editor->cursor;
        editor->text[editor->length] = '\0';
        break;
    case KEY_WORD:
        word_delete(editor);
        break;
    case KEY_KILL:
        text_set(editor, "", 0);
        break;
    default:
        if (key >= ' ' && key < 0x100)
            text_insert(editor, (char)key);
    }
}

bool line_editor_key(struct line_editor *editor, uint32_t key)
{
    switch (key) {
    case KEY_ENTER:
        return line_finish(editor);
    case KEY_INTERRUPT:
        line_drop(editor);
        return false;
    case KEY_UP:
        if (editor->recall < editor->history)
            history_recall(editor, editor->recall + 1);
        return false;
    case KEY_DOWN:
        if (editor->recall > 0)
            history_recall(editor, editor->recall - 1);
        return false;
    default:
        edit(editor, key);
        return false;
    }
}

/* Chooses which part of the text is shown, so that the cursor is in it. Returns its width. */
static uint32_t view_choose(struct line_editor *editor)
{
    uint32_t room = LINE_COLUMNS - (uint32_t)strlen(editor->prompt);
    if (editor->cursor < editor->view)
        editor->view = editor->cursor;
    if (editor->cursor > editor->view + room)
        editor->view = editor->cursor - room;
    uint32_t width = editor->length - editor->view;
    return width < room ? width : room;
}

uint32_t line_editor_draw(struct line_editor *editor, char *out)
{
    const char *before = editor->show == LINE_DROPPED ? "^C\n\r" : "\r";
    uint32_t width = view_choose(editor);
    int bytes = format_text(out, LINE_DRAW_BYTES, "%s%s%.*s\033[K", before, editor->prompt, (int)width,
                            editor->text + editor->view);
    uint32_t back = editor->view + width - editor->cursor;
    if (editor->show == LINE_DONE)
        bytes += format_text(out + bytes, LINE_DRAW_BYTES - (uint32_t)bytes, "\n");
    else if (back > 0)
        bytes += format_text(out + bytes, LINE_DRAW_BYTES - (uint32_t)bytes, "\033[%uD", back);
    editor->show = LINE_SHOW;
    return (uint32_t)bytes;
}
