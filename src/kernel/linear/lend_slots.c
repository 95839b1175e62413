/* Slots: taken from the list of free ones, and pages of them that come and go. */
#include "kernel/linear/lend_slots.h"

#define PAGES_MAX (ENTRY_NODE_COUNT / LEND_PAGE_SLOTS)
static struct slot *pages[PAGES_MAX]; /* NULL: none is there */
static uint16_t in_use[PAGES_MAX];    /* slots of each */
static uint32_t page_end, pages_empty, free_count, free_first = ENTRY_NODE_COUNT;

struct slot *slot(uint32_t n)
{
    assert(n < page_end * LEND_PAGE_SLOTS && pages[n / LEND_PAGE_SLOTS]);
    return &pages[n / LEND_PAGE_SLOTS][n % LEND_PAGE_SLOTS];
}

bool slot_is_there(uint32_t n) { return n < lend_slots() && pages[n / LEND_PAGE_SLOTS]; }

uint32_t lend_room(void) { return free_count; }
uint32_t lend_slots(void) { return page_end * LEND_PAGE_SLOTS; }

static void free_push(uint32_t n)
{
    *slot(n) = (struct slot){.up = ENTRY_NODE_COUNT, .sibling = free_first & 0xFFFFFu, .kind = SLOT_FREE};
    if (free_first != ENTRY_NODE_COUNT)
        slot(free_first)->up = n & 0xFFFFFu;
    free_first = n;
    free_count++;
}

static void free_remove(uint32_t n)
{
    const struct slot *s = slot(n);
    assert(s->kind == SLOT_FREE && free_count > 0);
    if (s->up == ENTRY_NODE_COUNT)
        free_first = s->sibling;
    else
        slot(s->up)->sibling = s->sibling;
    if (s->sibling != ENTRY_NODE_COUNT)
        slot(s->sibling)->up = s->up;
    free_count--;
}

void slot_free(uint32_t n)
{
    free_push(n);
    in_use[n / LEND_PAGE_SLOTS]--;
    pages_empty += in_use[n / LEND_PAGE_SLOTS] == 0;
}

uint32_t slot_take(enum slot_kind kind)
{
    uint32_t n = free_first;
    struct slot *s = slot(n);
    free_remove(n);
    pages_empty -= in_use[n / LEND_PAGE_SLOTS] == 0;
    in_use[n / LEND_PAGE_SLOTS]++;
    *s = (struct slot){.sibling = ENTRY_NODE_COUNT, .parent = ENTRY_NODE_COUNT, .kind = (unsigned)kind & 3u};
    set_child(s, ENTRY_NODE_COUNT);
    return n;
}

/* The first page that is not there; page_end: all are. */
static uint32_t page_gap(void)
{
    uint32_t n = 0;
    while (n < page_end && pages[n])
        n++;
    return n;
}

bool lend_grow(void *page)
{
    uint32_t n = page_gap();
    if (n == PAGES_MAX)
        return false;
    pages[n] = page;
    page_end += n == page_end;
    pages_empty++;
    for (uint32_t i = LEND_PAGE_SLOTS; i-- > 0;) /* low numbers go first */
        free_push(n * LEND_PAGE_SLOTS + i);
    return true;
}

void *lend_shrink(void)
{
    uint32_t n = 0;
    if (!pages_empty)
        return NULL;
    while (!pages[n] || in_use[n])
        n++;
    for (uint32_t i = 0; i < LEND_PAGE_SLOTS; i++)
        free_remove(n * LEND_PAGE_SLOTS + i);
    void *page = pages[n];
    pages[n] = NULL;
    pages_empty--;
    while (page_end && !pages[page_end - 1])
        page_end--;
    return page;
}

uint32_t slots_check(uint32_t is_free)
{
    uint32_t listed = 0, before = ENTRY_NODE_COUNT;
    for (uint32_t n = free_first; n != ENTRY_NODE_COUNT && listed <= free_count; before = n, n = slot(n)->sibling)
        listed += slot(n)->kind == SLOT_FREE && slot(n)->up == before;
    return (uint32_t)(is_free != free_count) + (listed != free_count);
}
