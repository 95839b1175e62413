/* A file server's answer to a fault: pages of its cache are shown, copied or granted to the one that asked. */
#include "common/string.h"
#include "kernel/pager/file.h"
#include "kernel/pager/lent.h"
#include "kernel/task/account.h"

/* A node for the client's place; and if there is a viewer without one, first a root and nodes for it and the server's. */
#define PLACES_MORE 3u

static uint32_t slots_needed(frame_t frame)
{
    if (frame_is_lent(frame))
        return 1;
    return record_has_viewer(frame_record(frame)) ? PLACES_MORE + 1 : 0;
}

static uint32_t supply_pages(const struct file_supply *s) { return s->pages.end.n - s->pages.first.n; }

static frame_t source_frame(const struct file_supply *s, uint32_t i)
{
    return pte_frame(space_entry(s->from, (page_t){s->pages.first.n + i}, NULL));
}

/* ---- is it for the server to give? ---- */

static bool can_be_granted(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    return !frame_is_lent(frame) && !record_has_viewer(r) && record_state(r) == FRAME_MAPPED && hold_is_single(frame);
}

static err_t source_check(const struct file_supply *s, uint32_t i)
{
    page_t page = {s->pages.first.n + i};
    const pte_t *table = space_table(s->from, page);
    pte_t entry = table ? table[page_table_index(page)] : pte_none();
    if (pte_kind(entry) != ENTRY_FILE || !record_has(frame_record(pte_frame(entry)), FRAME_HELD))
        return ERR_KIND; /* what is held has its table */
    if (!file_is_owned(s->from, page, entry))
        return ERR_KIND;
    return s->how != PAGE_GRANT || can_be_granted(pte_frame(entry)) ? OK : ERR_KIND;
}

static err_t sources_check(const struct file_supply *s)
{
    if (s->how != PAGE_MAP && s->how != PAGE_COPY && s->how != PAGE_GRANT)
        return ERR_KIND;
    if (supply_pages(s) > TABLE_ENTRIES)
        return ERR_TOO_LONG;
    for (uint32_t i = 0; i < supply_pages(s); i++)
        TRY(source_check(s, i));
    return OK;
}

/* ---- may it be changed there? ---- */

static bool is_asked_for(const struct file_supply *s, uint32_t i)
{
    pte_t entry = space_entry(s->to, (page_t){s->at.n + i}, NULL);
    if (pte_kind(entry) == ENTRY_FILE_OUT)
        return true;
    return i == 0 && s->write && s->how != PAGE_MAP && pte_kind(entry) == ENTRY_FILE && !pte_writable(entry);
}

static bool makes_private(const struct file_supply *s)
{
    return s->how == PAGE_GRANT || (s->how == PAGE_COPY && s->copy == FILE_COPY_PRIVATE);
}

/* One frame for all, as long as there may be one place more; else a copy that can't be written. */
static bool can_be_shown(const struct file_supply *s, frame_t frame)
{
    page_t page;
    const struct space *viewer = viewer_place(frame, &page);
    if (slots_needed(frame) == 0)
        return true;
    bool room = account_fits(s->from->account, LIMIT_NODES, PLACES_MORE) &&
                account_fits(s->to->account, LIMIT_NODES, PLACES_MORE) &&
                (!viewer || account_fits(viewer->account, LIMIT_NODES, PLACES_MORE));
    return room && (viewer || lend_can_add(lend_first(lent_root(frame)), true));
}

/* ---- carrying it out; the table is there, and what was found is FILE ---- */

static void copy_content(frame_t from, frame_t to)
{
    memcpy(window_open(WINDOW_COPY_TO, to), window_open(WINDOW_COPY_FROM, from), PAGE_BYTES);
}

static void show(const struct file_supply *s, page_t page, page_t at)
{
    frame_t frame = pte_frame(space_entry(s->from, page, NULL));
    if (slots_needed(frame) == 0) {
        viewer_begin(frame, s->to, at);
        return;
    }
    if (record_has_viewer(frame_record(frame)))
        viewer_to_node(frame);
    node_t node = lent_begin(s->from, page);
    node_t there = lend_map(node, (struct lend_place){s->to->id, at}, false);
    node_comes(s->to);
    lent_show(there);
}

