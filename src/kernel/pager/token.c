/* Tokens: what servers and disk drivers call a page in flight, or one that a file server holds. */
#include "kernel/pager/inside.h"

/* Those of requests to the swap server are below 2^28, those of FILE_OUT from there to 2^29, those of held pages from
 * 2^31 up. */
static bool token_find(uint32_t token, struct token_page *found)
{
    if (token >= TOKEN_HELD)
        return hold_token_find(token, found);
    return token >= TOKEN_FILE_OUT ? file_token_find(token, found) : swap_token_find(token, found);
}

err_t pager_token_frame(uint32_t token, struct token_user by, frame_t *frame)
{
    struct token_page page = {.showing = NULL};
    if (!token_find(token, &page))
        return ERR_HANDLE;
    if (token >= TOKEN_HELD)
        hold_driven(page.frame, by);
    *frame = page.frame;
    return OK;
}

static struct list_node showings = {&showings, &showings};

static struct showing *showing_of(struct list_node *node) { return list_member(node, struct showing, open); }

void showing_end(struct showing *showing)
{
    if (!showing->in)
        return;
    page_exchange(showing->in, showing->at, pte_none());
    list_remove(&showing->open);
    showing->in = NULL;
}

static struct showing *showing_in(const struct space *space, struct page_range range)
{
    list_for_each(node, &showings)
    {
        struct showing *s = showing_of(node);
        if (s->in == space && s->at.n >= range.first.n && s->at.n < range.end.n)
            return s;
    }
    return NULL;
}

bool showings_lie_in(const struct space *space, struct page_range range) { return showing_in(space, range) != NULL; }

void showings_forget(const struct space *space)
{
    const struct page_range all = {{0}, {USER_PAGES}};
    for (struct showing *s; (s = showing_in(space, all)) != NULL; s->in = NULL)
        list_remove(&s->open);
}

/* A server shows one page after the other in the same place. */
static void place_clear(const struct space *space, page_t at)
{
    struct showing *there = showing_in(space, (struct page_range){at, {at.n + 1}});
    if (there)
        showing_end(there);
}

err_t pager_token_map(struct space *space, uint32_t token, page_t at)
{
    struct token_page page = {.showing = NULL};
    if (!token_find(token, &page))
        return ERR_HANDLE;
    if (at.n == 0 || at.n >= USER_PAGES)
        return ERR_RANGE;
    TRY(pager_table_make(space, at));
    place_clear(space, at);
    if (pte_kind(space_entry(space, at, NULL)) != ENTRY_NONE)
        return ERR_BUSY;
    showing_end(page.showing); /* it is shown in one place at a time */
    struct protection p = space_protection(space, at);
    if (!page.writable)
        p.write = false;
    page_exchange(space, at, pte_make(ENTRY_SHARED, page.frame, p));
    page.showing->in = space;
    page.showing->at = at;
    list_start(&page.showing->open);
    list_push_back(&showings, &page.showing->open);
    return OK;
}
