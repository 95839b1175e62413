#include "kernel/task/pool.h"
#include "abi/layout.h"
#include "common/string.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/pager/pager.h"

/* Stands at the start of each page of a pool; the objects follow, a free one's first word is the next free one. */
struct pool_page {
    struct list_node in_pool;
    void *free;
    uint32_t used;
};
#define POOL_FIRST_OBJECT 16u
_Static_assert(sizeof(struct pool_page) == POOL_FIRST_OBJECT, "objects begin right behind the page's head");

static struct pool_page *page_of(void *object)
{
    return (struct pool_page *)((uintptr_t)object & ~(uintptr_t)(PAGE_BYTES - 1));
}

static void free_list_push(struct pool_page *page, void *object)
{
    *(void **)object = page->free;
    page->free = object;
}

static err_t page_add(struct pool *of)
{
    frame_t frame;
    TRY(pager_object_frame(FRAME_KERNEL, &frame));
    struct pool_page *page = frame_pointer(frame);
    *page = (struct pool_page){.free = NULL};
    list_start(&page->in_pool);
    uint32_t last = (PAGE_BYTES - POOL_FIRST_OBJECT) / of->object_bytes;
    for (uint32_t i = last; i > 0; i--)
        free_list_push(page, (uint8_t *)page + POOL_FIRST_OBJECT + (i - 1) * of->object_bytes);
    list_push_front(&of->pages, &page->in_pool);
    return OK;
}

err_t pool_take(struct pool *of, struct account *payer, void **result)
{
    assert(of->object_bytes <= POOL_OBJECT_MAX);
    if (!account_fits_object(payer, of->object_bytes))
        return ERR_LIMIT;
    if (list_empty(&of->pages))
        TRY(page_add(of));
    TRY(account_charge_object(payer, of->object_bytes));
    struct pool_page *page = list_member(list_first(&of->pages), struct pool_page, in_pool);
    void *object = page->free;
    assert(object); /* or the page would not stand in the list */
    page->free = *(void **)object;
    page->used++;
    if (!page->free)
        list_remove(&page->in_pool);
    *result = memset(object, 0, of->object_bytes);
    return OK;
}

void pool_return(struct pool *of, struct account *payer, void *object)
{
    struct pool_page *page = page_of(object);
    account_refund_object(payer, of->object_bytes);
    assert(page->used > 0);
    if (!page->free)
        list_push_back(&of->pages, &page->in_pool);
    free_list_push(page, object);
    if (--page->used == 0) {
        list_remove(&page->in_pool);
        frame_return(address_frame((uint32_t)((uintptr_t)page - DIRECT_MAP)));
    }
}
