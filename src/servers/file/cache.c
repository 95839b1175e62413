#include "servers/file/cache.h"
#include "common/assert.h"
#include "common/units.h"
#include "servers/file/index.h"
#include <apteryx/file_server.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define AREA_LOW 0x40000000u /* above program and heap */
#define AREA_HIGH 0xB0000000u

static handle_t pager;
static uint32_t self;
static struct index cache;
static uintptr_t area;  /* page i is slot i; behind the last one the bounce page */
static uint32_t bounce; /* its token */
static bool went_round; /* slots that are taken may hold something */

static uintptr_t slot_page(uint32_t slot) { return area + slot * PAGE_BYTES; }
static uint32_t page_slot(uintptr_t page) { return (uint32_t)(page - area) / PAGE_BYTES; }

static index_key_t key_of(uint32_t mounting, uint32_t block, uint32_t bytes)
{
    return block == 0 ? 0 : index_key(mounting, block, bytes);
}
static index_key_t key_of_source(const struct version *version, const struct page_source *source)
{
    return key_of(version->mounting, source->block, source->bytes);
}

/* Marking our own pages: tables and right are there. */
static void pages_empty(uintptr_t start, uint32_t pages)
{
    err_t err = file_mark(pager, self, start, pages * PAGE_BYTES, VM_NONE);
    if (err == OK)
        err = file_mark(pager, self, start, pages * PAGE_BYTES, VM_FILE);
    assert(err == OK);
}

err_t cache_start(handle_t right, uint32_t slots)
{
    pager = right;
    self = process_id();
    TRY(index_start(&cache, slots));
    TRY(vm_find_hole((slots + 1) * PAGE_BYTES, TABLE_SPAN_BYTES, AREA_LOW, AREA_HIGH, &area));
    TRY(file_mark(pager, self, area, (slots + 1) * PAGE_BYTES, VM_FILE));
    return file_hold(pager, slot_page(slots), true, &bounce);
}

handle_t cache_pager(void) { return pager; }

void *cache_bounce(uint32_t *token)
{
    *token = bounce;
    return (void *)slot_page(cache.slots);
}

/* Holds a page if it is there. */
static bool held(uint32_t slot)
{
    uint32_t token;
    return file_hold(pager, slot_page(slot), false, &token) == OK;
}

static void release(uintptr_t page)
{
    err_t err = file_release(pager, page, false);
    assert(err == OK);
}

void cache_release(struct cached *cached)
{
    for (uint32_t i = 0; i < cached->pages; i++)
        release(cached->start + i * PAGE_BYTES);
    cached->pages = 0;
}

uintptr_t cache_fresh(uint32_t n)
{
    uint32_t before = cache.hand, first = index_take(&cache, n);
    went_round |= first < before;
    if (went_round)
        pages_empty(slot_page(first), n);
    return slot_page(first);
}

void cache_keep(struct volume *volume, uint32_t block, uintptr_t page)
{
    index_set(&cache, page_slot(page), key_of(volume->number, block, PAGE_BYTES));
}

void cache_drop(uintptr_t page)
{
    index_forget(&cache, page_slot(page));
    pages_empty(page, 1);
}

void cache_forget(struct volume *volume, uint32_t block)
{
    uint32_t slot = index_find(&cache, key_of(volume->number, block, PAGE_BYTES));
    if (slot != INDEX_NONE)
        cache_drop(slot_page(slot));
}

/* What is there already, from the slot of the first on. False: that one is gone. */
static bool show_cached(const struct version *version, const struct page_source *sources, uint32_t n,
                        struct cached *cached)
{
    uint32_t slot = index_find(&cache, key_of_source(version, &sources[0]));
    *cached = (struct cached){.start = slot != INDEX_NONE ? slot_page(slot) : 0, .pages = 0};
    for (uint32_t i = 0; slot != INDEX_NONE && i < n && slot + i < cache.slots; i++) {
        if (cache.key[slot + i] != key_of_source(version, &sources[i]) || !held(slot + i))
            break;
        cached->pages++;
    }
    return cached->pages > 0;
}

/* How many pages from the first on are to be read: consecutive blocks, up to one that is there. Those that are gone
 * have their places no more. */
static uint32_t run_to_read(const struct version *version, const struct page_source *sources, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (sources[i].block != sources[0].block + i * version->volume->kind->page_blocks)
            return i;
        uint32_t slot = index_find(&cache, key_of_source(version, &sources[i]));
        if (slot == INDEX_NONE)
            continue;
        if (i > 0 && held(slot)) {
            release(slot_page(slot));
            return i;
        }
        index_forget(&cache, slot);
    }
    return n;
}

/* Pages of zeros, held. As many as can be had: the first at least. */
static err_t hold_fresh(uint32_t n, struct cached *cached, uint32_t *tokens)
{
    *cached = (struct cached){.start = cache_fresh(n), .pages = 0};
    for (uint32_t i = 0; i < n; i++) {
        err_t err = file_hold(pager, cached->start + i * PAGE_BYTES, true, &tokens[i]);
        if (err != OK)
            return i > 0 ? OK : err;
        cached->pages++;
    }
    return OK;
}

/* From the page `from` on they are as if they had not been read. */
static void cached_cut(struct cached *cached, uint32_t from)
{
    for (uint32_t i = from; i < cached->pages; i++) {
        release(cached->start + i * PAGE_BYTES);
        pages_empty(cached->start + i * PAGE_BYTES, 1);
    }
    cached->pages = from;
}

err_t cache_show(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                 struct cached *cached)
{
    uint32_t tokens[CACHE_RUN_MAX];
    const struct volume_kind *kind = version->volume->kind;
    if (show_cached(version, sources, n, cached))
        return OK;
    bool zeros = sources[0].block == 0;
    TRY(hold_fresh(run_to_read(version, sources, zeros ? 1 : n), cached, tokens));
    if (!zeros)
        cached_cut(cached, kind->read(version, page, sources, cached->pages, tokens, (uint8_t *)cached->start));
    for (uint32_t i = 0; i < cached->pages; i++)
        index_set(&cache, page_slot(cached->start) + i, key_of_source(version, &sources[i]));
    return cached->pages > 0 ? OK : ERR_IO;
}
