/* sources: src/common/elf.c src/kernel/task/archive.c src/kernel/usage/image.c src/kernel/boot/multiboot.c src/kernel/boot/memory_map.c src/kernel/boot/modules.c src/kernel/boot/command_line.c src/servers/init/config.c src/apps/shell/parser.c src/servers/console/keys_terminal.c src/servers/console/keys_keyboard.c src/servers/console/line_editor.c src/common/string.c src/common/copy.c */
/* Every parser of foreign input against mutations of a right one: bits, words, lengths and ends changed by a seeded
 * generator, in a buffer that ends where the input ends. Whatever comes, nothing outside is touched (the sanitizers
 * see to that), and what is accepted lies inside. */
#include "host.h"

#include "abi/layout.h"
#include "abi/program.h"
#include "apps/shell/parser.h"
#include "common/elf.h"
#include "kernel/boot/multiboot.h"
#include "kernel/task/archive.h"
#include "kernel/usage/contract.h"
#include "kernel/usage/image.h"
#include "servers/console/keys.h"
#include "servers/console/line_editor.h"
#include "servers/init/config.h"
#include "random.h"
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 120000u

static void mutate(uint8_t *bytes, uint32_t length)
{
    static const uint32_t edges[] = {0,      1,          2,          0x7F,       0xFF,      0xFFF,
                                     0x1000, 0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF};
    uint32_t at = below(length), word = edges[below(11)] + below(3) - 1;
    uint32_t room = length - at < 4 ? length - at : 4, from = below(length);
    switch (below(5)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << below(8));
        break;
    case 1:
        bytes[at] = (uint8_t)below(256);
        break;
    case 2: /* a field on its boundary */
        at &= ~3u;
        memcpy(bytes + at, &word, length - at < 4 ? length - at : 4);
        break;
    case 3:
        memcpy(bytes + at, &word, room);
        break;
    default: /* a piece moved elsewhere */
        memmove(bytes + at, bytes + from, below(1 + (length - (at > from ? at : from))));
    }
}

/* A copy with some mutations, now and then cut short; the caller frees it. */
static uint8_t *mutant_of(const void *right, uint32_t length, uint32_t *bytes)
{
    *bytes = below(8) ? length : 1 + below(length);
    uint8_t *copy = malloc(*bytes);
    memcpy(copy, right, *bytes);
    for (uint32_t n = below(6); n > 0; n--)
        mutate(copy, *bytes);
    return copy;
}

/* The same of a text, closed by NUL. */
static char *text_mutant_of(const char *right)
{
    static const char *const words[] = {";", "&", "!", "'",  "\"", "$?", "=",  ",",
                                        "+", ":", "#", "\n", " ",  "0x", "-1", "4294967296"};
    uint32_t bytes;
    uint8_t *raw = mutant_of(right, (uint32_t)strlen(right), &bytes);
    char *text = malloc(bytes + 1);
    memcpy(text, raw, bytes);
    text[bytes] = '\0';
    free(raw);
    for (uint32_t n = below(4); n > 0; n--) {
        const char *word = words[below(16)];
        uint32_t at = below(bytes), room = bytes - at;
        memcpy(text + at, word, strlen(word) < room ? strlen(word) : room);
    }
    return text;
}

static int start(void **state)
{
    (void)state;
    random_state = 20;
    return 0;
}

/* ---- executables ---- */

#define ELF_BYTES 0x1800u
static uint8_t elf_file[ELF_BYTES];

/* Text, data and a note, as ld makes them; linked for `base`. */
static void elf_make(uint32_t base)
{
    static const struct {
        uint32_t owner_bytes, content_bytes, type;
        char owner[8];
        struct program_note note;
    } note = {8, sizeof(struct program_note), PROGRAM_NOTE_TYPE, PROGRAM_NOTE_OWNER, {PROGRAM_FLAGS_ALL, 1 << 20}};
    Elf32_Ehdr h = {.e_type = ET_EXEC, .e_machine = EM_386, .e_entry = base + 0x40, .e_phoff = sizeof h, .e_phnum = 3};
    memcpy(h.e_ident, "\177ELF\1\1\1", 7);
    h.e_phentsize = sizeof(Elf32_Phdr);
    Elf32_Phdr p[3] = {
        {.p_type = PT_LOAD, .p_offset = 0x200, .p_vaddr = base, .p_filesz = 0x1000, .p_memsz = 0x1000, .p_flags = 5},
        {.p_type = PT_LOAD,
         .p_offset = 0x1200,
         .p_vaddr = base + 0x1000,
         .p_filesz = 0x300,
         .p_memsz = 0x2500,
         .p_flags = 6},
        {.p_type = PT_NOTE, .p_offset = 0x1500, .p_filesz = sizeof note, .p_memsz = sizeof note},
    };
    memset(elf_file, 0x90, sizeof elf_file);
    memcpy(elf_file, &h, sizeof h);
    memcpy(elf_file + sizeof h, p, sizeof p);
    memcpy(elf_file + 0x1500, &note, sizeof note);
}

