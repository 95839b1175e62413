/* sources: src/kernel/linear/space.c src/kernel/linear/own.c src/kernel/linear/hole.c src/kernel/linear/query.c src/kernel/linear/lend.c src/kernel/linear/verdict.c test/host/fake_paging.c test/host/fault_table.c */
/* The linear room against a plain model: what each page is, kept in an array; random operations on two spaces of which
 * one is loaded; after each, entries, directories, counts and the TLB must agree with the model. */
#include "kernel/linear/linear.h"

#include "fake_paging.h"
#include "fault_table.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 64u
#define OPERATIONS 150000u
#define SPANS 5u
#define SPACES 2u

/* The 4 MiB of which more than NONE is known: three neighbours, one apart, and the last of process space. */
static const uint32_t span_index[SPANS] = {0, 1, 2, 5, USER_DIRECTORY_ENTRIES - 1};

struct cell { /* one page; for a span without a table its first cell stands for all */
    enum entry_kind kind;
    uint32_t number; /* frame or block */
    bool write, accessed, dirty;
};
struct span {
    bool table;
    struct cell cell[TABLE_ENTRIES];
};
static struct span model[SPACES][SPANS];
static struct space spaces[SPACES];

static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static frame_t free_frames[FRAMES];
static uint32_t free_count;

/* ---- the model ---- */

static struct span *span_of(uint32_t s, uint32_t page)
{
    for (uint32_t i = 0; i < SPANS; i++)
        if (span_index[i] == page / TABLE_ENTRIES)
            return &model[s][i];
    return NULL;
}

static struct cell cell_of(uint32_t s, uint32_t page, bool *at_directory)
{
    const struct span *span = span_of(s, page);
    *at_directory = !span || !span->table;
    if (!span)
        return (struct cell){.kind = ENTRY_NONE};
    return span->cell[span->table ? page % TABLE_ENTRIES : 0];
}

static bool is_text(const struct space *space, uint32_t page)
{
    return page >= space->text.first.n && page < space->text.end.n;
}

static pte_t word_of(const struct cell *c)
{
    struct protection p = {.write = c->write, .user = true, .uncached = c->kind == ENTRY_SPECIAL};
    pte_t e;
    switch ((int)c->kind) {
    case ENTRY_NONE:
        return pte_none();
    case ENTRY_ON_DEMAND:
        return pte_on_demand();
    case ENTRY_GUARD:
        return pte_guard();
    case ENTRY_SWAP:
        return pte_swap((block_t){c->number});
    case ENTRY_TRANSIT:
        return pte_transit((frame_t){c->number});
    default:
        e = pte_make(c->kind, (frame_t){c->number}, p);
        e = c->dirty ? pte_as_dirty(e) : e;
        return (pte_t){e.w | ENTRY_PUT(c->accessed, ACCESSED)};
    }
}

/* ---- operations ---- */

static frame_t frame_give(void)
{
    assert_true(free_count > 0);
    return free_frames[--free_count];
}

static void table_make(uint32_t s, uint32_t page)
{
    struct span *span = span_of(s, page);
    frame_t frame = frame_give();
    memset(frame_pointer(frame), 0xA5, PAGE_BYTES);
    space_table_install(&spaces[s], (page_t){page}, frame);
    for (uint32_t i = 1; i < TABLE_ENTRIES; i++)
        span->cell[i] = span->cell[0];
    span->table = true;
}

/* The entry that an operation stores, and the one that it must find there. */
static void put(uint32_t s, uint32_t page, struct cell c)
{
    struct cell *cell = &span_of(s, page)->cell[page % TABLE_ENTRIES];
    pte_t was = space_exchange(&spaces[s], (page_t){page}, word_of(&c));
    assert_int_equal(was.w, word_of(cell).w);
    *cell = c;
}

static uint32_t any_page(void)
{
    uint32_t page = below(8) ? below(24) : below(TABLE_ENTRIES);
    return span_index[below(SPANS)] * TABLE_ENTRIES + (below(2) ? page : TABLE_ENTRIES - 1 - page);
}

static struct page_range any_range(void)
{
    uint32_t first = any_page(), end = below(3) ? first + 1 + below(40) : any_page() + 1;
    if (below(8) == 0) { /* whole directory entries */
        first -= first % TABLE_ENTRIES;
        end = first + TABLE_ENTRIES * (1 + below(3));
    }
    if (end <= first)
        end = first + 1;
    return (struct page_range){{first}, {end > USER_PAGES ? USER_PAGES : end}};
}

