#include "servers/file/request.h"
#include "host.h"
#include "random.h"
#include <string.h>
/* sources: src/servers/file/request.c */

static void a_path_has_a_file_system_and_a_rest(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *rest;
    } example[] = {{"/disk/a/b", "disk", "a/b"},    {"/disk", "disk", ""},
                   {"/disk/", "disk", ""},          {"/", "", ""},
                   {"///cd//x///y//", "cd", "x/y"}, {"/disk/a b/.x", "disk", "a b/.x"}};
    struct path path;
    for (size_t i = 0; i < sizeof(example) / sizeof(example[0]); i++) {
        assert_int_equal(path_read(example[i].text, &path), OK);
        assert_string_equal(path.name, example[i].name);
        assert_string_equal(path.rest, example[i].rest);
    }
    assert_int_equal(path_read("", &path), ERR_RANGE);
    assert_int_equal(path_read("disk/a", &path), ERR_RANGE);
    assert_int_equal(path_read("/a-name-of-16-byt/x", &path), ERR_RANGE);
}

static void texts_stand_behind_each_other(void **state)
{
    (void)state;
    static struct message m;
    char text[FILE_PATH_MAX + 1];
    uint32_t at = 1;
    const char *const texts[] = {"/disk/abc", "", "abc", "/disk/abcd"};
    for (size_t i = 0; i < 4; i++)
        request_put_text(&m, &at, texts[i]);
    m.words = at;
    at = 1;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(request_text(&m, &at, text), OK);
        assert_string_equal(text, texts[i]);
    }
    assert_int_equal(at, m.words);
    assert_int_equal(request_text(&m, &at, text), ERR_RANGE);
}

static void a_text_must_be_closed_and_short(void **state)
{
    (void)state;
    static struct message m;
    char text[FILE_PATH_MAX + 1];
    uint32_t at = 0;
    memset(m.word, 'x', sizeof(m.word));
    for (m.words = 0; m.words <= MESSAGE_WORDS; m.words++)
        assert_int_equal(request_text(&m, &at, text), ERR_RANGE);
    m.words = 0xFFFFFFFFu;
    assert_int_equal(request_text(&m, &at, text), ERR_RANGE);
    m.words = FILE_PATH_MAX / 4 + 2;
    m.word[m.words - 1] = 0;
    assert_int_equal(request_text(&m, &at, text), ERR_TOO_LONG);
    at = 1;
    assert_int_equal(request_text(&m, &at, text), OK);
    assert_int_equal(strlen(text), FILE_PATH_MAX);
}

/* Whatever the words are: no text is longer than there is room for, and none reaches out of the message. */
static void anything_may_arrive(void **state)
{
    (void)state;
    static struct message m;
    static const char letters[] = "//a.\0b";
    random_state = 17;
    for (uint32_t round = 0; round < 200000; round++) {
        struct path path;
        uint32_t at = below(8), from = at;
        uint8_t *bytes = (uint8_t *)m.word;
        m.words = below(80);
        for (uint32_t i = 0; i < 320; i++)
            bytes[i] = below(40) ? (uint8_t)letters[below(sizeof(letters))] | (below(9) ? 0 : 0x80u) : 0;
        err_t err = request_path(&m, &at, &path);
        assert_true(err == OK || err == ERR_RANGE || err == ERR_TOO_LONG);
        if (err != OK)
            continue;
        assert_true(at > from && at <= m.words);
        assert_true(strlen(path.name) <= PATH_NAME_MAX && strchr(path.name, '/') == NULL);
        assert_true(strlen(path.rest) <= FILE_PATH_MAX && strstr(path.rest, "//") == NULL && path.rest[0] != '/');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_has_a_file_system_and_a_rest),
        cmocka_unit_test(texts_stand_behind_each_other),
        cmocka_unit_test(a_text_must_be_closed_and_short),
        cmocka_unit_test(anything_may_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
