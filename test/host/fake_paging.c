#include "fake_paging.h"
#include "common/assert.h"
#include "kernel/linear/linear.h"
#include <string.h>

#define TLB_WAYS 512u

struct translation {
    bool valid;
    page_t page;
    pte_t entry; /* as it was read, with what the processor has set since */
};

struct direct_map direct_map;
frame_t directory_loaded;
static struct translation tlb[TLB_WAYS];
uint8_t info_frame[PAGE_BYTES];

void fake_paging_start(void *start, uint32_t frames)
{
    direct_map = (struct direct_map){start, frames};
    directory_loaded = FRAME_NONE;
    memset(tlb, 0, sizeof tlb);
    memset(info_frame, 0, sizeof info_frame);
}

/* ---- the TLB ---- */

static struct translation *way_of(page_t page) { return &tlb[(page.n ^ page.n >> 10) % TLB_WAYS]; }

void tlb_flush_user(void) { memset(tlb, 0, sizeof tlb); }

void tlb_forget(uintptr_t linear)
{
    struct translation *t = way_of(address_page(linear));
    if (page_same(t->page, address_page(linear)))
        t->valid = false;
}

static pte_t *entry_in_memory(page_t page)
{
    const pde_t *directory = frame_pointer(directory_loaded);
    pde_t pde = directory[page_directory_index(page)];
    if (!pde_is_table(pde))
        return NULL;
    pte_t *table = frame_pointer(pde_frame(pde));
    return &table[page_table_index(page)];
}

static bool allows(pte_t entry, bool write) { return pte_user(entry) && (!write || pte_writable(entry)); }

static bool walk(struct translation *t, page_t page, bool write)
{
    pte_t *entry = entry_in_memory(page);
    t->valid = false;
    if (entry == NULL || !allows(*entry, write))
        return false;
    entry->w |= ENTRY_MASK(ACCESSED) | ENTRY_PUT(write, DIRTY);
    *t = (struct translation){true, page, *entry};
    return true;
}

bool fake_access(page_t page, bool write)
{
    struct translation *t = way_of(page);
    bool hit = t->valid && page_same(t->page, page) && allows(t->entry, write) && (!write || pte_dirty(t->entry));
    return hit || walk(t, page, write);
}

/* What a stale translation could do wrong: reach another frame, write where it must not, or leave the accessed or
 * dirty bit clear because it believes it set. */
page_t fake_stale(void)
{
    for (uint32_t i = 0; i < TLB_WAYS; i++) {
        const struct translation *t = &tlb[i];
        const pte_t *entry = t->valid ? entry_in_memory(t->page) : NULL;
        if (t->valid && (entry == NULL || !pte_same(*entry, t->entry)))
            return t->page;
    }
    return (page_t){USER_PAGES};
}

/* ---- the gate ---- */

pte_t entry_exchange(pte_t *at, pte_t entry, uintptr_t linear, bool live)
{
    pte_t old = *at;
    *at = entry;
    if (live && pte_present(old))
        tlb_forget(linear);
    return old;
}

pde_t pde_exchange(pde_t *at, pde_t entry, uintptr_t linear, bool live)
{
    pde_t old = *at;
    *at = entry;
    if (live && pde_is_table(old))
        tlb_flush_user();
    else if (live && pde_present(old))
        tlb_forget(linear);
    return old;
}

void pde_store(pde_t *at, pde_t entry, uintptr_t linear, bool live) { (void)pde_exchange(at, entry, linear, live); }

/* ---- directories and frames ---- */

frame_t directory_kernel(void) { return FRAME_NONE; }

frame_t pointer_frame(const void *direct)
{
    return (frame_t){(uint32_t)((const uint8_t *)direct - (const uint8_t *)frame_pointer((frame_t){0})) / PAGE_BYTES};
}

void directory_change(frame_t directory)
{
    directory_loaded = directory;
    tlb_flush_user();
}

void directory_fill_kernel(pde_t *directory)
{
    for (uint32_t i = USER_DIRECTORY_ENTRIES; i < TABLE_ENTRIES; i++)
        directory[i] = (pde_t){FAKE_KERNEL_MARK};
}

void *window_open(unsigned window, frame_t frame)
{
    assert(window < WINDOW_COUNT);
    return frame_pointer(frame);
}