static void span_set_whole(uint32_t s, uint32_t page, enum entry_kind kind)
{
    struct span *span = span_of(s, page);
    frame_t table;
    for (uint32_t i = 0; span->table && i < TABLE_ENTRIES; i++)
        put(s, page + i, (struct cell){.kind = kind});
    bool had_table = space_table_remove(&spaces[s], (page_t){page}, kind, &table);
    assert_int_equal(had_table, span->table);
    if (had_table)
        free_frames[free_count++] = table;
    span->table = false;
    span->cell[0] = (struct cell){.kind = kind};
}

static void range_set(uint32_t s)
{
    static const enum entry_kind kinds[] = {ENTRY_NONE, ENTRY_ON_DEMAND, ENTRY_GUARD};
    enum entry_kind kind = kinds[below(3)];
    struct page_range range = any_range();
    for (uint32_t page = range.first.n; page < range.end.n;) {
        struct span *span = span_of(s, page);
        uint32_t next = (page / TABLE_ENTRIES + 1) * TABLE_ENTRIES;
        if (!span) {
            page = next;
        } else if (page % TABLE_ENTRIES == 0 && next <= range.end.n) {
            span_set_whole(s, page, kind);
            page = next;
        } else {
            if (!span->table)
                table_make(s, page);
            put(s, page++, (struct cell){.kind = kind});
        }
    }
}

static void map_something(uint32_t s, uint32_t page)
{
    static const enum entry_kind kinds[] = {ENTRY_NORMAL, ENTRY_NORMAL, ENTRY_NORMAL,  ENTRY_LOCKED,
                                            ENTRY_DMA,    ENTRY_COW,    ENTRY_SPECIAL, ENTRY_SHARED};
    struct cell c = {.kind = kinds[below(8)], .number = below(FRAME_COUNT_MAX)};
    struct protection p = space_protection(&spaces[s], (page_t){page});
    assert_int_equal(p.write, !is_text(&spaces[s], page));
    assert_true(p.user && !p.global && !p.uncached);
    c.write = p.write && c.kind != ENTRY_COW && (c.kind != ENTRY_SHARED || below(2));
    if (!span_of(s, page)->table)
        table_make(s, page);
    put(s, page, c);
}

/* One lawful step of the page's life, whatever it is now. */
static void page_moves_on(uint32_t s, uint32_t page)
{
    bool at_directory;
    struct cell c = cell_of(s, page, &at_directory);
    if (at_directory) {
        table_make(s, page);
    } else if (c.kind == ENTRY_NORMAL && below(3)) {
        c.kind = ENTRY_TRANSIT;
    } else if (c.kind == ENTRY_NORMAL) {
        c.kind = ENTRY_LOCKED;
    } else if (c.kind == ENTRY_LOCKED) {
        c.kind = ENTRY_NORMAL;
    } else if (c.kind == ENTRY_TRANSIT && below(2)) {
        c = (struct cell){.kind = ENTRY_SWAP, .number = below(BLOCK_COUNT_MAX)};
    } else if (c.kind == ENTRY_SWAP) {
        c = (struct cell){.kind = ENTRY_TRANSIT, .number = below(FRAME_COUNT_MAX)};
    } else if (c.kind == ENTRY_TRANSIT || c.kind == ENTRY_ON_DEMAND || c.kind == ENTRY_COW) {
        c.kind = ENTRY_NORMAL;
        c.write = !is_text(&spaces[s], page);
    }
    if (c.kind == ENTRY_TRANSIT || c.kind == ENTRY_SWAP)
        c.write = c.accessed = c.dirty = false;
    put(s, page, c);
}

static void touch(uint32_t s, uint32_t page)
{
    bool at_directory, write = below(2);
    struct cell c = cell_of(s, page, &at_directory);
    bool lets = !at_directory && c.kind <= ENTRY_WATCHED && (!write || c.write);
    directory_load(space_directory(&spaces[s]));
    assert_int_equal(fake_access((page_t){page}, write), lets);
    if (!lets)
        return;
    struct cell *cell = &span_of(s, page)->cell[page % TABLE_ENTRIES];
    cell->accessed = true;
    cell->dirty |= write;
}

static void age(uint32_t s, uint32_t page)
{
    bool at_directory;
    struct cell c = cell_of(s, page, &at_directory);
    if (at_directory || c.kind > ENTRY_WATCHED)
        return;
    assert_int_equal(space_age(&spaces[s], (page_t){page}).w, word_of(&c).w);
    span_of(s, page)->cell[page % TABLE_ENTRIES].accessed = false;
}

