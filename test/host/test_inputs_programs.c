/* sources: test/host/inputs.c src/common/elf.c src/kernel/usage/image.c src/common/string.c src/common/copy.c */
/* Executables against mutations of a right one: programs, and modules that the kernel loads. */
#include "common/elf.h"

#include "host.h"
#include "inputs.h"
#include "abi/layout.h"
#include "abi/program.h"
#include "kernel/usage/contract.h"
#include "kernel/usage/image.h"
#include "random.h"
#include <elf.h>
#include <stdlib.h>
#include <string.h>

static int start(void **state)
{
    random_state = 21;
    return inputs_start(state);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(programs, start),
        cmocka_unit_test_setup(modules, start),
        cmocka_unit_test(mapped_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
