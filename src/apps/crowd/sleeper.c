/* One of the crowd. It holds no more than it must: its pages lie in the 4 MiB of its program and stack. */
#include "apps/crowd/crowd.h"
#include "apps/stress/page.h"
#include "common/units.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define PAGES_START 0x00200000u

static struct page_key key_of(const struct crowd *crowd, uint32_t page, uint32_t generation)
{
    return (struct page_key){crowd->seed, crowd->sleeper, page, generation};
}

static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(PAGES_START + page * PAGE_BYTES); }

static void pages_fill(const struct crowd *crowd, uint32_t generation)
{
    for (uint32_t page = 0; page < crowd->pages; page++) {
        const struct page_key key = key_of(crowd, page, generation);
        page_fill(page_at(page), &key);
    }
}

static bool page_is_right(const struct crowd *crowd, uint32_t page, uint32_t generation)
{
    struct page_fault fault;
    const struct page_key key = key_of(crowd, page, generation);
    if (page_check(page_at(page), &key, &fault))
        return true;
    print("crowd: process %u page %u generation %u: word %u is 0x%08x, not 0x%08x\n", key.process, page, generation,
          fault.word, fault.is, fault.should_be);
    return false;
}

static uint32_t pages_wrong(const struct crowd *crowd, uint32_t generation)
{
    uint32_t wrong = 0;
    for (uint32_t page = 0; page < crowd->pages; page++)
        wrong += !page_is_right(crowd, page, generation);
    return wrong;
}

int sleeper_run(const struct crowd *crowd)
{
    struct message m = {.label = CROWD_ARRIVED, .words = CROWD_WORDS};
    m.word[CROWD_WHO] = crowd->sleeper;
    m.word[CROWD_ERROR] = vm_set(PAGES_START, crowd->pages * PAGE_BYTES, VM_ON_DEMAND);
    if (m.word[CROWD_ERROR] == OK)
        pages_fill(crowd, 0);
    for (uint32_t generation = 0; ipc_call(start_handle(PARENT_PORT), &m) == OK; generation++) {
        uint32_t wrong = crowd->verify ? pages_wrong(crowd, generation) : 0;
        pages_fill(crowd, generation + 1);
        m.label = CROWD_ARRIVED;
        m.words = CROWD_WORDS;
        m.word[CROWD_WHO] = crowd->sleeper;
        m.word[CROWD_VERIFIED] = crowd->verify ? crowd->pages : 0;
        m.word[CROWD_WRONG] = wrong;
        m.word[CROWD_ERROR] = OK;
    }
    return STATUS_LOST; /* the parent ends it; it is gone */
}