/* ---- agreement ---- */

static void check_page(uint32_t s, uint32_t page)
{
    bool at_directory, seen_at;
    struct cell c = cell_of(s, page, &at_directory);
    pte_t entry = space_entry(&spaces[s], (page_t){page}, &seen_at);
    assert_int_equal(seen_at, at_directory);
    assert_int_equal(entry.w, word_of(&c).w);
    for (int a = ACCESS_READ; a <= ACCESS_EXECUTE; a++) {
        enum access access = (enum access)a;
        enum verdict wanted = fault_table_says(&spaces[s], (page_t){page}, c.kind, c.write, access);
        if (at_directory && (wanted == VERDICT_ZEROED || wanted == VERDICT_ZERO_PAGE))
            wanted = VERDICT_TABLE;
        assert_int_equal(space_verdict(&spaces[s], (page_t){page}, access), wanted);
    }
}

static void check_all(void)
{
    for (uint32_t s = 0; s < SPACES; s++) {
        const pde_t *directory = frame_pointer(space_directory(&spaces[s]));
        for (uint32_t i = 0; i < SPANS; i++)
            for (uint32_t k = 0; k < TABLE_ENTRIES; k++)
                check_page(s, span_index[i] * TABLE_ENTRIES + k);
        for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
            if (i >= USER_DIRECTORY_ENTRIES)
                assert_int_equal(directory[i].w, FAKE_KERNEL_MARK);
            else if (!span_of(s, i * TABLE_ENTRIES))
                assert_int_equal(directory[i].w, pde_none().w);
        }
    }
}

/* What can be looked at after each operation. */
static void check_quickly(uint32_t s, uint32_t page)
{
    uint32_t tables = 0, used = FRAMES - SPACES - free_count;
    check_page(s, page);
    check_page(s, any_page());
    assert_true(!space_table(&spaces[s], (page_t){page}) || space_hint_holds(&spaces[s], (page_t){page}));
    for (uint32_t i = 0; i < SPANS; i++) {
        pde_t pde = space_directory_entry(&spaces[s], (page_t){span_index[i] * TABLE_ENTRIES});
        const struct span *span = &model[s][i];
        tables += span->table;
        assert_int_equal(pde_kind(pde), span->table ? ENTRY_TABLE : span->cell[0].kind);
        assert_int_equal(space_table(&spaces[s], (page_t){span_index[i] * TABLE_ENTRIES}) != NULL, span->table);
    }
    assert_int_equal(spaces[s].tables, tables);
    assert_int_equal(spaces[0].tables + spaces[1].tables, used);
    assert_int_equal(fake_stale().n, USER_PAGES);
}

/* Maximal, ascending, without gaps, and each page of the kind that the model says. */
static void check_runs(uint32_t s, struct page_range range)
{
    static struct vm_run runs[300];
    uint32_t room = below(3) ? 300 : 1 + below(4), page = range.first.n;
    page_t stopped;
    uint32_t count = space_query(&spaces[s], range, runs, room, &stopped);
    bool at_directory = false;
    assert_in_range(count, 1, room);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(runs[i].start, page * PAGE_BYTES);
        assert_true(runs[i].bytes > 0 && runs[i].bytes % PAGE_BYTES == 0);
        if (i > 0)
            assert_true(runs[i].kind != runs[i - 1].kind || runs[i].at_directory != runs[i - 1].at_directory);
        for (uint32_t end = page + runs[i].bytes / PAGE_BYTES; page < end; page++) {
            struct cell c = cell_of(s, page, &at_directory);
            assert_int_equal(runs[i].kind, kind_to_vm(c.kind));
            assert_int_equal(runs[i].at_directory, at_directory);
        }
    }
    assert_int_equal(stopped.n, page);
    assert_true(page <= range.end.n);
    if (page == range.end.n)
        return;
    struct cell next = cell_of(s, page, &at_directory);
    bool differs = kind_to_vm(next.kind) != runs[count - 1].kind || at_directory != runs[count - 1].at_directory;
    assert_true((count == room && differs) || page - range.first.n >= SPACE_QUERY_BOUND);
}

/* What a TRANSIT word can't say: of every other frame. */
bool transit_is_file(frame_t frame) { return frame.n % 2 == 0; }

