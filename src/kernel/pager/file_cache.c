/* The server's own pages between hold and release, and pages that it takes from its clients. */
#include "kernel/pager/file.h"
#include "kernel/pager/lent.h"

/* A page that is held, until it has been released as often. Freed, it is an orphan: a driver may work on it still, and
 * where that has died, its device. */
struct hold {
    frame_t frame;
    uint32_t token, times;      /* times 0: a free place */
    const struct space *space;  /* of the holder; NULL: it has ended */
    const struct space *driver; /* that was told last where the page is; NULL: nobody, or it has ended */
    uint32_t device;            /* the number of its devices */
    bool adrift;                /* it has ended since, and the devices were not reset */
    bool dirty;                 /* somebody has released the page so */
    struct showing showing;
};
static struct hold holds[FILE_HOLD_MAX];
static uint32_t holds_end, held; /* places from holds_end on were never used */

uint32_t holds_count(void) { return held; }

#define HOLD_SHARE 16u /* one frame in so many */

static uint32_t hold_most(void)
{
    uint32_t share = frame_count_ram() / HOLD_SHARE;
    return share < FILE_HOLD_MAX ? share : FILE_HOLD_MAX;
}

/* A server holds a page or two to find out whether there are files at all: nothing is kept back for that. */
uint32_t file_hold_cap(void)
{
    uint32_t share = file_private_cap() / 4;
    return share < hold_most() ? share : hold_most();
}

static err_t hold_room(void) { return held < hold_most() ? OK : ERR_LIMIT; }

static struct hold *hold_of(frame_t frame)
{
    for (uint32_t i = 0; i < holds_end; i++)
        if (holds[i].times && frame_same(holds[i].frame, frame))
            return &holds[i];
    return NULL;
}

bool hold_token_find(uint32_t token, struct token_page *found)
{
    for (uint32_t i = 0; i < holds_end; i++) {
        struct hold *h = &holds[i];
        if (!h->times || h->token != token || record_state(frame_record(h->frame)) == FRAME_ORPHAN)
            continue;
        *found = (struct token_page){h->frame, true, &h->showing};
        return true;
    }
    return false;
}

static struct hold *place_take(void)
{
    for (uint32_t i = 0; i < holds_end; i++)
        if (!holds[i].times)
            return &holds[i];
    assert(holds_end < FILE_HOLD_MAX);
    return &holds[holds_end++];
}

static uint32_t hold_begin(struct space *space, frame_t frame)
{
    static uint32_t last;
    struct frame_record *r = frame_record(frame);
    if (record_has(r, FRAME_HELD)) {
        struct hold *again = hold_of(frame);
        again->times++;
        return again->token;
    }
    last = (last + 1) % TOKEN_HELD;
    struct hold *h = place_take();
    *h = (struct hold){.frame = frame, .token = TOKEN_HELD | last, .times = 1, .space = space};
    held++;
    record_raise(r, FRAME_HELD);
    return h->token;
}

static void hold_end(struct hold *h)
{
    showing_end(&h->showing);
    record_lower(frame_record(h->frame), FRAME_HELD);
    h->times = 0;
    held--;
}

bool hold_is_single(frame_t frame) { return hold_of(frame)->times == 1; }
void hold_gone(frame_t frame) { hold_end(hold_of(frame)); }

static void orphan_end(struct hold *h)
{
    hold_end(h);
    file_orphan_settle(h->frame);
}

void pager_file_holder_gone(const struct space *space)
{
    for (uint32_t i = 0; i < holds_end; i++) {
        struct hold *h = &holds[i];
        if (!h->times || h->space != space)
            continue;
        h->space = NULL;
        if (!h->adrift)
            orphan_end(h);
    }
}

/* ---- what drivers do with a page ---- */

void hold_driven(frame_t frame, struct token_user by)
{
    struct hold *h = hold_of(frame);
    h->driver = by.space;
    h->device = by.device;
    h->adrift = false;
}

void pager_driver_ends(const struct space *space)
{
    for (uint32_t i = 0; i < holds_end; i++) {
        struct hold *h = &holds[i];
        if (!h->times || h->driver != space)
            continue;
        h->driver = NULL;
        h->adrift = true;
    }
}

void holds_device_reset(uint32_t device)
{
    for (uint32_t i = 0; i < holds_end; i++) {
        struct hold *h = &holds[i];
        if (!h->times || !h->adrift || h->device != device)
            continue;
        h->adrift = false;
        if (!h->space)
            orphan_end(h);
    }
}

/* ---- hold and release ---- */

static err_t cache_fill(struct space *space, page_t page, frame_t *frame)
{
    TRY(hold_room());
    TRY(pager_table_make(space, page));
    TRY(frame_get_for(space, page, FRAME_MAPPED, frame, true));
    file_page_insert(space, page, *frame, BECOMES_FILE, true);
    return OK;
}

