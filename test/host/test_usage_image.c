/* sources: src/kernel/usage/image.c src/common/string.c src/common/copy.c */
/* The ELF file of a page-usage module: a right one, and each field wrong. */
#include "kernel/usage/image.h"

#include "host.h"
#include "abi/layout.h"
#include "kernel/usage/contract.h"
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define BYTES 0x3000u

static struct {
    Elf32_Ehdr h;
    Elf32_Phdr p[12];
    uint8_t rest[BYTES - sizeof(Elf32_Ehdr) - 12 * sizeof(Elf32_Phdr)];
} file;
static struct usage_image image;

static int begin(void **state)
{
    (void)state;
    memset(&file, 0, sizeof file);
    memcpy(file.h.e_ident, "\177ELF\1\1\1", 7);
    file.h.e_type = ET_EXEC;
    file.h.e_machine = EM_386;
    file.h.e_entry = USAGE_MODULE + 0x1100;
    file.h.e_phoff = sizeof file.h;
    file.h.e_phentsize = sizeof(Elf32_Phdr);
    file.h.e_phnum = 2;
    file.p[0] = (Elf32_Phdr){
        .p_type = PT_LOAD, .p_offset = 0x1000, .p_vaddr = USAGE_MODULE, .p_filesz = 0x1200, .p_memsz = 0x1200};
    file.p[1] = (Elf32_Phdr){
        .p_type = PT_LOAD, .p_offset = 0x2200, .p_vaddr = USAGE_MODULE + 0x2000, .p_filesz = 0x100, .p_memsz = 0x5000};
    return 0;
}

static const char *check(uint32_t bytes)
{
    uint8_t *exact = malloc(bytes); /* so that one byte too far is noticed */
    memcpy(exact, &file, bytes);
    const char *why = usage_image_check(exact, bytes, &image);
    free(exact);
    return why;
}

static void a_right_one(void **state)
{
    (void)state;
    assert_null(check(BYTES));
    assert_int_equal(image.start, USAGE_MODULE);
    assert_int_equal(image.end, USAGE_MODULE + 0x7000);
    assert_int_equal(image.entry, USAGE_MODULE + 0x1100);
    assert_int_equal(image.segments, 2);
    assert_int_equal(image.segment[1].to, USAGE_MODULE + 0x2000);
    assert_int_equal(image.segment[1].offset, 0x2200);
    assert_int_equal(image.segment[1].bytes, 0x100);
}

static void every_length(void **state)
{
    (void)state;
    for (uint32_t bytes = 0; bytes < BYTES; bytes++)
        assert_true((check(bytes) == NULL) == (bytes >= 0x2300));
}

#define WRONG(field, value)            \
    do {                               \
        begin(NULL);                   \
        file.field = (value);          \
        assert_non_null(check(BYTES)); \
    } while (0)

static void wrong_fields(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 7; i++)
        WRONG(h.e_ident[i], 0xEE);
    WRONG(h.e_type, ET_DYN);
    WRONG(h.e_machine, EM_X86_64);
    WRONG(h.e_phentsize, 31);
    WRONG(h.e_phoff, BYTES - 63);
    WRONG(h.e_phoff, 0xFFFFFFF0);
    WRONG(h.e_phnum, 0xFFFF);
    WRONG(h.e_phnum, 0);
    WRONG(p[0].p_offset, 0xFFFFF000);
    WRONG(p[0].p_filesz, 0x1201);
    WRONG(p[1].p_filesz, 0xFFFFFFFF);
    WRONG(p[0].p_vaddr, USAGE_MODULE - 0x1000);
    WRONG(p[1].p_vaddr, USAGE_MODULE + USAGE_MODULE_BYTES - 0x4FFF);
    WRONG(p[1].p_memsz, USAGE_MODULE_BYTES);
    WRONG(p[1].p_memsz, 0xFFFFFFFF);
    WRONG(h.e_entry, USAGE_MODULE + 0x1101);
    WRONG(h.e_entry, USAGE_MODULE - 4);
    WRONG(h.e_entry, USAGE_MODULE + 0x7004 - (uint32_t)sizeof(struct usage_module));
    WRONG(h.e_entry, 0xFFFFFFFC);
}

static void too_many_segments(void **state)
{
    (void)state;
    for (unsigned i = 2; i < 9; i++)
        file.p[i] = file.p[0];
    file.h.e_phnum = USAGE_SEGMENTS;
    assert_null(check(BYTES));
    file.h.e_phnum = USAGE_SEGMENTS + 1;
    assert_non_null(check(BYTES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_right_one, begin),
        cmocka_unit_test_setup(every_length, begin),
        cmocka_unit_test_setup(wrong_fields, begin),
        cmocka_unit_test_setup(too_many_segments, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
