/* Spaces by their numbers. */
#include "kernel/pager/inside.h"
#include "kernel/task/account.h"

#define SPACES_PER_PAGE (PAGE_BYTES / sizeof(struct space *))
#define SPACE_IDS 0x10000u
#define SPACE_PAGES (SPACE_IDS / SPACES_PER_PAGE)

static struct space **space_pages[SPACE_PAGES]; /* a page of pointers each, made when first needed */
static uint32_t space_count, space_hint = 1;

static struct space **space_slot(uint32_t id)
{
    struct space **page = space_pages[id / SPACES_PER_PAGE];
    return page ? &page[id % SPACES_PER_PAGE] : NULL;
}

struct space *pager_space(uint32_t id)
{
    struct space **slot = space_slot(id);
    assert(slot && *slot);
    return *slot;
}

struct space *pager_space_or_null(uint32_t id)
{
    struct space **slot = id < SPACE_IDS ? space_slot(id) : NULL;
    return slot ? *slot : NULL;
}

uint32_t pager_space_next(uint32_t id)
{
    for (; id < SPACE_IDS; id++) {
        if (!space_slot(id))
            id |= SPACES_PER_PAGE - 1;
        else if (*space_slot(id))
            return id;
    }
    return 0;
}

uint32_t pager_space_count(void) { return space_count; }

static err_t space_page_make(uint32_t id)
{
    frame_t frame;
    TRY(pager_object_frame(FRAME_KERNEL, &frame));
    frame_clear(frame);
    space_pages[id / SPACES_PER_PAGE] = frame_pointer(frame);
    return OK;
}

static err_t space_id_find(uint32_t *id)
{
    for (uint32_t tried = 1; tried < SPACE_IDS; tried++) {
        uint32_t candidate = space_hint;
        space_hint = space_hint % (SPACE_IDS - 1) + 1; /* 0 names no space */
        if (!space_slot(candidate))
            TRY(space_page_make(candidate));
        if (!*space_slot(candidate)) {
            *id = candidate;
            return OK;
        }
    }
    return ERR_LIMIT;
}

static void space_enter(struct space *space)
{
    *space_slot(space->id) = space;
    space_count++;
}

static err_t directory_take(struct account *account, frame_t *directory)
{
    TRY(account_charge(account, LIMIT_PAGES, 1)); /* it may go to swap, as pages may */
    err_t error = pager_object_frame(FRAME_DIRECTORY, directory);
    if (error != OK)
        account_refund(account, LIMIT_PAGES, 1);
    return error;
}

err_t pager_space_open(struct space *space, struct account *account)
{
    uint32_t id;
    frame_t directory;
    TRY(space_id_find(&id));
    TRY(directory_take(account, &directory));
    space_start(space, directory, id);
    space->account = account;
    space_enter(space);
    directory_begin(space);
    return OK;
}

err_t pager_space_open_own(struct space *own, struct space *master)
{
    uint32_t id;
    frame_t directory;
    TRY(space_id_find(&id));
    TRY(directory_take(master->account, &directory));
    space_start_own(own, master, directory, id);
    space_enter(own);
    directory_begin(own);
    return OK;
}

void pager_space_close(struct space *space)
{
    assert(space->resident == 0 && space->nodes == 0);
    counters()->lost += space->swapped;  /* what tables owned that could not be read */
    pager_refund(space, space->charged); /* their pages; and those of an image that was never loaded whole */
    space_end(space);
    if (space_is_here(space) && frame_same(directory_current(), space_directory(space)))
        directory_load(directory_kernel());
    directory_end(space);
    account_refund(space->account, LIMIT_PAGES, 1);
    *space_slot(space->id) = NULL;
    space_count--;
}
