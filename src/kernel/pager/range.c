/* Operations on ranges. First the range is surveyed, the tables at its edges are made and commit is charged: up to there
 * nothing has changed. Then it is applied, the edges at once, what lies between in pieces of 4 MiB: that cannot fail. */
#include "common/string.h"
#include "kernel/pager/lent.h"

#define STEP_ENTRIES 1024u /* of one step; a whole page-directory entry counts as one */

static page_t least(page_t a, page_t b) { return a.n < b.n ? a : b; }

/* The whole 4 MiB of a range; empty: it has none. */
static struct page_range middle_of(struct page_range range)
{
    page_t first = {(range.first.n + TABLE_ENTRIES - 1) / TABLE_ENTRIES * TABLE_ENTRIES};
    page_t end = table_first(range.end);
    return (struct page_range){first, first.n < end.n ? end : first};
}

static bool is_edge(struct page_range range, page_t page)
{
    return table_first(page).n < range.first.n || table_end(page).n > range.end.n;
}

/* Kinds that keep what a page holds; */
static bool keeps_content(enum entry_kind kind) { return kind == ENTRY_WATCHED || kind == ENTRY_NORMAL; }

/* and that are promises. */
static bool is_charged(enum entry_kind kind) { return keeps_content(kind) || kind == ENTRY_ON_DEMAND; }

/* What is said of a page that holds nothing. */
static enum entry_kind kind_of_nothing(enum entry_kind kind)
{
    if (kind == ENTRY_WATCHED)
        return ENTRY_WATCHED_OUT;
    return kind == ENTRY_NORMAL ? ENTRY_ON_DEMAND : kind;
}

/* ---- prepare ---- */

/* SPECIAL and DMA can be set to NONE only; pages of a request in flight belong to its completion. */
static err_t kinds_check(const struct space *space, struct page_range range, uint32_t kinds, enum entry_kind kind)
{
    uint32_t to_none = kind_bit(ENTRY_SPECIAL) | kind_bit(ENTRY_DMA);
    if (keeps_content(kind))
        return watch_check(space, range, kinds, kind);
    if (kind == ENTRY_FILE_OUT)
        return kinds & ~kind_bit(ENTRY_NONE) ? ERR_KIND : OK;
    if ((kinds & kind_bit(ENTRY_SHARED)) && showings_lie_in(space, range))
        return ERR_KIND;
    return kind != ENTRY_NONE && (kinds & to_none) ? ERR_KIND : OK;
}

err_t range_kinds_check(const struct space *space, struct page_range range, enum entry_kind kind)
{
    return kinds_check(space, range, space_survey(space, range).kinds, kind);
}

static uint32_t spans_of(struct page_range range)
{
    return page_directory_index((page_t){range.end.n - 1}) - page_directory_index(range.first) + 1;
}

/* Adds up what is promised in the range, from progress->next on, and looks whether it may become that kind. exact: tables
 * that are out are brought back. */
static err_t range_survey(struct space *space, struct page_range range, enum entry_kind kind, bool exact,
                          struct range_progress *progress)
{
    for (uint32_t looked = 0; progress->next.n < range.end.n;) {
        page_t page = progress->next;
        if (looked >= STEP_ENTRIES)
            return ERR_MORE;
        if (exact)
            TRY(pager_table_ready(space, page));
        struct stretch s = space_stretch(space, (struct page_range){page, range.end});
        struct page_range piece = {page, least(s.end, range.end)};
        if (!s.at_directory || is_edge(range, page))
            piece.end = least(table_end(page), range.end);
        else if (is_edge(range, (page_t){piece.end.n - 1}))
            piece.end = table_first(piece.end);
        struct survey has = space_survey(space, piece);
        TRY(kinds_check(space, piece, has.kinds, kind));
        progress->has.pages += has.pages;
        progress->has.tables += is_edge(range, page) ? 0 : has.tables;
        looked += s.at_directory ? spans_of(piece) : TABLE_ENTRIES;
        progress->next = piece.end;
    }
    return OK;
}

/* A part of 4 MiB is set in a table of its own, unless the directory says that kind already. */
static err_t edge_make(struct space *space, page_t page, enum entry_kind kind)
{
    TRY(pager_table_ready(space, page));
    pde_t pde = space_directory_entry(space, page);
    return pde_is_table(pde) || pte_kind(pde_as_table_entries(pde)) == kind_of_nothing(kind)
               ? OK
               : pager_table_make(space, page);
}