static void grant(const struct file_supply *s, page_t page, page_t at)
{
    pte_t was = page_exchange(s->from, page, pte_file_out());
    frame_t frame = pte_frame(was);
    s->from->resident--;
    hold_gone(frame);
    record_lower(frame_record(frame), FRAME_DIRTY);
    file_frame_owed(frame, false);
    file_frame_name(frame, s->to, at, BECOMES_FILE_PRIVATE);
    entry_free(s->to, at, file_page_map(s->to, at, frame, true));
}

static void copy_insert(const struct file_supply *s, frame_t from, page_t at, frame_t frame)
{
    pte_t was = space_entry(s->to, at, NULL);
    copy_content(from, frame);
    if (s->how == PAGE_COPY && s->copy == FILE_COPY_NORMAL)
        page_insert(s->to, at, frame, USAGE_COPIED);
    else
        was = file_page_insert(s->to, at, frame, BECOMES_FILE_PRIVATE, s->how == PAGE_COPY);
    entry_free(s->to, at, was);
}

/* frame: for a copy; FRAME_NONE: it is granted, or shown. Returns where it is now. */
static frame_t page_supply(const struct file_supply *s, uint32_t i, frame_t frame)
{
    page_t page = {s->pages.first.n + i}, at = {s->at.n + i};
    frame_t from = source_frame(s, i);
    if (!frame_same(frame, FRAME_NONE)) {
        copy_insert(s, from, at, frame);
        return frame;
    }
    if (s->how == PAGE_GRANT)
        grant(s, page, at);
    else
        show(s, page, at);
    return from;
}

/* ---- the page that was asked for ---- */

/* A NORMAL page is a promise of one more, unless its FILE page was one. */
static err_t copy_charge(const struct file_supply *s, page_t at)
{
    if (s->how != PAGE_COPY || s->copy != FILE_COPY_NORMAL)
        return OK;
    TRY(pager_may_touch(s->to));
    const struct page_range page = {at, {at.n + 1}};
    return space_promised(s->to, page, space_entry(s->to, at, NULL)) ? OK : pager_charge(s->to, 1);
}

static err_t copy_prepare(const struct file_supply *s, frame_t *frame)
{
    TRY(frame_get_for(s->to, s->at, FRAME_MAPPED, frame, false));
    err_t error = copy_charge(s, s->at);
    if (error != OK)
        frame_return(*frame);
    return error;
}

static err_t first_prepare(const struct file_supply *s, frame_t *frame)
{
    *frame = FRAME_NONE;
    if (s->how == PAGE_GRANT)
        return OK;
    if (s->how != PAGE_MAP || !can_be_shown(s, source_frame(s, 0)))
        return copy_prepare(s, frame);
    bool was_pinned = table_pin(s->to, s->at, true);
    err_t error = lent_room_make(slots_needed(source_frame(s, 0)));
    table_pin(s->to, s->at, was_pinned);
    return error;
}

/* ---- those read ahead, as far as nothing is in the way ---- */

static bool ahead_prepare(const struct file_supply *s, uint32_t i, frame_t *frame)
{
    bool zeroed;
    *frame = FRAME_NONE;
    if (!is_asked_for(s, i) || (makes_private(s) && !file_private_fits()))
        return false;
    if (s->how == PAGE_GRANT)
        return true;
    if (s->how == PAGE_MAP)
        return lend_room() >= slots_needed(source_frame(s, i)) && can_be_shown(s, source_frame(s, i));
    if (!memory_is_plenty() || frame_take(FRAME_USE_USER, FRAME_MAPPED, frame, &zeroed) != OK)
        return false;
    if (copy_charge(s, (page_t){s->at.n + i}) == OK)
        return true;
    frame_return(*frame);
    return false;
}

static void ahead_supply(const struct file_supply *s)
{
    uint32_t left = TABLE_ENTRIES - page_table_index(s->at), pages = supply_pages(s);
    for (uint32_t i = 1; i < pages && i < left; i++) {
        frame_t frame;
        if (ahead_prepare(s, i, &frame))
            (void)page_supply(s, i, frame);
    }
}

err_t pager_file_supply(struct file_supply *s)
{
    frame_t frame;
    s->frame = FRAME_NONE;
    s->crowded = false;
    TRY(sources_check(s));
    TRY(pager_table_ready(s->to, s->at));
    if (!is_asked_for(s, 0))
        return OK;
    s->crowded = makes_private(s) && !file_private_fits();
    if (s->crowded)
        return OK;
    TRY(pager_table_make(s->to, s->at));
    TRY(first_prepare(s, &frame));
    s->frame = page_supply(s, 0, frame);
    ahead_supply(s);
    return OK;
}
