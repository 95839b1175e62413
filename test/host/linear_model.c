/* sources: src/kernel/linear/space.c src/kernel/linear/own.c src/kernel/linear/hole.c src/kernel/linear/query.c src/kernel/linear/lend*.c src/kernel/linear/verdict.c test/host/fake_paging.c */
#include "linear_model.h"
#include "fake_paging.h"
#include "host.h"
#include <string.h>

#define FRAMES 64u

const uint32_t span_index[SPANS] = {0, 1, 2, 5, USER_DIRECTORY_ENTRIES - 1};
static struct span model[SPACES][SPANS];
struct space spaces[SPACES];

static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static frame_t free_frames[FRAMES];
static uint32_t free_count;

void model_start(void)
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

struct span *span_of(uint32_t s, uint32_t page)
{
    for (uint32_t i = 0; i < SPANS; i++)
        if (span_index[i] == page / TABLE_ENTRIES)
            return &model[s][i];
    return NULL;
}

struct cell cell_of(uint32_t s, uint32_t page, bool *at_directory)
{
    const struct span *span = span_of(s, page);
    *at_directory = !span || !span->table;
    if (!span)
        return (struct cell){.kind = ENTRY_NONE};
    return span->cell[span->table ? page % TABLE_ENTRIES : 0];
}

bool is_text(const struct space *space, uint32_t page)
{
    return page >= space->text.first.n && page < space->text.end.n;
}

pte_t word_of(const struct cell *c)
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

frame_t frame_give(void)
{
    assert_true(free_count > 0);
    return free_frames[--free_count];
}

void table_make(uint32_t s, uint32_t page)
{
    struct span *span = span_of(s, page);
    frame_t frame = frame_give();
    memset(frame_pointer(frame), 0xA5, PAGE_BYTES);
    space_table_install(&spaces[s], (page_t){page}, frame);
    for (uint32_t i = 1; i < TABLE_ENTRIES; i++)
        span->cell[i] = span->cell[0];
    span->table = true;
}

uint32_t frames_used(void) { return FRAMES - SPACES - free_count; }

void put(uint32_t s, uint32_t page, struct cell c)
{
    struct cell *cell = &span_of(s, page)->cell[page % TABLE_ENTRIES];
    pte_t was = space_exchange(&spaces[s], (page_t){page}, word_of(&c));
    assert_int_equal(was.w, word_of(cell).w);
    *cell = c;
}

void span_set_whole(uint32_t s, uint32_t page, enum entry_kind kind)
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
