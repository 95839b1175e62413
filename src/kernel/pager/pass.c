/* Page items: a run of pages is granted to another space, mapped there too, or copied there on write, wherever each of
 * them is: resident, on standby, being written, being read, in swap, or not allocated yet. Nothing is read or copied
 * now. Granted, the entry moves, and record, counts and charge with it; mapped or copied, the page is lent (lent.c). */
#include "kernel/pager/lent.h"
#include "kernel/task/account.h"

#define SLOTS_PER_PAGE 3u /* a root and a node for the sender's place, if it has none, and one for the receiver's */

static uint32_t pass_pages(const struct page_pass *p) { return p->pages.end.n - p->pages.first.n; }

static struct page_range landing(const struct page_pass *p)
{
    return (struct page_range){p->at, {p->at.n + pass_pages(p)}};
}

static bool ranges_overlap(const struct page_pass *p)
{
    return p->from == p->to && p->at.n < p->pages.end.n && p->pages.first.n < p->at.n + pass_pages(p);
}

/* What is at the landing place is discarded, and what was lent from there goes with it: not what is to land. */
static bool was_lent_from(const struct page_pass *p, node_t node)
{
    const struct page_range to = landing(p);
    for (; !node_is_none(node); node = lend_parent(node)) {
        struct lend_place place = lend_place(node);
        if (place.space == p->to->id && place.page.n >= to.first.n && place.page.n < to.end.n)
            return true;
    }
    return false;
}

/* Of a lent page. What is locked can't be copied: its first write would have to move it. */
static err_t node_check(const struct page_pass *p, node_t node)
{
    if (was_lent_from(p, node))
        return ERR_RANGE;
    if (p->how == PAGE_COPY && root_kind(lend_word(lend_root(node))) == ENTRY_LOCKED)
        return ERR_KIND;
    return p->how == PAGE_GRANT || lend_can_add(node, p->how == PAGE_MAP) ? OK : ERR_LIMIT;
}

static bool can_be_passed(enum entry_kind kind)
{
    return kind == ENTRY_NORMAL || kind == ENTRY_WATCHED || kind == ENTRY_LOCKED || kind == ENTRY_COW ||
           kind == ENTRY_SHARED || kind == ENTRY_ON_DEMAND || kind_is_swapped(kind) || kind == ENTRY_TRANSIT ||
           kind == ENTRY_LENT;
}

/* Granted, a page leaves its watch behind; lent, it would be written by others unseen. */
static bool watch_allows(const struct page_pass *p, pte_t entry)
{
    return p->how == PAGE_GRANT || !entry_is_watched(entry);
}

/* Rights don't grow: the whole run is mapped to be written, if each page of it may be. */
static err_t item_page_check(struct page_pass *p, page_t page)
{
    pte_t entry = space_entry(p->from, page, NULL);
    node_t node = lent_node(p->from, page, entry);
    enum entry_kind kind = entry_page_kind(entry);
    bool is_shown = kind == ENTRY_SHARED && node_is_none(node); /* to the swap server, for the moment */
    if (!can_be_passed(kind) || !watch_allows(p, entry) || is_shown || (p->how == PAGE_COPY && kind == ENTRY_LOCKED))
        return ERR_KIND;
    p->writable &= space_protection(p->from, page).write;
    if (node_is_none(node))
        return OK;
    p->writable &= lend_may_write(node);
    return node_check(p, node);
}

static void tables_pin(struct space *space, struct page_range range, bool pin)
{
    for (page_t page = range.first; page.n < range.end.n; page = table_end(page))
        table_pin(space, page, pin);
}

void pager_pass_release(const struct page_pass *p)
{
    tables_pin(p->to, landing(p), false);
    tables_pin(p->from, p->pages, false);
}

/* The tables of a range are brought back one by one, and stay; */
static err_t tables_keep(struct space *space, struct page_range range)
{
    for (page_t page = range.first; page.n < range.end.n; page = table_end(page)) {
        TRY(pager_table_ready(space, page));
        table_pin(space, page, true);
    }
    return OK;
}

/* those that there are not are made, and stay. */
static err_t tables_add(struct space *space, struct page_range range)
{
    for (page_t page = range.first; page.n < range.end.n; page = table_end(page)) {
        if (space_table(space, page))
            continue;
        TRY(pager_table_make(space, page));
        table_pin(space, page, true);
    }
    return OK;
}

/* May both sides have the places that there will be? A granted place that is lent moves. */
static err_t nodes_check(const struct page_pass *p)
{
    uint32_t lent = 0;
    for (page_t page = p->pages.first; page.n < p->pages.end.n && p->from->nodes; page.n++)
        lent += !node_is_none(lent_node(p->from, page, space_entry(p->from, page, NULL)));
    if (p->how == PAGE_GRANT && p->from->account == p->to->account)
        return OK;
    uint32_t here = p->how == PAGE_GRANT ? 0 : pass_pages(p) - lent,
             there = p->how == PAGE_GRANT ? lent : pass_pages(p);
    TRY(account_charge(p->from->account, LIMIT_NODES, here));
    err_t error = account_charge(p->to->account, LIMIT_NODES, there);
    account_refund(p->from->account, LIMIT_NODES, here);
    if (error == OK)
        account_refund(p->to->account, LIMIT_NODES, there);
    return error;
}

