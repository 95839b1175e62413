/* sources: test/host/inputs.c src/servers/init/config.c src/apps/shell/parser.c src/servers/console/keys_terminal.c src/servers/console/keys_keyboard.c src/servers/console/line_editor.c src/common/string.c src/common/copy.c */
/* What people write, against mutations of a right one: configurations, commands, and keys. */
#include "apps/shell/parser.h"

#include "host.h"
#include "inputs.h"
#include "random.h"
#include "servers/console/keys.h"
#include "servers/console/line_editor.h"
#include "servers/init/config.h"
#include <stdlib.h>
#include <string.h>

static int start(void **state)
{
    random_state = 23;
    return inputs_start(state);
}

static void configurations(void **state)
{
    (void)state;
    static const char right[] =
        "# comment\n"
        "service disk program=ata priority=30 locked when=disk instead=none argument=slave "
        "plain-boot=blank rights=io:0x1F0+8,irq:14,dma,memory:0xB8000+2 # why\n"
        "service swap program=@swap priority=29 locked when=program swap-arguments rights=swap\n"
        "program shell program=shell priority=10 rights=control\n";
    uint32_t accepted = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        static struct config config;
        uint32_t line = 0;
        char *text = text_mutant_of(right);
        err_t error = config_parse(text, &config, &line);
        assert_true(error == OK || error == ERR_RANGE || error == ERR_TOO_LONG);
        accepted += error == OK;
        for (uint32_t s = 0; error == OK && s < config.services; s++) {
            const struct service *service = &config.service[s];
            assert_true(memchr(service->name, '\0', sizeof service->name) && service->rights <= SPAWN_HANDLES);
            assert_true(memchr(service->argument, '\0', sizeof service->argument) && service->priority - 1 < 31);
        }
        assert_true(error != OK || config.services <= CONFIG_SERVICES);
        free(text);
    }
    assert_in_range(accepted, ROUNDS / 20, ROUNDS - 1);
}

static void boot_commands(void **state)
{
    (void)state;
    static const char right[] =
        "swap_on=program\nswap_server=badswap corrupt\nswap_blocks=4096\nshell=1\n\nstress; check\n";
    uint32_t accepted = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        static struct boot_options options;
        uint32_t bytes;
        uint8_t *text = mutant_of(right, sizeof right - 1, &bytes);
        err_t error = boot_options_parse((const char *)text, bytes, &options);
        assert_true(error == OK || error == ERR_RANGE || error == ERR_TOO_LONG);
        accepted += error == OK;
        free(text);
    }
    assert_in_range(accepted, ROUNDS / 20, ROUNDS - 1);
}

static void shell_lines(void **state)
{
    (void)state;
    static struct command job;
    uint32_t lawful = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        char *line = text_mutant_of("stress --procs 2 & ! 'a b'; echo \"x $? y\" $?z; wait %1; ! ! kill name");
        const char *at = line;
        err_t error, check = parser_check(line, &job);
        lawful += check == OK;
        uint32_t jobs = 0;
        while ((error = parser_next(&at, 137, &job)) == OK && jobs++ < 100) {
            assert_true(at <= line + strlen(line) && job.words <= SPAWN_ARGUMENTS && job.word[job.words] == NULL);
            for (uint32_t w = 0; w < job.words; w++)
                assert_true(job.word[w] >= job.text && job.word[w] + strlen(job.word[w]) < job.text + COMMAND_TEXT);
        }
        assert_true(jobs < 100 && (check == OK) == (error == ERR_NO_ENTRY));
        free(line);
    }
    assert_in_range(lawful, ROUNDS / 20, ROUNDS - 1);
}

static void keys(void **state)
{
    (void)state;
    static struct line_editor editor;
    struct terminal_decoder terminal = {0};
    struct keyboard_decoder keyboard = {0};
    char drawn[LINE_DRAW_BYTES];
    uint32_t lines = 0;
    line_editor_start(&editor, "$ ", 2);
    for (uint32_t i = 0; i < 5 * ROUNDS; i++) {
        uint8_t byte = below(4) ? (uint8_t) "a \x1B[D\x1B[A\x7F\x15\r~3"[below(13)] : (uint8_t)below(256);
        uint32_t key = below(2) ? key_from_terminal(&terminal, byte) : key_from_keyboard(&keyboard, byte);
        bool done = key != KEY_NONE && line_editor_key(&editor, key);
        assert_true(editor.cursor <= editor.length && editor.length <= LINE_BYTES &&
                    editor.text[editor.length] == '\0');
        assert_in_range(line_editor_draw(&editor, drawn), 0, LINE_DRAW_BYTES);
        if (!done)
            continue;
        lines++;
        line_editor_start(&editor, "a prompt", below(9));
    }
    assert_true(lines > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(configurations, start),
        cmocka_unit_test_setup(boot_commands, start),
        cmocka_unit_test_setup(shell_lines, start),
        cmocka_unit_test_setup(keys, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
