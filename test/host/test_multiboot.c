/* sources: src/kernel/boot/multiboot.c src/kernel/boot/memory_map.c src/kernel/boot/modules.c src/kernel/boot/command_line.c src/common/string.c src/common/copy.c */
/* What a boot loader left in memory, read from a made-up physical memory: right ones, and each way to be wrong. */
#include "kernel/boot/multiboot.h"

#include "host.h"
#include "random.h"
#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 0x400000u
#define RANDOM_ROUNDS 6000u
#define INFO 0x10000u
#define MAP 0x11000u
#define MODULES 0x12000u
#define TEXTS 0x13000u
#define KERNEL_FIRST 0x100u
#define KERNEL_END 0x140u

enum field { FLAGS = 0, LOWER = 1, UPPER = 2, LINE = 4, COUNT = 5, MODS = 6, MAP_BYTES = 11, MAP_AT = 12 };

static uint8_t *bytes;
static uint32_t text_at;
static struct boot_info boot;
static struct refusal no;

static void put(uint32_t at, const void *from, size_t length) { memcpy(bytes + at, from, length); }
static void word(uint32_t at, uint32_t value) { put(at, &value, 4); }
static void field(enum field f, uint32_t value) { word(INFO + 4 * (uint32_t)f, value); }

static uint32_t text(const char *t)
{
    uint32_t at = text_at;
    put(at, t, strlen(t) + 1);
    text_at += (uint32_t)strlen(t) + 1;
    return at;
}

static uint32_t map_entry(uint32_t at, uint64_t base, uint64_t length, uint32_t type)
{
    word(at, 20);
    put(at + 4, &base, 8);
    put(at + 12, &length, 8);
    word(at + 20, type);
    return at + 24;
}

static void map_of(const uint64_t (*rows)[3], uint32_t count)
{
    uint32_t at = MAP;
    for (uint32_t i = 0; i < count; i++)
        at = map_entry(at, rows[i][0], rows[i][1], (uint32_t)rows[i][2]);
    field(MAP_BYTES, at - MAP);
}

static void module(uint32_t i, uint32_t start, uint32_t end, const char *name)
{
    word(MODULES + 16 * i, start);
    word(MODULES + 16 * i + 4, end);
    word(MODULES + 16 * i + 8, text(name));
    word(MODULES + 16 * i + 12, 0);
}

/* A machine of 16 MiB with all three modules. */
static int plain(void **state)
{
    static const uint64_t rows[][3] = {{0, 0x9FC00, 1}, {0x9FC00, 0x400, 2}, {0x100000, 0xF00000, 1}};
    (void)state;
    bytes = calloc(1, MEMORY_BYTES);
    text_at = TEXTS;
    map_of(rows, 3);
    field(FLAGS, 1u << 0 | 1u << 2 | 1u << 3 | 1u << 6);
    field(MAP_AT, MAP);
    field(LINE, text("readahead=8 debug=panic"));
    field(COUNT, 3);
    field(MODS, MODULES);
    module(0, 0x140000, 0x143210, "usage lru");
    module(1, 0x144000, 0x200001, "/boot/boot.tar archive");
    module(2, 0x201000, 0x201010, "commands");
    uint16_t ebda = 0x9FC0;
    put(0x40E, &ebda, 2);
    return 0;
}

static int done(void **state)
{
    (void)state;
    free(bytes);
    return 0;
}

static bool read_it(void)
{
    struct physical memory = {bytes, MEMORY_BYTES};
    return multiboot_read(&memory, INFO, (struct frame_range){KERNEL_FIRST, KERNEL_END}, &boot, &no);
}

static void refuses(const char *what, const char *why)
{
    assert_false(read_it());
    assert_string_equal(no.what, what);
    if (strstr(no.why, why) == NULL)
        fail_msg("\"%s\" says nothing of \"%s\"", no.why, why);
}

static bool is_taken(uint32_t frame)
{
    for (uint32_t i = 0; i < boot.map.taken_count; i++)
        if (frame >= boot.map.taken[i].first && frame < boot.map.taken[i].end)
            return true;
    return false;
}

