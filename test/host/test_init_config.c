/* sources: src/servers/init/config.c src/common/number.c */
#include "servers/init/config.h"
#include "host.h"
#include "servers/init/restarts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct config config;
static struct boot_options options;
static uint32_t line;

static void a_line_in_full(void **state)
{
    (void)state;
    assert_int_equal(
        config_parse("# comment\n\n"
                     "service disk program=ata priority=30 locked when=disk needs-disks instead=none argument=slave "
                     "plain-boot=blank rights=io:0x1F0+8,irq:14,dma,memory:0xB8000+2 # why\n"
                     "program shell   program=shell priority=10 swap-arguments rights=control",
                     &config, &line),
        OK);
    assert_int_equal(config.services, 2);
    const struct service *disk = &config.service[0], *shell = &config.service[1];
    assert_string_equal(disk->name, "disk");
    assert_string_equal(disk->program, "ata");
    assert_string_equal(disk->instead, "none");
    assert_string_equal(disk->argument, "slave");
    assert_string_equal(disk->plain_boot, "blank");
    assert_true(disk->has_port && disk->locked && disk->needs_disks && !disk->swap_arguments);
    assert_int_equal(disk->priority, 30);
    assert_int_equal(disk->when, SWAP_DISK);
    static const struct right_wanted rights[] = {{RIGHT_TYPE_IO_PORTS, 0x1F0, 8},
                                                 {RIGHT_TYPE_INTERRUPT, 14, 1},
                                                 {RIGHT_TYPE_DMA, 0, 0},
                                                 {RIGHT_TYPE_MEMORY, 0xB8, 2}};
    assert_int_equal(disk->rights, 4);
    assert_memory_equal(disk->right, rights, sizeof(rights));
    assert_true(!shell->has_port && !shell->locked && !shell->needs_disks && shell->swap_arguments);
    assert_int_equal(shell->when, SWAP_ANY);
    assert_int_equal(shell->right[0].type, RIGHT_TYPE_CONTROL);
}

static void wrong_lines_are_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "service",
        "service a",
        "service a program=x",
        "service a program=x priority=0",
        "service a program=x priority=32",
        "service a program=x priority=1 colour=red",
        "service a program= priority=1",
        "service a program=x priority=1 rights=irq:16",
        "service a program=x priority=1 rights=io:0xFFFF+2",
        "service a program=x priority=1 rights=memory:0xB8001",
        "service a program=x priority=1 rights=dmax",
        "service a program=x priority=1 rights=io:1+",
        "service a program=x priority=1 when=never",
        "service a program=x priority=1 when=none",
        "daemon a program=x priority=1",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text), "program ok program=x priority=1\n%s\n", wrong[i]);
        assert_int_equal(config_parse(text, &config, &line), ERR_RANGE);
        assert_int_equal(line, 2);
    }
    assert_int_equal(config_parse("service a_name_of_16_let program=x priority=1", &config, &line), ERR_TOO_LONG);
    assert_int_equal(config_parse("service a program=x priority=1 rights=dma,dma,dma,dma,dma,dma,dma,dma,dma,dma,dma",
                                  &config, &line),
                     OK);
    assert_int_equal(
        config_parse("service a program=x priority=1 rights=dma,dma,dma,dma,dma,dma,dma,dma,dma,dma,dma,dma", &config,
                     &line),
        ERR_TOO_LONG);
}

static void the_file_of_the_tree_is_lawful(void **state)
{
    (void)state;
    char text[SPAWN_ARGUMENT_BYTES];
    FILE *file = fopen("src/servers/init/init.conf", "r");
    assert_non_null(file);
    size_t bytes = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    assert_true(bytes < sizeof(text) - 16);
    text[bytes] = '\0';
    assert_int_equal(config_parse(text, &config, &line), OK);
    assert_string_equal(config.service[config.services - 1].program, "shell");
}

static err_t boot(const char *text) { return boot_options_parse(text, (uint32_t)strlen(text), &options); }

static void boot_commands(void **state)
{
    (void)state;
    assert_int_equal(boot(""), OK);
    assert_true(!options.given && options.interactive);
    assert_int_equal(options.sort, SWAP_DISK);
    assert_int_equal(options.blocks, UINT32_MAX);

    assert_int_equal(boot("swap_on=ram\nreadahead=8\nswap_blocks=65536\n\nstress; swap_on=disk\n"), OK);
    assert_true(options.given && !options.interactive);
    assert_int_equal(options.sort, SWAP_RAM);
    assert_int_equal(options.blocks, 65536);

    assert_int_equal(boot("swap_on=program\nswap_server=badswap  corrupt a=7\nswap_blocks=9\nshell=1\n\n"), OK);
    assert_true(options.given && options.interactive);
    assert_int_equal(options.sort, SWAP_PROGRAM);
    assert_int_equal(options.swap_server.words, 3);
    assert_memory_equal(options.swap_server.text, "badswap\0corrupt\0a=7", 20);

    assert_int_equal(boot("file_server=pagefiles  all\n\n"), OK);
    assert_int_equal(options.file_server.words, 2);
    assert_memory_equal(options.file_server.text, "pagefiles\0all", 14);

    assert_int_equal(boot("swap_on=none\nswap_blocks=0\n\n"), OK);
    assert_int_equal(options.sort, SWAP_NONE);
    assert_int_equal(boot("swap_on=program\n\n"), ERR_RANGE);
    assert_int_equal(boot("swap_on=tape\n\n"), ERR_RANGE);

    assert_int_equal(boot("swap_on=disk\nswap_server=swap disk=disk.1.2\ndisks=none\n\n"), OK);
    assert_int_equal(options.sort, SWAP_DISK);
    assert_true(options.no_disks);
    assert_int_equal(boot("disks=some\n\n"), ERR_RANGE);

    assert_int_equal(boot("swap_blocks=12x\n\n"), ERR_RANGE);
    assert_int_equal(boot("swap_on=\n"), ERR_RANGE);
    assert_int_equal(boot("an_unknown_key=1\nnot a key\n"), OK);
}

/* Whatever the texts are, the parsers stay within their buffers (the sanitizers watch) and end. */
static void any_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "service",   " ",    "program=", "x",
        "rights=",   "io:",  "+",        "0x10",
        ",",         "irq:", "\n",       "#",
        "when=",     "disk", "swap_on=", "swap_blocks=",
        "priority=", "9",    "\n\n",     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    unsigned good = 0;
    srand(11);
    for (unsigned i = 0; i < 20000; i++) {
        char text[4096] = "";
        for (int n = rand() % 40; n > 0; n--)
            strcat(text, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
        good += config_parse(text, &config, &line) == OK;
        good += boot(text) == OK;
    }
    assert_true(good > 0);
}

static void giving_up(void **state)
{
    (void)state;
    struct restarts slow = {{0}, 0}, fast = {{0}, 0};
    for (uint32_t i = 0; i < 100; i++)
        assert_false(restarts_note(&slow, (uint64_t)i * RESTARTS_WITHIN_US / RESTARTS_MAX));
    for (uint32_t i = 0; i < RESTARTS_MAX; i++)
        assert_false(restarts_note(&fast, i));
    assert_true(restarts_note(&fast, RESTARTS_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_in_full),
        cmocka_unit_test(wrong_lines_are_named),
        cmocka_unit_test(the_file_of_the_tree_is_lawful),
        cmocka_unit_test(boot_commands),
        cmocka_unit_test(any_text),
        cmocka_unit_test(giving_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