/* Where the fields are, so that most mutations meet one. */
static uint8_t *elf_mutant(uint32_t *bytes)
{
    uint8_t *file = mutant_of(elf_file, ELF_BYTES, bytes);
    for (uint32_t n = below(3); n > 0 && *bytes > 0x1600; n--)
        mutate(file + (below(4) ? 0 : 0x1500), below(2) ? 52 : 148);
    return file;
}

static void programs(void **state)
{
    (void)state;
    uint32_t accepted = 0;
    elf_make(PROGRAM_BASE);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t bytes, last = PROGRAM_BASE / PAGE_BYTES, text = 0;
        uint8_t *file = elf_mutant(&bytes);
        struct program p;
        uint32_t behind = below(0x2000); /* of the file, not at hand */
        if (elf_read(&(struct program_image){file, bytes, bytes + behind}, &p) == OK) {
            accepted++;
            assert_in_range(p.segments, 1, PROGRAM_SEGMENTS);
            for (uint32_t s = 0; s < p.segments; last = p.segment[s++].end.n) {
                const struct program_segment *g = &p.segment[s];
                assert_true(g->first.n >= last && g->end.n > g->first.n && g->end.n < KERNEL_SPACE / PAGE_BYTES);
                assert_true(g->offset <= bytes + behind && g->file_bytes <= bytes + behind - g->offset);
                assert_true(g->file_bytes <= (g->end.n - g->first.n) * PAGE_BYTES);
                text += !g->writable && p.entry / PAGE_BYTES >= g->first.n && p.entry / PAGE_BYTES < g->end.n;
            }
            assert_true(text == 1 && last - p.segment[0].first.n <= PROGRAM_PAGES_MAX);
            assert_true((p.flags & ~PROGRAM_FLAGS_ALL) == 0 && p.thread_space_bytes % TABLE_SPAN_BYTES == 0);
        }
        free(file);
    }
    assert_in_range(accepted, ROUNDS / 20, ROUNDS - 1);
}

/* A page of text, and a page of data with zeros behind it, moved and cut. */
static void mapped_programs(void **state)
{
    (void)state;
    static const struct {
        uint32_t offset, file_bytes, bytes;
        bool can;
    } rows[] = {{0x2000, 0x1000, 0x1000, true}, {0x2000, 0x1000, 0x2500, true},  {0x2000, 0x800, 0x800, true},
                {0x2000, 0x800, 0x801, false},  {0x2000, 0x800, 0x3000, false},  {0x2004, 0x1000, 0x1000, false},
                {0x2000, 0, 0x3000, true},      {0x1800, 0x1800, 0x1800, false}, {0x2000, 0x1001, 0x2000, false}};
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct program p = {.segments = 2};
        p.segment[0] = (struct program_segment){.file_bytes = 0x1000, .bytes = 0x1000};
        p.segment[1] = (struct program_segment){
            .offset = rows[i].offset, .file_bytes = rows[i].file_bytes, .bytes = rows[i].bytes, .writable = true};
        assert_int_equal(elf_can_be_mapped(&p), rows[i].can);
        assert_int_equal(segment_file_pages(&p.segment[1]), (rows[i].file_bytes + 4095) / 4096);
    }
}

static void modules(void **state)
{
    (void)state;
    uint32_t accepted = 0;
    elf_make(USAGE_MODULE);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t bytes;
        uint8_t *file = elf_mutant(&bytes);
        struct usage_image m;
        if (usage_image_check(file, bytes, &m) == NULL) {
            accepted++;
            assert_true(m.start == USAGE_MODULE && m.end >= m.start && m.end - m.start <= USAGE_MODULE_BYTES);
            assert_true(m.entry % 4 == 0 && m.entry >= m.start && m.end - m.entry >= sizeof(struct usage_module));
            for (uint32_t s = 0; s < m.segments; s++) {
                assert_true(m.segment[s].offset <= bytes && m.segment[s].bytes <= bytes - m.segment[s].offset);
                assert_true(m.segment[s].to >= m.start && m.segment[s].bytes <= m.end - m.segment[s].to);
            }
        }
        free(file);
    }
    assert_in_range(accepted, ROUNDS / 20, ROUNDS - 1);
}

/* ---- the boot archive ---- */

static uint8_t *tar_header(uint8_t *h, const char *name, char type, uint32_t bytes)
{
    memset(h, 0, 512);
    snprintf((char *)h, 100, "%s", name);
    snprintf((char *)h + 124, 12, "%011o", bytes);
    h[156] = (uint8_t)type;
    memcpy(h + 257, "ustar\00000", 8);
    return h;
}