/* Not a private one, nor what another server shows it. */
bool file_is_owned(const struct space *space, page_t page, pte_t entry)
{
    node_t node = lent_node(space, page, entry);
    const struct frame_record *r = frame_record(pte_frame(entry));
    return node_is_none(node) ? record_becomes(r) == BECOMES_FILE && record_names(r, space, page)
                              : node_is_none(lend_parent(node));
}

/* What was on its way out comes back. */
static pte_t entry_at_home(struct space *space, page_t page)
{
    pte_t entry = space_entry(space, page, NULL);
    if (pte_kind(entry) == ENTRY_TRANSIT && transit_is_file(pte_frame(entry)))
        frame_remap(pte_frame(entry));
    return space_entry(space, page, NULL);
}

err_t pager_file_hold(struct space *space, page_t page, bool fill, uint32_t *token)
{
    TRY(pager_table_ready(space, page));
    pte_t entry = entry_at_home(space, page);
    frame_t frame;
    if (pte_kind(entry) == ENTRY_FILE) {
        frame = pte_frame(entry);
        if (!file_is_owned(space, page, entry))
            return ERR_KIND;
        if (!record_has(frame_record(frame), FRAME_HELD))
            TRY(hold_room());
    } else if (pte_kind(entry) != ENTRY_FILE_OUT) {
        return ERR_KIND;
    } else if (!fill) {
        return ERR_NO_ENTRY;
    } else {
        TRY(cache_fill(space, page, &frame));
    }
    *token = hold_begin(space, frame);
    return OK;
}

err_t pager_file_release(struct space *space, page_t page, bool dirty)
{
    TRY(pager_table_ready(space, page));
    pte_t entry = space_entry(space, page, NULL);
    if (pte_kind(entry) != ENTRY_FILE || !file_is_owned(space, page, entry) ||
        !record_has(frame_record(pte_frame(entry)), FRAME_HELD))
        return ERR_KIND;
    frame_t frame = pte_frame(entry);
    struct hold *h = hold_of(frame);
    if (dirty && !record_has(frame_record(frame), FRAME_OWED) && !file_private_fits())
        return ERR_LIMIT;
    h->dirty |= dirty;
    if (dirty)
        file_frame_owed(frame, true);
    if (h->times > 1) {
        h->times--;
        return OK;
    }
    place_clean(frame);
    if (h->dirty)
        record_raise(frame_record(frame), FRAME_DIRTY);
    file_frame_owed(frame, h->dirty);
    hold_end(h);
    return OK;
}

/* ---- take ---- */

static bool is_private(pte_t entry)
{
    return entry_page_kind(entry) == ENTRY_FILE &&
           record_becomes(frame_record(pte_frame(entry))) == BECOMES_FILE_PRIVATE;
}

/* The client's page is NONE from now on. Returns what it was. */
static pte_t client_leave(const struct file_take *take)
{
    pte_t was = page_exchange(take->client, take->page, pte_none());
    pager_refund(take->client, space_promised(take->client, (struct page_range){take->page, {take->page.n + 1}}, was));
    return was;
}

/* It goes over as it is. => MAPPED; what a FILE_OUT carries has been written to since */
static void page_take(struct file_take *take, frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (place_is_dirty(frame))
        record_raise(r, FRAME_DIRTY);
    take->taken = record_has(r, FRAME_DIRTY) ? FILE_TAKEN_DIRTY : FILE_TAKEN_CLEAN;
    (void)client_leave(take);
    take->client->resident--;
    file_frame_name(frame, take->server, take->to, BECOMES_FILE);
    file_page_map(take->server, take->to, frame, true);
    take->token = hold_begin(take->server, frame);
}

static err_t target_ready(const struct file_take *take)
{
    TRY(pager_table_make(take->server, take->to));
    return pte_kind(space_entry(take->server, take->to, NULL)) == ENTRY_FILE_OUT ? OK : ERR_KIND;
}

err_t pager_file_take(struct file_take *take)
{
    TRY(pager_table_ready(take->client, take->page));
    take->taken = FILE_TAKEN_NONE;
    pte_t entry = space_entry(take->client, take->page, NULL);
    if (!is_private(entry))
        return OK;
    frame_t frame = pte_frame(entry); /* its table stays, since it names a frame; the frame: nobody else runs */
    if (record_has(frame_record(frame), FRAME_IN_FLIGHT) && !place_is_dirty(frame)) {
        take->taken = FILE_TAKEN_FLYING;
        entry_free(take->client, take->page, client_leave(take));
        return OK;
    }
    if (pte_kind(entry) == ENTRY_TRANSIT) /* nobody was asked yet to write it */
        frame_remap(frame);
    bool was_pinned = record_pin(frame_record(frame), true);
    err_t error = target_ready(take);
    record_pin(frame_record(frame), was_pinned);
    TRY(error);
    TRY(hold_room());
    page_take(take, frame);
    return OK;
}