static err_t pages_check(struct page_pass *p)
{
    for (page_t page = p->pages.first; page.n < p->pages.end.n; page.n++)
        TRY(item_page_check(p, page));
    TRY(nodes_check(p));
    if (p->how != PAGE_MAP) /* what is one's own is written where its place may be */
        p->writable = true;
    p->writable &= space_protection(p->to, p->at).write;
    return range_kinds_check(p->to, landing(p), ENTRY_NONE);
}

/* What there is, is looked at first: nothing is made, and charged, for what is refused. */
static err_t pass_prepare(struct page_pass *p)
{
    TRY(tables_keep(p->to, landing(p)));
    TRY(tables_keep(p->from, p->pages));
    TRY(pages_check(p));
    TRY(tables_add(p->to, landing(p)));
    TRY(tables_add(p->from, p->pages));
    return p->how == PAGE_GRANT ? OK : lent_room_make(SLOTS_PER_PAGE * pass_pages(p));
}

err_t pager_pass_prepare(struct page_pass *p)
{
    if (pass_pages(p) > PASS_PAGES_MAX)
        return ERR_TOO_LONG;
    if (ranges_overlap(p) || p->at.n == 0)
        return ERR_RANGE;
    err_t error = pass_prepare(p);
    if (error != OK)
        pager_pass_release(p);
    return error;
}

/* What is granted takes its charges along. */
static err_t grant_charge(const struct page_pass *p)
{
    uint32_t locked = 0;
    for (page_t page = p->pages.first; page.n < p->pages.end.n; page.n++)
        locked += pte_kind(space_entry(p->from, page, NULL)) == ENTRY_LOCKED;
    if (p->from->account != p->to->account) {
        TRY(pager_lock_charge(p->to, locked)); /* as a question */
        pager_lock_refund(p->to, locked);
    }
    TRY(pager_charge_move(p->from, p->to, space_survey(p->from, p->pages).pages));
    pager_lock_refund(p->from, locked);
    err_t error = pager_lock_charge(p->to, locked);
    assert(error == OK);
    return OK;
}

/* A granted page's charge goes with it, a copy is charged in full, a page that is mapped is its owner's charge. */
err_t pager_pass_charge(const struct page_pass *p)
{
    if (p->how == PAGE_MAP)
        return OK;
    if (p->how == PAGE_COPY)
        return pager_charge(p->to, pass_pages(p));
    return grant_charge(p);
}

/* ---- carrying it out ---- */

static void page_granted(struct space *from, page_t page, struct space *to, page_t at)
{
    node_t node = lent_node(from, page, space_entry(from, page, NULL));
    if (!node_is_none(node)) {
        lent_move(node, to, at);
        return;
    }
    page_watch(from, page, false);
    pte_t entry = page_exchange(from, page, pte_none());
    enum entry_kind kind = pte_kind(entry);
    if (pte_present(entry))
        entry = pte_moved(entry, space_protection(to, at));
    page_exchange(to, at, entry);
    if (kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_TRANSIT)
        record_name(pte_frame(entry), to, at);
    if (kind == ENTRY_NORMAL || kind == ENTRY_TRANSIT) {
        from->resident--;
        to->resident++;
    }
    if (kind == ENTRY_SWAP) {
        from->swapped--;
        to->swapped++;
    }
}

/* The copy of a page that nobody has touched is another such page. */
static bool is_untouched(const struct space *space, page_t page)
{
    pte_t entry = space_entry(space, page, NULL);
    return pte_kind(entry) == ENTRY_ON_DEMAND ||
           (pte_kind(entry) == ENTRY_COW && frame_same(pte_frame(entry), zero_page));
}

static void page_lend(const struct page_pass *p, page_t page, page_t at)
{
    const struct lend_place place = {p->to->id, at};
    if (p->how == PAGE_COPY && is_untouched(p->from, page)) {
        page_exchange(p->to, at, pte_on_demand());
        return;
    }
    node_t node = lent_begin(p->from, page);
    bool maps = p->how == PAGE_MAP;
    node_t there = maps ? lend_map(node, place, p->writable) : lend_copy(node, place);
    node_comes(p->to);
    if (!maps)
        lent_show_tree(lend_top(node)); /* nobody of them may write from now on */
    lent_show(there);
}

void pager_pass(const struct page_pass *p)
{
    entries_set(p->to, landing(p), ENTRY_NONE);
    for (uint32_t i = 0; i < pass_pages(p); i++) {
        page_t page = {p->pages.first.n + i}, at = {p->at.n + i};
        if (p->how == PAGE_GRANT)
            page_granted(p->from, page, p->to, at);
        else
            page_lend(p, page, at);
    }
}
