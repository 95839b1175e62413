/* Page tables of the kernel's own beside the processor's: 12 bytes for each page. */
#include "memory.h"
#include "structure.h"

struct shadow {
    enum entry_kind kind; /* of a page that is used */
    page_t region;        /* where its region begins */
    uint32_t used;
};
struct shadows {
    uint32_t used; /* pages of the table */
    struct shadow *pages;
};
#define SHADOWS_BYTES (TABLE_ENTRIES * (uint32_t)sizeof(struct shadow))

static struct shadows *tables; /* USER_DIRECTORY_ENTRIES */

static void start(uint32_t most)
{
    (void)most;
    tables = memory_take(USER_DIRECTORY_ENTRIES * (uint32_t)sizeof *tables);
    for (uint32_t i = 0; i < USER_DIRECTORY_ENTRIES; i++)
        tables[i] = (struct shadows){0, NULL};
}

static struct shadow *shadows_make(void)
{
    struct shadow *pages = memory_take(SHADOWS_BYTES);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
        pages[i].used = 0;
    return pages;
}

static struct shadow *shadow_of(page_t page)
{
    struct shadow *pages = tables[page_directory_index(page)].pages;
    return pages ? &pages[page_table_index(page)] : NULL;
}

static page_t table_end(page_t page) { return (page_t){page.n - page_table_index(page) + TABLE_ENTRIES}; }

static bool overlaps(page_t first, page_t end)
{
    for (page_t page = first; page.n < end.n;) {
        const struct shadow *s = shadow_of(page);
        if (s && s->used)
            return true;
        page.n = s ? page.n + 1 : table_end(page).n;
    }
    return false;
}

static bool insert(const struct region *region)
{
    if (overlaps(region->first, region->end))
        return false;
    for (page_t page = region->first; page.n < region->end.n; page.n++) {
        struct shadows *table = &tables[page_directory_index(page)];
        if (table->used++ == 0)
            table->pages = shadows_make();
        table->pages[page_table_index(page)] = (struct shadow){region->kind, region->first, 1};
    }
    return true;
}

static void remove(const struct region *region)
{
    for (page_t page = region->first; page.n < region->end.n; page.n++) {
        struct shadows *table = &tables[page_directory_index(page)];
        table->pages[page_table_index(page)].used = 0;
        if (--table->used == 0) {
            memory_give(table->pages, SHADOWS_BYTES);
            table->pages = NULL;
        }
    }
}

static enum entry_kind kind_at(page_t page)
{
    const struct shadow *s = shadow_of(page);
    return s && s->used ? s->kind : ENTRY_NONE;
}

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    for (page_t page = from; page.n < USER_PAGES && page.n < hole.at.n + pages;) {
        const struct shadow *s = shadow_of(page);
        page.n = s ? page.n + 1 : table_end(page).n;
        if (s && s->used)
            hole.at = page;
    }
    return hole_found(&hole);
}

const struct structure shadow_table = {"shadow table", start, insert, remove, kind_at, overlaps, find_hole, NULL};