static void a_whole_machine(void **state)
{
    (void)state;
    assert_true(read_it());
    assert_int_equal(boot.map.ram_count, 2);
    assert_int_equal(boot.map.ram[0].end, 0x9F);
    assert_int_equal(boot.map.ram[1].first, 0x100);
    assert_int_equal(boot.map.ram[1].end, 0x1000);
    assert_int_equal(boot.ram_above, 0);
    assert_int_equal(boot.readahead, 8);
    assert_int_equal(boot.breakage, BREAKAGE_PANIC);
    assert_string_equal(boot.policy, "lru");
    assert_int_equal(boot.usage.start, 0x140000);
    assert_int_equal(boot.usage.bytes, 0x3210);
    assert_int_equal(boot.archive.bytes, 0xBC001);
    assert_int_equal(boot.commands.bytes, 16);
}

static void what_is_taken(void **state)
{
    static const uint32_t taken[] = {0, 0x9F, 0xA0, 0xFF, 0x100, 0x13F, 0x140, 0x143, 0x144, 0x200, 0x201};
    static const uint32_t free_ones[] = {1, 0x9E, 0x202, 0xFFF};
    (void)state;
    assert_true(read_it());
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        assert_true(is_taken(taken[i]));
    for (size_t i = 0; i < sizeof free_ones / sizeof *free_ones; i++)
        assert_false(is_taken(free_ones[i]));
}

static void defaults(void **state)
{
    (void)state;
    field(LINE, text(""));
    field(COUNT, 2);
    assert_true(read_it());
    assert_int_equal(boot.readahead, BOOT_READAHEAD_DEFAULT);
    assert_int_equal(boot.breakage, BREAKAGE_NONE);
    assert_int_equal(boot.commands.bytes, 0);
}

static void ram_is_rounded_inwards_and_cut_at_the_limit(void **state)
{
    static const uint64_t rows[][3] = {{0x100001, 0xEFFFFE, 1},         /* inwards at both ends */
                                       {0x1000800, 0x400, 1},           /* less than a frame */
                                       {0xB0000000, 0x20000000, 1},     /* across 3 GiB */
                                       {0x100000000, 0x40000000, 1},    /* above 4 GiB */
                                       {0xFFFFFFFFFFFFF000, 0x2000, 1}, /* wraps around */
                                       {0x200000, 0x1800, 3}};          /* not RAM, inside RAM: wins, outwards */
    (void)state;
    map_of(rows, 6);
    assert_true(read_it());
    assert_int_equal(boot.map.ram_count, 2);
    assert_int_equal(boot.map.ram[0].first, 0x101);
    assert_int_equal(boot.map.ram[0].end, 0xFFF);
    assert_int_equal(boot.map.ram[1].first, 0xB0000);
    assert_int_equal(boot.map.ram[1].end, 0xC0000);
    assert_true(boot.ram_above == 0x10000000u + 0x40000000u + 0xFFFu);
    assert_true(is_taken(0x200) && is_taken(0x201) && !is_taken(0x202));
}

static void a_machine_without_a_map(void **state)
{
    (void)state;
    field(FLAGS, 1u << 0 | 1u << 3);
    field(LOWER, 640);
    field(UPPER, 15 * 1024);
    assert_true(read_it());
    assert_int_equal(boot.map.ram[0].end, 0xA0);
    assert_int_equal(boot.map.ram[1].end, 0x1000);
    field(FLAGS, 1u << 3);
    refuses("memory", "no memory map");
}

static void too_little_or_broken_memory(void **state)
{
    static const uint64_t small[][3] = {{0, 0x9F000, 1}, {0x100000, 0x500000, 1}};
    (void)state;
    map_of(small, 2);
    refuses("memory", "KiB of RAM");
    word(MAP, 3);
    refuses("memory", "entry of 3 bytes");
    word(MAP, 0xFFFFFFFC); /* its step is 0 */
    refuses("memory", "entry of");
    word(MAP, 20);
    field(MAP_BYTES, 30); /* the second one is cut */
    refuses("memory", "entry of");
    field(MAP_AT, MEMORY_BYTES - 10);
    refuses("memory", "leaves memory");
    field(MAP_AT, 0xFFFFFFF0);
    refuses("memory", "leaves memory");
}

static void too_many_ranges(void **state)
{
    uint32_t at = MAP;
    (void)state;
    for (uint32_t i = 0; i < 70; i++)
        at = map_entry(at, 0x100000 + i * 0x2000u, 0x1000, 1);
    field(MAP_BYTES, at - MAP);
    refuses("memory", "ranges of RAM");
}

static void information_out_of_reach(void **state)
{
    struct physical memory = {bytes, MEMORY_BYTES};
    (void)state;
    assert_false(multiboot_read(&memory, MEMORY_BYTES - 8, (struct frame_range){0, 0}, &boot, &no));
    assert_string_equal(no.what, "memory");
    assert_false(multiboot_read(&memory, 0xFFFFFFFC, (struct frame_range){0, 0}, &boot, &no));
}

