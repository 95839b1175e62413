/* sources: test/host/inputs.c src/common/archive.c src/kernel/boot/multiboot.c src/kernel/boot/memory_map.c src/kernel/boot/modules.c src/kernel/boot/command_line.c src/common/string.c src/common/copy.c */
/* What the machine was booted with, against mutations of a right one: the archive, and what the boot loader left. */
#include "kernel/boot/multiboot.h"

#include "host.h"
#include "inputs.h"
#include "common/archive.h"
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int start(void **state)
{
    random_state = 22;
    return inputs_start(state);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(archives, start),
        cmocka_unit_test_setup(boot_loaders, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