static enum entry_kind page_kind_of(const struct cell *c)
{
    return c->kind == ENTRY_TRANSIT && c->number % 2 == 0 ? ENTRY_FILE : c->kind;
}

static bool is_promise(enum entry_kind kind)
{
    return kind == ENTRY_ON_DEMAND || kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_DMA ||
           kind == ENTRY_COW || kind == ENTRY_SWAP || kind == ENTRY_TRANSIT;
}

static void check_charges(uint32_t s, struct page_range range)
{
    uint32_t pages = 0, tables = 0, kinds = 0;
    bool at_directory;
    for (uint32_t page = range.first.n; page < range.end.n; page++) {
        struct cell c = cell_of(s, page, &at_directory);
        pages += is_promise(page_kind_of(&c));
        kinds |= kind_bit(page_kind_of(&c));
        if (page == range.first.n || page % TABLE_ENTRIES == 0)
            tables += !at_directory || c.kind == ENTRY_ON_DEMAND;
    }
    struct survey survey = space_survey(&spaces[s], range);
    assert_int_equal(survey.pages, pages);
    assert_int_equal(survey.tables, tables);
    assert_int_equal(survey.kinds, kinds);
}

/* Looks through tables, and leaves hints behind. */
static void check_hole(uint32_t s)
{
    struct page_range range = any_range(), free = {range.first, range.first};
    const struct hole_wanted wanted = {1 + below(below(2) ? 4 : 300), 1, range.end};
    uint32_t page = range.first.n, run = 0;
    bool at_directory;
    while (space_find_hole(&spaces[s], &wanted, &free) == SEARCH_GOES_ON)
        assert_true(free.end.n < range.end.n);
    for (; page < range.end.n && run < wanted.pages; page++)
        run = cell_of(s, page, &at_directory).kind == ENTRY_NONE ? run + 1 : 0;
    if (run == wanted.pages)
        assert_int_equal(free.first.n, page - run);
    else
        assert_true(free.first.n + wanted.pages > range.end.n);
}

static void start(void)
{
    memset(memory, 0xA5, sizeof memory);
    fake_paging_start(memory, FRAMES);
    free_count = 0;
    for (uint32_t n = FRAMES; n > SPACES; n--)
        free_frames[free_count++] = (frame_t){n - 1};
    for (uint32_t s = 0; s < SPACES; s++) {
        space_start(&spaces[s], (frame_t){s}, s + 1);
        for (uint32_t i = 0; i < SPANS; i++) {
            model[s][i].table = false;
            model[s][i].cell[0] = (struct cell){.kind = ENTRY_NONE};
        }
    }
    spaces[0].text = (struct page_range){{8}, {20}};
    spaces[1].text = (struct page_range){{TABLE_ENTRIES - 4}, {TABLE_ENTRIES + 6}};
    spaces[1].allocate_by_default = true;
    directory_load(space_directory(&spaces[0]));
}

static void operate(uint32_t s, uint32_t page)
{
    uint32_t what = below(64);
    if (what < 2)
        range_set(s);
    else if (what < 18)
        map_something(s, page);
    else if (what < 34)
        page_moves_on(s, page);
    else if (what < 52)
        touch(s, page);
    else if (what < 60)
        age(s, page);
    else if (what < 61)
        check_hole(s);
    else if (what < 62)
        check_runs(s, below(4) ? any_range() : (struct page_range){{below(3)}, {USER_PAGES}});
    else if (what < 63)
        check_charges(s, any_range());
    else
        directory_load(space_directory(&spaces[below(SPACES)]));
}

static void random_operations_agree_with_the_model(void **state)
{
    (void)state;
    random_state = 1;
    start();
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        uint32_t s = below(SPACES), page = any_page();
        operate(s, page);
        check_quickly(s, page);
        if (i % 256 == 0)
            check_all();
    }
    check_all();
}

static void wrong_use_is_caught(void **state)
{
    (void)state;
    start();
    expect_assert_failure(space_exchange(&spaces[0], (page_t){3000}, pte_none()));
    expect_assert_failure(space_age(&spaces[0], (page_t){3000}));
    expect_assert_failure(space_directory_entry(&spaces[0], (page_t){USER_PAGES}));
    table_make(0, 1);
    expect_assert_failure(space_age(&spaces[0], (page_t){1}));
    expect_assert_failure(space_table_install(&spaces[0], (page_t){1}, frame_give()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_use_is_caught),
        cmocka_unit_test(random_operations_agree_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
