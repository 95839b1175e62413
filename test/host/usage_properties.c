#include "usage_properties.h"
#include "common/assert.h"
#include "usage/core/core.h"
#include "random.h"
#include <stdlib.h>

static uint32_t check_list(uint32_t list, uint8_t *seen)
{
    uint32_t count = 0;
    frame_t older = FRAME_NONE;
    for (frame_t f = order_oldest(list); !frame_same(f, FRAME_NONE); f = order_younger(f)) {
        assert(seen[f.n]++ == 0);
        assert(list_of(f) == list);
        assert(frame_same(record_previous(core_record(f)), older));
        older = f;
        count++;
    }
    assert(count == order_count(list));
    return count;
}

/* What the record's state asks for. */
static void check_place(frame_t frame)
{
    enum frame_state state = record_state(core_record(frame));
    if (state == FRAME_MAPPED)
        assert(list_of(frame) < POLICY_LISTS);
    else if (state == FRAME_STANDBY || state == FRAME_WRITING)
        assert(list_of(frame) == LIST_OUT && frame_marked(frame) == (state == FRAME_WRITING));
    else
        assert(record_policy(core_record(frame)) == 0);
}

void usage_check_lists(void)
{
    uint8_t *seen = calloc(core_setup.frame_end, 1);
    uint32_t mapped = 0;
    for (uint32_t list = 0; list < POLICY_LISTS; list++)
        mapped += check_list(list, seen);
    uint32_t out = check_list(LIST_OUT, seen);
    assert(mapped == order_mapped_count() && mapped == frame_count(FRAME_MAPPED));
    assert(out == frame_count(FRAME_STANDBY) + frame_count(FRAME_WRITING));
    assert(core_writing == frame_count(FRAME_WRITING));
    for (uint32_t n = 0; n < core_setup.frame_end; n++)
        check_place((frame_t){n});
    free(seen);
}

static void one_operation(const struct model_options *o)
{
    uint32_t hot = o->pages / 8, what = below(256), page = below(2) ? below(hot) : below(o->pages);
    if (what < 240)
        model_touch(page, below(3) == 0);
    else if (what < 248)
        model_discard(page);
    else if (what < 250)
        model_clean_ahead();
    else if (what < 252)
        model_spare_blocks(1 + below(20));
    else if (what < 254)
        model_reclaim(USAGE_ZONE_LOW, 1 + below(8));
    else
        model_reclaim(USAGE_ZONE_ANY, 1 + below(100));
}

void usage_random_operations(const struct model_options *options, uint32_t seed, uint32_t count)
{
    random_state = seed;
    model_start(options);
    for (uint32_t i = 0; i < count; i++) {
        one_operation(options);
        if (i % 97 == 0) {
            usage_check_lists();
            model_check();
        }
    }
    assert(model_counts.page_ins > 0 && model_counts.soft_faults > 0 && model_counts.dropped_blocks > 0);
    assert(model_counts.cleaned > 0 && model_counts.evicted_clean > 0 && model_counts.requests > 0);
    for (uint32_t page = 0; page < options->pages; page++)
        model_discard(page);
    assert(model_resident() == 0 && usage_module.blocks_used() == 0);
    usage_check_lists();
    model_end();
}

void usage_random_operations_all(void)
{
    struct model_options o = {.pages = 700, .blocks = 2000, .water_low = 8, .water_high = 24, .cluster = 16};
    for (uint32_t seed = 1; seed <= 12; seed++) {
        o.frames = 200 + seed % 4 * 100;
        o.low_end = seed % 2 ? 0 : o.frames / 3;
        o.blocks = seed % 3 ? o.pages + 8 : o.pages - o.frames / 2; /* enough, or so few that copies must go */
        o.write_delay = seed % 5 * 7;
        usage_random_operations(&o, seed * 7919, 20000);
    }
}

uint32_t usage_sequential_passes(uint32_t frames, uint32_t pages)
{
    struct model_options o = {.pages = pages, .frames = frames, .blocks = pages + pages / 10, .cluster = 16};
    o.water_low = frames / 64;
    o.water_high = frames / 32;
    o.write_delay = 4;
    model_start(&o);
    uint32_t written = 0, tenths = 0;
    for (uint32_t round = 0; round < 3; round++) {
        written = model_counts.written;
        for (uint32_t page = 0; page < pages; page++)
            model_touch(page, round == 0);
        if (round == 0)
            tenths = model_counts.written * 10 / model_counts.requests;
    }
    assert(model_counts.page_ins > pages && model_counts.written == written);
    model_end();
    return tenths;
}