static err_t edges_make(struct space *space, struct page_range range, enum entry_kind kind)
{
    page_t first = range.first, last = {range.end.n - 1};
    if (is_edge(range, first))
        TRY(edge_make(space, first, kind));
    if (!is_edge(range, last) || page_same(table_first(first), table_first(last)))
        return OK;
    bool was_pinned = table_pin(space, first, true);
    err_t error = edge_make(space, last, kind);
    table_pin(space, first, was_pinned);
    return error;
}

/* A refused range leaves no table behind that it alone was in need of. */
static void edges_unmake(struct space *space, struct page_range range)
{
    const page_t edge[] = {range.first, {range.end.n - 1}};
    for (uint32_t i = 0; i < 2 && space_is_here(space); i++)
        if (is_edge(range, edge[i]) && space_table(space, edge[i]))
            table_collapse(space, edge[i]);
}

/* The edges' tables are charged, whichever way they came to be. */
static err_t range_charge(struct space *space, struct page_range range, enum entry_kind kind, const struct survey *has)
{
    uint32_t promised = space_promised(space, range, pte_file_out());
    if (kind == ENTRY_FILE_OUT)
        return promised ? pager_charge(space, promised) : OK;
    struct page_range middle = middle_of(range);
    uint32_t spans = (middle.end.n - middle.first.n) / TABLE_ENTRIES;
    return pager_charge(space, range.end.n - range.first.n - has->pages + spans - has->tables);
}

static err_t range_prepare(struct space *space, struct page_range range, enum entry_kind kind,
                           struct range_progress *progress)
{
    bool charges = (is_charged(kind) || kind == ENTRY_FILE_OUT) && !space->overcommit;
    if (range.first.n == 0 && kind != ENTRY_NONE)
        return ERR_RANGE; /* NONE at address 0, for ever */
    if (!progress->next.n)
        progress->next.n = range.first.n ? range.first.n : 1;
    bool exact = charges || keeps_content(kind) || kind == ENTRY_FILE_OUT;
    TRY(range_survey(space, range, kind, exact, progress));
    err_t error = edges_make(space, range, kind);
    error = error == OK && charges ? range_charge(space, range, kind, &progress->has) : error;
    if (error != OK && error != (err_t)ERR_PARKED)
        edges_unmake(space, range);
    TRY(error);
    progress->phase = RANGE_EDGES;
    return OK;
}

/* ---- apply ---- */

static bool names_nothing(enum entry_kind kind)
{
    return kind == ENTRY_NONE || kind == ENTRY_ON_DEMAND || kind == ENTRY_GUARD || kind == ENTRY_WATCHED_OUT ||
           kind == ENTRY_FILE_OUT;
}

static void page_set(struct space *space, page_t page, enum entry_kind kind)
{
    if (!keeps_content(kind)) {
        entry_free(space, page, page_exchange(space, page, pde_as_table_entries(pde_of_kind(kind))));
        return;
    }
    page_unlock(space, page);
    page_watch(space, page, kind == ENTRY_WATCHED);
}

void entries_set(struct space *space, struct page_range range, enum entry_kind kind)
{
    uint32_t refund = 0;
    for (page_t page = range.first; page.n < range.end.n;) {
        struct stretch s = space_stretch(space, (struct page_range){page, range.end});
        enum entry_kind was = pte_kind(s.entry);
        refund += is_charged(kind) ? 0 : space_promised(space, (struct page_range){page, s.end}, s.entry);
        if (names_nothing(was))
            space_fill(space, (struct page_range){page, s.end}, kind_of_nothing(kind));
        for (; !names_nothing(was) && page.n < s.end.n; page.n++)
            page_set(space, page, kind);
        page = s.end;
    }
    pager_refund(space, refund);
}

static void edge_set(struct space *space, struct page_range piece, enum entry_kind kind)
{
    if (!space_table(space, piece.first)) /* the directory says this kind already: nothing was prepared */
        return;
    entries_set(space, piece, kind);
    table_collapse(space, piece.first);
}

