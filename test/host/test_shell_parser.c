/* sources: src/apps/shell/parser.c src/apps/shell/seconds.c */
#include "apps/shell/parser.h"
#include "apps/shell/seconds.h"
#include "host.h"
#include <string.h>

static struct command job;

static void words_are(const char *line, uint32_t words, const char *const *word)
{
    const char *at = line;
    assert_int_equal(parser_next(&at, 0, &job), OK);
    assert_int_equal(job.words, words);
    for (uint32_t i = 0; i < words; i++)
        assert_string_equal(job.word[i], word[i]);
    assert_null(job.word[words]);
}

static void blanks_part_and_quotes_keep(void **state)
{
    (void)state;
    words_are("  a\tbc  d ", 3, (const char *const[]){"a", "bc", "d"});
    words_are("echo 'a  b;c&' \"x 'y'\"z ''", 4, (const char *const[]){"echo", "a  b;c&", "x 'y'z", ""});
    words_are("! ! a !", 2, (const char *const[]){"a", "!"});
    assert_int_equal(job.inversions, 2);
    words_are("'!' a", 2, (const char *const[]){"!", "a"});
    assert_int_equal(job.inversions, 0);
}

static void separators_say_how(void **state)
{
    (void)state;
    const char *at = "a; b& ! c d ;";
    assert_int_equal(parser_next(&at, 0, &job), OK);
    assert_false(job.background);
    assert_int_equal(parser_next(&at, 0, &job), OK);
    assert_string_equal(job.word[0], "b");
    assert_true(job.background);
    assert_int_equal(parser_next(&at, 0, &job), OK);
    assert_int_equal(job.words, 2);
    assert_int_equal(job.inversions, 1);
    assert_false(job.background);
    assert_int_equal(parser_next(&at, 0, &job), ERR_NO_ENTRY);
}

static void the_last_status_is_told(void **state)
{
    (void)state;
    const char *at = "echo $? \"<$?>\" '$?' $x $ a$?b";
    assert_int_equal(parser_next(&at, 137, &job), OK);
    static const char *const word[] = {"echo", "137", "<137>", "$?", "$x", "$", "a137b"};
    assert_int_equal(job.words, 7);
    for (uint32_t i = 0; i < 7; i++)
        assert_string_equal(job.word[i], word[i]);
}

static void output_goes_to_a_file(void **state)
{
    (void)state;
    static const char *const lines[] = {"a b >/x y", "a b > /x y;", "> /x a b y", "a b>'/x' y", "a b >\"/x\" y &"};
    for (uint32_t i = 0; i < 5; i++) {
        words_are(lines[i], 3, (const char *const[]){"a", "b", "y"});
        assert_string_equal(job.output, "/x");
    }
    words_are("a '>' \">b\"", 3, (const char *const[]){"a", ">", ">b"});
    assert_null(job.output);
}

static void lines_are_lawful_or_not(void **state)
{
    (void)state;
    static const char *const right[] = {"", "  ", "a", "a;", "a &  ", "a;b&c", "''"};
    static const char *const wrong[] = {";",      "a;;b", "& a",     "a & ; b", "!",         "a; !",   "'a",
                                        "a \"b'", "a >",  "a > ; b", "> x",     "a > b > c", "a > & b"};
    for (uint32_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
        assert_int_equal(parser_check(right[i], &job), OK);
    for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(parser_check(wrong[i], &job), ERR_RANGE);
}

static void limits_are_kept(void **state)
{
    (void)state;
    static char line[3 * COMMAND_TEXT];
    for (uint32_t i = 0; i < SPAWN_ARGUMENTS; i++)
        memcpy(line + 2 * i, "a ", 3);
    assert_int_equal(parser_check(line, &job), OK);
    memcpy(line + 2 * SPAWN_ARGUMENTS, "a", 2);
    assert_int_equal(parser_check(line, &job), ERR_TOO_LONG);
    memset(line, 'x', COMMAND_TEXT - 1);
    line[COMMAND_TEXT - 1] = '\0';
    assert_int_equal(parser_check(line, &job), OK);
    memcpy(line + COMMAND_TEXT - 1, "x", 2);
    assert_int_equal(parser_check(line, &job), ERR_TOO_LONG);
}

static void statuses_turn(void **state)
{
    (void)state;
    assert_int_equal(parser_status(139, 0), 139);
    assert_int_equal(parser_status(0, 1), 1);
    assert_int_equal(parser_status(139, 1), 0);
    assert_int_equal(parser_status(139, 2), 1);
    assert_int_equal(parser_status(0, 2), 0);
}

static void seconds_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t us;
    } right[] = {{"0", 0}, {"1", 1000000}, {"0.25", 250000}, {".5", 500000}, {"3.", 3000000}, {"0.0000019", 1}};
    static const char *const wrong[] = {"", ".", "1s", "-1", "1e3", "1.2.3", "1000001", "99999999999999999999"};
    uint64_t us = 7;
    for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(seconds_read(wrong[i], &us));
    assert_int_equal(us, 7);
    for (uint32_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        assert_true(seconds_read(right[i].text, &us));
        assert_true(us == right[i].us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_part_and_quotes_keep),
        cmocka_unit_test(separators_say_how),
        cmocka_unit_test(the_last_status_is_told),
        cmocka_unit_test(output_goes_to_a_file),
        cmocka_unit_test(lines_are_lawful_or_not),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(statuses_turn),
        cmocka_unit_test(seconds_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
