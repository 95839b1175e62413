/* Reading a range: runs of equal kind, and what commit charges for it. */
#include "kernel/linear/linear.h"
#include "kernel/linear/lend.h"

static page_t table_end(page_t page) { return (page_t){(page.n / TABLE_ENTRIES + 1) * TABLE_ENTRIES}; }
static page_t page_least(page_t a, page_t b) { return a.n < b.n ? a : b; }

struct run_writer {
    struct vm_run *runs;
    uint32_t room, count;
};

/* Appends pages to the last run, or begins one. False: no room. */
static bool run_append(struct run_writer *w, page_t page, uint32_t pages, enum vm_kind kind, uint32_t level)
{
    struct vm_run *last = w->count ? &w->runs[w->count - 1] : NULL;
    if (last && last->kind == kind && last->at_directory == level) {
        last->bytes += pages * PAGE_BYTES;
        return true;
    }
    if (w->count == w->room)
        return false;
    w->runs[w->count++] = (struct vm_run){page_address(page), pages * PAGE_BYTES, kind, level};
    return true;
}

uint32_t space_query(const struct space *space, struct page_range range, struct vm_run *runs, uint32_t room,
                     page_t *stopped)
{
    struct run_writer w = {runs, room, 0};
    page_t page = range.first;
    for (uint32_t looked = 0; page.n < range.end.n && looked < SPACE_QUERY_BOUND; looked++) {
        bool at_directory;
        enum vm_kind kind = kind_to_vm(pte_kind(space_entry(space, page, &at_directory)));
        page_t next = at_directory ? page_least(table_end(page), range.end) : (page_t){page.n + 1};
        if (!run_append(&w, page, next.n - page.n, kind, at_directory))
            break;
        page = next;
    }
    *stopped = page;
    return w.count;
}

static uint32_t spans_of(page_t first, page_t end)
{
    return page_directory_index((page_t){end.n - 1}) - page_directory_index(first) + 1;
}

enum entry_kind entry_page_kind(pte_t entry)
{
    enum entry_kind kind = pte_kind(entry);
    return kind == ENTRY_TRANSIT && transit_is_file(pte_frame(entry)) ? ENTRY_FILE : kind;
}

bool entry_is_charged(pte_t entry)
{
    enum entry_kind kind = entry_page_kind(entry);
    if (kind == ENTRY_LENT)
        return node_is_none(lend_parent((node_t){pte_node(entry)}));
    return kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_DMA || kind == ENTRY_COW ||
           kind == ENTRY_WATCHED || kind == ENTRY_ON_DEMAND || kind == ENTRY_WATCHED_OUT || kind_is_swapped(kind) ||
           kind == ENTRY_TRANSIT;
}

uint32_t space_promised(const struct space *space, struct page_range pages, pte_t entry)
{
    enum entry_kind kind = entry_page_kind(entry);
    if (kind != ENTRY_FILE && kind != ENTRY_FILE_OUT)
        return entry_is_charged(entry) ? pages.end.n - pages.first.n : 0;
    uint32_t first = pages.first.n > space->data.first.n ? pages.first.n : space->data.first.n;
    page_t end = page_least(pages.end, space->data.end);
    return first < end.n ? end.n - first : 0;
}

struct survey space_survey(const struct space *space, struct page_range range)
{
    struct survey survey = {0};
    for (page_t page = range.first; page.n < range.end.n;) {
        struct stretch s = space_stretch(space, (struct page_range){page, range.end});
        enum entry_kind kind = pte_kind(s.entry);
        bool table_is_out = s.at_directory && (kind == ENTRY_SWAP || kind == ENTRY_TRANSIT);
        survey.kinds |= kind_bit(entry_page_kind(s.entry));
        survey.pages += table_is_out ? 0 : space_promised(space, (struct page_range){page, s.end}, s.entry);
        if (!s.at_directory)
            survey.tables += page.n == range.first.n || page_table_index(page) == 0;
        else if (kind == ENTRY_ON_DEMAND || kind == ENTRY_WATCHED_OUT || table_is_out)
            survey.tables += spans_of(page, s.end);
        survey.out += table_is_out ? spans_of(page, s.end) : 0;
        page = s.end;
    }
    return survey;
}
