/* Where a frame belongs: to the one page that its record names, or, lent, to all places of the root that it names. What
 * happens to a frame happens to each of them, and only here is there a difference. */
#include "kernel/pager/lent.h"

#define AGE_PLACES 32u /* a page with more of them is judged by so many */

static struct space *page_of(frame_t frame, page_t *page)
{
    const struct frame_record *r = frame_record(frame);
    *page = record_page(r);
    return record_owner(r);
}

/* Of a page that is nobody else's: a lent one is not watched. */
static bool becomes_watched(frame_t frame) { return record_becomes(frame_record(frame)) == BECOMES_WATCHED; }

static node_t first_node(frame_t frame) { return lend_first(lent_root(frame)); }

struct space *place_owner(frame_t frame, page_t *page)
{
    if (!frame_is_lent(frame))
        return page_of(frame, page);
    struct lend_place top = lend_place(lend_top(first_node(frame)));
    *page = top.page;
    return pager_space(top.space);
}

struct space *place_first(frame_t frame, page_t *page)
{
    if (!frame_is_lent(frame))
        return page_of(frame, page);
    node_t node = first_node(frame);
    while (!node_is_none(node) && !pte_present(node_entry(node)))
        node = lend_next(node);
    if (node_is_none(node))
        return NULL;
    *page = lend_place(node).page;
    return pager_space(lend_place(node).space);
}

static bool is_table(frame_t frame) { return record_becomes(frame_record(frame)) == BECOMES_TABLE; }
static bool is_directory(frame_t frame) { return record_becomes(frame_record(frame)) == BECOMES_DIRECTORY; }

bool place_is_believed(frame_t frame)
{
    if (is_directory(frame))
        return directory_is_believed(frame);
    return !is_table(frame) || table_is_believed(frame);
}

void place_lose(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (is_directory(frame))
        directory_lose(record_owner(r));
    else if (is_table(frame))
        table_lose(record_owner(r), record_page(r));
}

static pte_t shown(pte_t entry, enum frame_becomes becomes, struct protection p)
{
    if (becomes == BECOMES_WATCHED)
        return pte_transit_to_watched(entry, p);
    return becomes == BECOMES_NORMAL ? pte_transit_to_normal(entry, p) : pte_transit_to_file(entry, p);
}

/* A lent page's entries change when they are touched: not all of them may be. */
void place_show(frame_t frame)
{
    page_t page;
    if (is_directory(frame)) {
        directory_shown(frame);
        return;
    }
    if (is_table(frame)) {
        table_shown(frame);
        return;
    }
    frame_set_state(frame, FRAME_MAPPED);
    if (frame_is_lent(frame)) {
        lend_set_word(lent_root(frame), root_make(ENTRY_NORMAL, frame));
        return;
    }
    struct space *space = page_of(frame, &page);
    struct protection p = space_protection(space, page);
    pte_t entry = space_entry(space, page, NULL);
    page_exchange(space, page, shown(entry, record_becomes(frame_record(frame)), p));
}

static void lent_hide(frame_t frame)
{
    lend_set_word(lent_root(frame), pde_transit(frame));
    for (node_t node = first_node(frame); !node_is_none(node); node = lend_next(node))
        if (pte_present(node_entry(node)))
            lent_show(node); /* LENT: the root is not present */
}

void place_hide(frame_t frame)
{
    page_t page;
    struct frame_record *r = frame_record(frame);
    if (frame_is_lent(frame)) {
        lent_hide(frame);
        return;
    }
    struct space *space = page_of(frame, &page);
    pte_t was = page_exchange(space, page, pte_transit(frame));
    if (pte_kind(was) != ENTRY_FILE) /* whose record says more already */
        record_set_becomes(r, pte_kind(was) == ENTRY_WATCHED ? BECOMES_WATCHED : BECOMES_NORMAL);
    if (pte_dirty(was))
        record_raise(r, FRAME_DIRTY);
}

static pte_t swapped(pte_t entry, frame_t frame)
{
    block_t block = record_block(frame_record(frame));
    return becomes_watched(frame) ? pte_transit_to_swap_watched(entry, block) : pte_transit_to_swap(entry, block);
}

/* => the entry is TRANSIT, the root too */
static void place_out(frame_t frame, bool to_swap)
{
    page_t page;
    if (frame_is_lent(frame)) {
        lend_set_word(lent_root(frame), to_swap ? pde_swap(record_block(frame_record(frame))) : pde_on_demand());
        record_lower(frame_record(frame), FRAME_LENT);
        return;
    }
    struct space *space = page_of(frame, &page);
    page_exchange(space, page, to_swap ? swapped(space_entry(space, page, NULL), frame) : pte_on_demand());
    space->resident--;
    space->swapped += to_swap;
}

void place_swap(frame_t frame)
{
    if (is_directory(frame))
        directory_hidden(frame);
    else if (is_table(frame))
        table_hidden(frame);
    else
        place_out(frame, true);
}

void place_promise(frame_t frame) { place_out(frame, false); }

bool place_age(frame_t frame)
{
    page_t page;
    struct frame_record *r = frame_record(frame);
    bool accessed = record_has(r, FRAME_REFERENCED);
    record_lower(r, FRAME_REFERENCED);
    if (!frame_is_lent(frame)) {
        struct space *space = page_of(frame, &page);
        accessed |= pte_accessed(space_age(space, page));
        return viewer_age(frame) || accessed;
    }
    node_t node = first_node(frame);
    for (uint32_t looks = 0; looks < AGE_PLACES && !node_is_none(node); looks++, node = lend_next(node))
        if (pte_present(node_entry(node)))
            accessed |= pte_accessed(space_age(pager_space(lend_place(node).space), lend_place(node).page));
    return accessed;
}

bool place_is_dirty(frame_t frame)
{
    page_t page;
    bool dirty = record_has(frame_record(frame), FRAME_DIRTY);
    if (!frame_is_lent(frame)) {
        struct space *space = page_of(frame, &page);
        return dirty || pte_dirty(space_entry(space, page, NULL));
    }
    for (node_t node = first_node(frame); !node_is_none(node) && !dirty; node = lend_next(node))
        dirty = pte_dirty(node_entry(node));
    return dirty;
}

void place_clean(frame_t frame)
{
    page_t page;
    if (!frame_is_lent(frame)) {
        struct space *space = page_of(frame, &page);
        page_exchange(space, page, pte_cleaned(space_entry(space, page, NULL)));
    } else {
        for (node_t node = first_node(frame); !node_is_none(node); node = lend_next(node))
            if (pte_dirty(node_entry(node)))
                lent_store(node, pte_cleaned(node_entry(node)));
    }
    record_lower(frame_record(frame), FRAME_DIRTY); /* last: what the entries noticed is in it */
}