/* The mutation comes before the sum, or it would nearly always be the sum that is wrong. */
static void tar_seal(uint8_t *h)
{
    uint32_t sum = 0;
    memset(h + 148, ' ', 8);
    for (uint32_t i = 0; i < 512; i++)
        sum += h[i];
    snprintf((char *)h + 148, 8, "%06o", sum);
}

static void archives(void **state)
{
    (void)state;
    uint32_t found = 0, broken = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t bytes = below(3) ? 512 * 6 : below(512 * 6), position = 0, files = 0;
        uint8_t *tar = calloc(1, 512 * 6), *exact;
        tar_header(tar, "./init", '0', 700);
        tar_header(tar + 512 * 3, "etc/init.conf", '0', 20);
        for (uint32_t n = below(4); n > 0; n--)
            mutate(tar + (below(2) ? 0 : 512 * 3) + (below(2) ? 0 : 120), 48);
        tar_seal(tar);
        tar_seal(tar + 512 * 3);
        exact = malloc(bytes + 1);
        memcpy(exact, tar, bytes);
        struct archive a = {exact, bytes};
        struct archive_file file;
        err_t error;
        while ((error = archive_next(&a, &position, &file)) == OK && files++ < 9)
            assert_true(file.data >= exact && file.bytes <= bytes - (uint32_t)(file.data - exact) &&
                        (const uint8_t *)file.name >= exact && file.name_bytes <= 100);
        assert_true(files < 9 && position <= bytes);
        found += files;
        broken += error == ERR_IO;
        free(exact);
        free(tar);
    }
    assert_true(found > ROUNDS / 2 && broken > ROUNDS / 50);
}

/* ---- what the boot loader left ---- */

#define MEMORY_BYTES 0x144000u
#define INFO 0x10000u

static void put_words(uint8_t *memory, uint32_t at, const uint32_t *word, uint32_t count)
{
    memcpy(memory + at, word, count * 4);
}

static void boot_loader_make(uint8_t *memory)
{
    static const uint32_t info[] = {0x4D, 639, 15360, 0, 0x13000, 2, 0x12000, 0, 0, 0, 0, 48, 0x11000};
    static const uint32_t map[] = {20, 0, 0, 0x9FC00, 0, 1, 20, 0x100000, 0, 0xF00000, 0, 1};
    static const uint32_t mods[] = {0x140000, 0x141210, 0x13100, 0, 0x142000, 0x143001, 0x13120, 0};
    memset(memory + INFO, 0, 0x4000);
    put_words(memory, INFO, info, 13);
    put_words(memory, 0x11000, map, 12);
    put_words(memory, 0x12000, mods, 8);
    strcpy((char *)memory + 0x13000, "/boot/apteryx.elf readahead=8 debug=panic");
    strcpy((char *)memory + 0x13100, "usage lru");
    strcpy((char *)memory + 0x13120, "/boot/boot.tar archive");
}

static void boot_loaders(void **state)
{
    (void)state;
    static const uint32_t areas[][2] = {{INFO, 52}, {0x11000, 48}, {0x12000, 32}, {0x13000, 48}, {0x13100, 64}};
    uint8_t *memory = calloc(1, MEMORY_BYTES);
    uint32_t accepted = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        boot_loader_make(memory);
        for (uint32_t n = below(4); n > 0; n--) {
            const uint32_t *area = areas[below(5)];
            mutate(memory + area[0], area[1]);
        }
        struct physical physical = {memory, MEMORY_BYTES};
        struct boot_info boot = {0};
        struct refusal no = {0};
        if (multiboot_read(&physical, INFO, (struct frame_range){0x100, 0x140}, &boot, &no)) {
            accepted++;
            assert_true(boot.map.ram_count <= FRAME_RANGES_MAX && boot.map.taken_count <= FRAME_RANGES_MAX);
            assert_true(memchr(boot.policy, '\0', sizeof boot.policy) != NULL && boot.usage.bytes > 0);
            assert_true(boot.usage.bytes <= MEMORY_BYTES && boot.usage.start <= MEMORY_BYTES - boot.usage.bytes);
        } else {
            assert_non_null(no.what);
            assert_true(memchr(no.why, '\0', sizeof no.why) != NULL && no.why[0] != '\0');
        }
    }
    free(memory);
    assert_in_range(accepted, ROUNDS / 20, ROUNDS - 1);
}

/* ---- texts ---- */

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
        cmocka_unit_test_setup(programs, start),
        cmocka_unit_test_setup(modules, start),
        cmocka_unit_test_setup(archives, start),
        cmocka_unit_test_setup(boot_loaders, start),
        cmocka_unit_test_setup(configurations, start),
        cmocka_unit_test_setup(boot_commands, start),
        cmocka_unit_test_setup(shell_lines, start),
        cmocka_unit_test_setup(keys, start),
        cmocka_unit_test(mapped_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
