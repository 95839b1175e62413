/* ramswap: swap kept in locked RAM, for a machine without a disk. Pages are kept as they are, so that every block it
 * registers is one that it can hold; it takes at most half of the memory that is free when it starts.
 *
 * What it holds dies with it: it is the one server that cannot be restarted unnoticed.
 * Handles: 1 the service port, 2 the swap right. Argument: blocks=N. */
#include "common/string.h"
#include "common/units.h"
#include "servers/help.h"
#include "servers/log.h"
#include "servers/place.h"
#include <apteryx/info.h>
#include <apteryx/swap.h>

#define STATUS_USAGE 2
#define STATUS_NO_MEMORY 3

static uint8_t *store;

static err_t block_read(uint32_t block, void *page)
{
    memcpy(page, store + block * PAGE_BYTES, PAGE_BYTES);
    return OK;
}

static err_t block_write(uint32_t block, const void *page)
{
    memcpy(store + block * PAGE_BYTES, page, PAGE_BYTES);
    return OK;
}

/* Locks room for as many of `wanted` blocks as half of the free memory holds. */
static err_t store_make(uint32_t wanted, uint32_t *blocks)
{
    uintptr_t at;
    uint32_t half = info()->frames_free / 2;
    *blocks = wanted < half ? wanted : half;
    if (*blocks == 0)
        return ERR_MEMORY;
    TRY(place_find(*blocks * PAGE_BYTES, &at));
    store = (uint8_t *)at;
    TRY(vm_set(at, *blocks * PAGE_BYTES, VM_ON_DEMAND));
    return vm_set(at, *blocks * PAGE_BYTES, VM_LOCKED);
}

int main(int argc, char **argv)
{
    static const struct swap_ops ops = {.read = block_read, .write = block_write}; /* all room is held anyway */
    uint32_t wanted, blocks;
    if (help_asked(argc, argv, "ramswap blocks=N", "The swap server that keeps its blocks in RAM."))
        return 0;
    if (!swap_blocks(argc, argv, &wanted)) {
        log_line("ramswap: usage: ramswap blocks=N");
        return STATUS_USAGE;
    }
    err_t err = store_make(wanted, &blocks);
    if (err != OK) {
        log_line("ramswap: no memory (%u)", err);
        return STATUS_NO_MEMORY;
    }
    log_line("ramswap: %u blocks in RAM", blocks);
    err = swap_serve(blocks, &ops);
    log_line("ramswap: cannot serve: %u", err);
    return 1;
}
