/* sources: test/host/fake_paging.c test/host/fake_machine.c src/apps/refstring/string.c src/kernel/frames/frames*.c src/kernel/linear/[a-z]*.c src/kernel/pager/[!s]*.c src/kernel/pager/swap.c src/common/string.c src/common/copy.c */
/* Goes on where a machine was stopped: the host model of refstring.
 *
 *     resume MEMORY STRING SWAP_BLOCKS NAME=ADDRESS…
 *
 * MEMORY is the machine's RAM, taken when refstring had written its first word; NAME=ADDRESS say where the kernel's
 * `pool`, `space_pages`, `usage`, `usage_table` and `zero_page` stand. The page-usage module in that memory, the very
 * binary, runs here; around it the kernel's own rooms, compiled for the host, with a processor and a swap server of the
 * test's.
 * Says what refstring should say: page_ins=N faults_soft=N swap_in=N lost=N. */
#include "apps/refstring/string.h"
#include "common/assert.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "kernel/frames/pool.h"
#include "kernel/pager/inside.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define START_PAGE 0x10000u /* apps/refstring/main.c */
#define STAMP 0x9E3779B1u
#define WRITE_EVERY 4u
#define SPACES_PER_PAGE (PAGE_BYTES / sizeof(struct space *))

static struct space ***space_pages; /* the machine's own: its pointers are right, since RAM lies where it lay */
static uint32_t spaces_found;

/* ---- the machine's spaces, in the place of pager/spaces.c ---- */

struct space *pager_space_or_null(uint32_t id)
{
    struct space **page = space_pages[id / SPACES_PER_PAGE];
    return page ? page[id % SPACES_PER_PAGE] : NULL;
}

struct space *pager_space(uint32_t id)
{
    assert(pager_space_or_null(id) != NULL);
    return pager_space_or_null(id);
}

uint32_t pager_space_count(void) { return spaces_found; }

static struct process *process_named(const char *name)
{
    struct process *found = NULL;
    spaces_found = 0;
    for (uint32_t id = 1; id < 0x10000u; id++) {
        struct process *process = (struct process *)(void *)pager_space_or_null(id);
        _Static_assert(offsetof(struct process, space) == 0, "a space is the first of its process");
        spaces_found += process != NULL;
        if (process && strcmp(process->name, name) == 0)
            found = process;
    }
    if (!found)
        fprintf(stderr, "resume: no process %s in that memory\n", name);
    return found;
}

/* ---- loading ---- */

static uint32_t symbol(int argc, char **argv, const char *name)
{
    for (int i = 4; i < argc; i++) {
        size_t length = strlen(name);
        if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=')
            return (uint32_t)strtoul(argv[i] + length + 1, NULL, 16);
    }
    fprintf(stderr, "resume: no address of %s\n", name);
    exit(2);
}

static void *map_at(uintptr_t at, size_t bytes, int protection, int file)
{
    int flags = MAP_PRIVATE | MAP_FIXED_NOREPLACE | (file < 0 ? MAP_ANONYMOUS : 0);
    void *got = mmap((void *)at, bytes, protection, flags, file, 0);
    if (got != (void *)at) {
        perror("resume: mmap");
        exit(2);
    }
    return got;
}

static uint32_t memory_map(const char *path)
{
    struct stat about;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about) != 0) {
        perror(path);
        exit(2);
    }
    map_at(DIRECT_MAP, (size_t)about.st_size, PROT_READ | PROT_WRITE, file);
    close(file);
    return (uint32_t)about.st_size / PAGE_BYTES;
}

static void module_map(const pte_t *table)
{
    uint8_t *to = map_at(USAGE_MODULE, TABLE_SPAN_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, -1);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
        if (pte_present(table[i]))
            memcpy(to + i * PAGE_BYTES, frame_pointer(pte_frame(table[i])), PAGE_BYTES);
}

static void start_nothing(const struct usage_setup *setup) { (void)setup; }
static uint32_t map_one_page(uint32_t blocks) { return blocks ? PAGE_BYTES : 0; }
static void map_nothing(uint32_t blocks, void *memory) { (void)blocks, (void)memory; }

/* The pager gets its numbers from the same RAM as it did there, but the module goes on as it was. */
static void pager_resume(const struct frame_pool *machine, const struct usage_module *module, uint32_t blocks)
{
    static const struct usage_module once = {
        .start = start_nothing, .map_bytes = map_one_page, .map_start = map_nothing};
    size_t bytes = machine->end * sizeof *machine->records;
    struct frame_record *records = malloc(bytes);
    memcpy(records, machine->records, bytes);
    pool = *machine;
    pager_start(&once, 0);
    err_t error = pager_swap_register(fake_swap_port(), blocks);
    assert(error == OK);
    pool = *machine; /* what those two took of it was taken there too */
    memcpy(pool.records, records, bytes);
    free(records);
    usage = module;
}

/* ---- refstring ---- */

static uint32_t stamp(uint32_t page) { return page * STAMP + 1u; }

static uint32_t *words_of(uint32_t page, bool write)
{
    void *content = NULL;
    bool can = fake_touch((page_t){START_PAGE + page}, write, &content);
    assert(can);
    return content;
}

static void fill(void)
{
    for (uint32_t page = 0; page < STRING_PAGES; page++) {
        words_of(page, true)[0] = stamp(page);
        words_of(page, true)[1] = 0;
    }
}

static uint32_t refer(struct string *s)
{
    uint32_t lost = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t page = string_next(s);
        lost += words_of(page, false)[0] != stamp(page);
        if (i % WRITE_EVERY == 0)
            words_of(page, true)[1]++;
    }
    return lost;
}

int main(int argc, char **argv)
{
    static uint32_t weights[STRING_PAGES];
    struct string s;
    if (argc < 9 || !string_start(&s, argv[2][0], weights)) {
        fprintf(stderr, "usage: resume MEMORY a|b|c|d SWAP_BLOCKS NAME=ADDRESS...\n");
        return 2;
    }
    uint32_t frames = memory_map(argv[1]), blocks = (uint32_t)strtoul(argv[3], NULL, 10);
    fake_paging_start((void *)DIRECT_MAP, frames);
    space_pages = (struct space ***)symbol(argc, argv, "space_pages");
    module_map((const pte_t *)symbol(argc, argv, "usage_table"));
    pager_resume((const struct frame_pool *)symbol(argc, argv, "pool"),
                 *(const struct usage_module **)symbol(argc, argv, "usage"), blocks);
    zero_page = *(const frame_t *)symbol(argc, argv, "zero_page"); /* tables of servers that idle show it */
    struct process *program = process_named("refstring"), *server = process_named("memswap");
    if (!program || !server)
        return 2;
    fake_machine_start(program, server, calloc(blocks, PAGE_BYTES));
    fill();
    struct info before = *info_page();
    uint32_t lost = refer(&s);
    const struct info *now = info_page();
    printf("page_ins=%u faults_soft=%u swap_in=%u lost=%u\n", now->faults_swap - before.faults_swap,
           now->faults_soft - before.faults_soft, now->swap_in - before.swap_in, lost);
    return lost != 0;
}