/* What was lent goes first, as far as a step goes; the pages that lent it after that, all at once. */
static err_t edges_set(struct space *space, struct page_range range, enum entry_kind kind)
{
    struct page_range below = {range.first, least(table_end(range.first), range.end)};
    struct page_range above = {table_first(range.end), range.end};
    uint32_t places = STEP_ENTRIES;
    page_t revoked;
    bool has_below = is_edge(range, below.first),
         has_above = above.first.n < above.end.n && above.first.n >= below.end.n;
    if (!keeps_content(kind) && ((has_below && !lent_revoke_range(space, below, &revoked, &places)) ||
                                 (has_above && !lent_revoke_range(space, above, &revoked, &places))))
        return ERR_MORE;
    if (has_below)
        edge_set(space, below, kind);
    if (has_above)
        edge_set(space, above, kind);
    return OK;
}

/* Whole 4 MiB of which the directory says all: so many are one kind and become another. */
static uint32_t directory_set(struct space *space, struct page_range range, pte_t was, enum entry_kind kind)
{
    uint32_t spans = (range.end.n - range.first.n) / TABLE_ENTRIES;
    if (!is_charged(kind))
        pager_refund(space, space_promised(space, range, was) + (entry_is_charged(was) ? spans : 0));
    space_fill(space, range, kind_of_nothing(kind));
    return spans;
}

/* What its table lent goes first: false, if that took a step. */
static bool revoked(struct space *space, page_t page)
{
    uint32_t places = STEP_ENTRIES;
    page_t next;
    return lent_revoke_range(space, (struct page_range){page, table_end(page)}, &next, &places);
}

uint32_t spans_set(struct space *space, page_t *page, page_t end, uint32_t most, enum entry_kind kind)
{
    struct stretch s = space_stretch(space, (struct page_range){*page, end});
    if (!s.at_directory) {
        if (!keeps_content(kind) && !revoked(space, *page))
            return STEP_ENTRIES;
        entries_set(space, (struct page_range){*page, table_end(*page)}, kind);
        if (!keeps_content(kind))
            table_free(space, *page, kind);
        *page = table_end(*page);
        return TABLE_ENTRIES;
    }
    struct page_range range = {*page, s.end};
    if (s.end.n - page->n > most * TABLE_ENTRIES)
        range.end.n = page->n + most * TABLE_ENTRIES;
    *page = range.end;
    return directory_set(space, range, s.entry, kind);
}

static err_t spans_step(struct space *space, struct page_range spans, enum entry_kind kind, page_t *next)
{
    for (uint32_t done = 0; next->n < spans.end.n;) {
        if (done >= STEP_ENTRIES)
            return ERR_MORE;
        err_t error = keeps_content(kind) ? pager_table_ready(space, *next) : table_recover(space, *next);
        if (error == ERR_IO) { /* nobody can reach these pages: what they are has no meaning */
            *next = table_end(*next);
            continue;
        }
        TRY(error);
        done += spans_set(space, next, spans.end, STEP_ENTRIES - done, kind);
    }
    return OK;
}

static err_t range_step(struct space *space, struct page_range range, enum entry_kind kind,
                        struct range_progress *progress)
{
    if (progress->phase == RANGE_SURVEY)
        TRY(range_prepare(space, range, kind, progress));
    else if (progress->phase == RANGE_EDGES)
        TRY(edges_make(space, range, kind)); /* they may have gone since the last step */
    if (progress->phase == RANGE_EDGES) {
        TRY(edges_set(space, range, kind));
        progress->phase = RANGE_MIDDLE;
        progress->next = middle_of(range).first;
    }
    return spans_step(space, middle_of(range), kind, &progress->next);
}

err_t pager_range_set(struct space *space, struct page_range range, enum entry_kind kind,
                      struct range_progress *progress)
{
    err_t error = range_step(space, range, kind, progress);
    if (error == ERR_MORE)
        return current ? thread_again(current) : error;
    if (error != (err_t)ERR_PARKED)
        *progress = (struct range_progress){.phase = RANGE_SURVEY};
    return error;
}

err_t pager_range_mark(struct space *space, struct page_range range, enum entry_kind kind)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    err_t error;
    do
        error = range_step(space, range, kind, &progress);
    while (error == ERR_MORE);
    return error;
}
