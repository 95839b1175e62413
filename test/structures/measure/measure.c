/* measure [MOST]: every structure in every layout, at 10, 100, 2,000 and 20,000 mappings, as far as MOST.
 *
 * One line each, after a line that names the columns: for each operation the words touched and, behind a slash, the
 * different 64-byte lines, both as means; bytes and page tables at the end of the build. */
#include "count.h"
#include "memory.h"
#include "structure.h"
#include "workload.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAPPINGS_MOST 20000u
#define HOLE_MOST 16u  /* pages: most gaps have room for it */
#define HOLE_FAR 1024u /* hardly any gap has */
#define OVERLAP_MOST 16u
#define LARGE_PAGES 16384u /* 64 MiB, beginning and ending inside a table */
#define LARGE_FIRST (LAYOUT_END + TABLE_ENTRIES / 2)
#define ROUNDS 1000u
#define ROUNDS_OF_MOST 100u
#define RARE 8u /* the dear searches: so many, evenly among the rounds */

static const uint32_t sizes[] = {10, 100, 2000, MAPPINGS_MOST};

#define OPERATIONS(X) X(build) X(look_up) X(insert) X(delete) X(overlap) X(hole) X(hole_far) X(large)
#define OPERATION_ENUM(name) DO_##name,
enum operation { OPERATIONS(OPERATION_ENUM) OPERATION_COUNT };
#undef OPERATION_ENUM

struct sum {
    uint64_t words, lines;
    uint32_t times;
};
static struct sum sums[OPERATION_COUNT];

static struct region regions[MAPPINGS_MOST];
static uint32_t order[MAPPINGS_MOST];

_Noreturn void assert_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(1);
}

static void must(bool right, const char *name, const char *what)
{
    if (right)
        return;
    fprintf(stderr, "measure: %s: %s\n", name, what);
    exit(1);
}

static void counted(enum operation operation, uint32_t times)
{
    struct count count = count_stop();
    sums[operation].words += count.words;
    sums[operation].lines += count.lines;
    sums[operation].times += times;
}

static void build(const struct structure *s, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        count_start();
        must(s->insert(&regions[order[i]]), s->name, "a mapping of the layout was refused");
        counted(DO_build, 1);
    }
}

static void look_up(const struct structure *s, uint32_t count)
{
    const struct region *r = &regions[workload_below(count)];
    page_t page = {r->first.n + workload_below(r->end.n - r->first.n)};
    count_start();
    enum entry_kind kind = s->kind_at(page);
    counted(DO_look_up, 1);
    must(kind == r->kind, s->name, "wrong kind");
}

static void delete_and_insert(const struct structure *s, uint32_t count)
{
    const struct region *r = &regions[workload_below(count)];
    count_start();
    s->remove(r);
    counted(DO_delete, 1);
    count_start();
    bool inserted = s->insert(r);
    counted(DO_insert, 1);
    must(inserted, s->name, "what was deleted cannot be inserted again");
}

static page_t any_page(uint32_t count)
{
    uint32_t first = regions[0].first.n;
    return (page_t){first + workload_below(regions[count - 1].end.n - first)};
}

static void overlap(const struct structure *s, uint32_t count)
{
    page_t first = any_page(count), end = {first.n + 1 + workload_below(OVERLAP_MOST)};
    count_start();
    (void)s->overlaps(first, end);
    counted(DO_overlap, 1);
}

static void hole(const struct structure *s, uint32_t count)
{
    uint32_t pages = 1 + workload_below(HOLE_MOST);
    page_t from = any_page(count);
    count_start();
    page_t found = s->find_hole(pages, from);
    counted(DO_hole, 1);
    must(found.n < USER_PAGES, s->name, "no hole");
}

static void hole_far(const struct structure *s)
{
    count_start();
    page_t found = s->find_hole(HOLE_FAR, regions[0].first);
    counted(DO_hole_far, 1);
    must(found.n < USER_PAGES, s->name, "no hole");
}

static void large(const struct structure *s)
{
    const struct region r = {{LARGE_FIRST}, {LARGE_FIRST + LARGE_PAGES}, ENTRY_ON_DEMAND};
    count_start();
    must(s->insert(&r), s->name, "the large mapping was refused");
    s->remove(&r);
    counted(DO_large, 1);
}

static void rounds(const struct structure *s, uint32_t count)
{
    uint32_t many = count < MAPPINGS_MOST ? ROUNDS : ROUNDS_OF_MOST;
    for (uint32_t i = 0; i < many; i++) {
        look_up(s, count);
        delete_and_insert(s, count);
        overlap(s, count);
        hole(s, count);
        if (i % (many / RARE) == 0) {
            hole_far(s);
            large(s);
        }
    }
}

static void print_sum(const struct sum *sum)
{
    printf("\t%.1f/%.1f", (double)sum->words / sum->times, (double)sum->lines / sum->times);
}

/* Page tables of the processor's that are there, and that there will be when every page has been touched. */
static void print_memory(const struct structure *s, uint32_t count)
{
    uint32_t frames = s->frames ? s->frames() : 0, pages = 0, spans = 0, last = USER_DIRECTORY_ENTRIES;
    for (uint32_t i = 0; i < count; i++) {
        pages += regions[i].end.n - regions[i].first.n;
        for (uint32_t at = page_directory_index(regions[i].first); at * TABLE_ENTRIES < regions[i].end.n; at++) {
            spans += at != last;
            last = at;
        }
    }
    printf("\t%u\t%u\t%u\t%u\n", pages, memory_in_use() - frames * PAGE_BYTES, frames ? frames - 1 : 0, spans);
}

static void measure(const struct layout *layout, const struct structure *s, uint32_t count)
{
    memset(sums, 0, sizeof sums);
    memory_start();
    workload_start(count); /* the same questions for every structure */
    layout->make(regions, count);
    must(regions[count - 1].end.n <= LAYOUT_END, layout->name, "too large");
    workload_order(layout, order, count);
    s->start(count + 1);
    build(s, count);
    printf("%s\t%s\t%u", layout->name, s->name, count);
    rounds(s, count);
    for (uint32_t i = 0; i < OPERATION_COUNT; i++)
        print_sum(&sums[i]);
    print_memory(s, count);
}

int main(int argc, char **argv)
{
    uint32_t most = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : MAPPINGS_MOST;
#define OPERATION_NAME(name) "\t" #name
    puts("layout\tstructure\tmappings" OPERATIONS(OPERATION_NAME) "\tpages\tbytes\ttables\tspans");
#undef OPERATION_NAME
    for (uint32_t l = 0; l < layout_count; l++)
        for (uint32_t i = 0; i < STRUCTURE_COUNT; i++)
            for (uint32_t n = 0; n < sizeof sizes / sizeof *sizes && sizes[n] <= most; n++)
                measure(&layouts[l], structures[i], sizes[n]);
    return 0;
}