static void modules_that_are_missing(void **state)
{
    (void)state;
    field(COUNT, 0);
    refuses("module", "usage");
    field(COUNT, 1);
    refuses("module", "archive");
    field(COUNT, 3);
    module(1, 0, 0, "archive"); /* empty: some loaders put it at 0 */
    refuses("module", "archive");
    field(COUNT, 2);
    field(FLAGS, 1u << 6);
    refuses("module", "usage");
}

static void modules_that_are_wrong(void **state)
{
    (void)state;
    module(2, 0x201000, 0x201010, "surprise");
    refuses("module", "surprise");
    module(2, 0x201000, 0x201010, "");
    refuses("module", "without a name");
    module(2, 0x201000, 0x201010, "usage fifo");
    refuses("module", "twice");
    module(2, 0x300000, MEMORY_BYTES + 1, "commands");
    refuses("module", "out of reach");
    module(2, 0x300000, 0x2FFFFF, "commands");
    refuses("module", "out of reach");
    module(2, 0xFFFFFFF0, 0x10, "commands");
    refuses("module", "out of reach");
    module(0, 0x140000, 0x143210, "usage");
    refuses("module", "no name");
    module(0, 0x140000, 0x143210, "usage a-name-of-seventeen");
    refuses("module", "no name");
    field(MODS, MEMORY_BYTES - 15);
    refuses("module", "list of modules");
}

static void a_module_list_longer_than_memory(void **state)
{
    (void)state;
    field(COUNT, 0xFFFFFFFF);
    word(MODULES + 48, 0x202000); /* the fourth has no name that is known */
    assert_false(read_it());
    assert_string_equal(no.what, "module");
}

static void command_lines_that_are_wrong(void **state)
{
    static const char *const wrong[] = {"readahead",
                                        "readahead=",
                                        "readahead=x",
                                        "readahead=65",
                                        "readahead=-1",
                                        "debug=",
                                        "debug=paniC",
                                        "debug",
                                        "quiet",
                                        "a=b",
                                        "=",
                                        "readahead=4 x=/y",
                                        "readahead=4 a/b",
                                        "readahead=4294967296"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        text_at = TEXTS + 0x100;
        field(LINE, text(wrong[i]));
        refuses("command line", "");
    }
}

static void command_lines_that_are_right(void **state)
{
    static const char *const right[] = {"readahead=0", "  readahead=0  ", "build/apteryx.elf readahead=0",
                                        "/k readahead=0"};
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        field(LINE, text(right[i]));
        assert_true(read_it());
        assert_int_equal(boot.readahead, 0);
    }
}

static void texts_without_an_end(void **state)
{
    (void)state;
    memset(bytes + TEXTS + 0x1000, 'x', 400);
    field(LINE, TEXTS + 0x1000);
    refuses("command line", "letters");
    bytes[MEMORY_BYTES - 1] = 'x';
    field(LINE, MEMORY_BYTES - 1);
    refuses("command line", "letters");
    field(LINE, 0xFFFFFFFF);
    refuses("command line", "letters");
}

/* Any bytes at all: an answer, never a stray access (the sanitizers watch). */
static void random_bytes(void **state)
{
    uint32_t accepted = 0;
    (void)state;
    random_state = 1;
    for (uint32_t round = 0; round < RANDOM_ROUNDS; round++) {
        plain(NULL);
        for (int i = 0; i < 6; i++) {
            uint32_t at = INFO + below(0x3100u), how = below(8);
            bytes[at] = (uint8_t)(how == 0 ? 0 : how == 1 ? 0xFF : below(256));
        }
        accepted += read_it();
        free(bytes);
    }
    bytes = NULL;
    assert_true(accepted > 0 && accepted < RANDOM_ROUNDS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, plain, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_machine),
        TEST(what_is_taken),
        TEST(defaults),
        TEST(ram_is_rounded_inwards_and_cut_at_the_limit),
        TEST(a_machine_without_a_map),
        TEST(too_little_or_broken_memory),
        TEST(too_many_ranges),
        TEST(information_out_of_reach),
        TEST(modules_that_are_missing),
        TEST(modules_that_are_wrong),
        TEST(a_module_list_longer_than_memory),
        TEST(command_lines_that_are_wrong),
        TEST(command_lines_that_are_right),
        TEST(texts_without_an_end),
        cmocka_unit_test_setup_teardown(random_bytes, NULL, NULL),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
