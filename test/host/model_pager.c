/* sources: src/kernel/frames/frames*.c src/usage/core/[!t]*.c */
#include "model_pager.h"
#include "common/assert.h"
#include <stdlib.h>
#include <string.h>

enum entry_kind { NONE, MAPPED, TRANSIT, SWAP };
struct entry {
    enum entry_kind kind;
    frame_t frame;
    block_t block;
    bool accessed, dirty;
};
struct write {
    frame_t frame;
    uint32_t done_at; /* in faults */
    bool live;        /* the frame is still the one that was submitted */
};

struct model_counts model_counts;
static struct model_options options;
static struct entry *entries;
static struct frame_record *records;
static uint32_t *block_map;
static struct write *writes; /* a queue */
static uint32_t write_first, write_end, write_room, faults;

static struct entry *entry_of(frame_t frame)
{
    struct entry *e = &entries[record_page(frame_record(frame)).n];
    assert(frame_same(e->frame, frame) && (e->kind == MAPPED || e->kind == TRANSIT));
    return e;
}

void model_start(const struct model_options *o)
{
    options = *o;
    memset(&model_counts, 0, sizeof model_counts);
    struct frame_map map = {.ram = {{0, o->frames}}, .ram_count = 1, .limit = o->frames};
    uint32_t low_end = o->low_end ? o->low_end : o->frames;
    entries = calloc(o->pages, sizeof *entries);
    records = calloc(o->frames, sizeof *records);
    write_room = o->frames + 1;
    writes = calloc(write_room, sizeof *writes);
    write_first = write_end = faults = 0;
    frames_start(&map, low_end, records, (struct frame_range){0, 0});
    struct usage_setup setup = {records, o->frames, low_end, o->frames};
    usage_module.start(&setup);
    block_map = calloc(1, usage_module.map_bytes(o->blocks));
    usage_module.map_start(o->blocks, block_map);
}

void model_end(void)
{
    free(entries);
    free(records);
    free(writes);
    free(block_map);
}

uint32_t model_resident(void)
{
    return frame_count(FRAME_MAPPED) + frame_count(FRAME_STANDBY) + frame_count(FRAME_WRITING);
}

/* ---- the disk ---- */

static void complete_oldest_write(void)
{
    struct write w = writes[write_first];
    write_first = (write_first + 1) % write_room;
    if (!w.live)
        return;
    frame_set_state(w.frame, FRAME_STANDBY);
    usage_module.standby(w.frame);
}

static bool writes_in_flight(void) { return write_first != write_end; }

static void complete_writes(void)
{
    while (writes_in_flight() && writes[write_first].done_at <= faults)
        complete_oldest_write();
}

static void forget_write(frame_t frame)
{
    for (uint32_t i = write_first; i != write_end; i = (i + 1) % write_room) {
        if (frame_same(writes[i].frame, frame))
            writes[i].live = false;
    }
}

/* ---- carrying out actions ---- */

static void free_block(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_has_block(r))
        assert(usage_module.block_free(record_block(r)));
    record_set_block(r, BLOCK_NONE);
}

static void evict_clean(frame_t frame)
{
    entry_of(frame)->kind = TRANSIT;
    frame_set_state(frame, FRAME_STANDBY);
    usage_module.evicted(frame);
    model_counts.evicted_clean++;
}

static void submit(frame_t frame, block_t block)
{
    struct entry *e = entry_of(frame);
    free_block(frame);
    record_set_block(frame_record(frame), block);
    e->kind = TRANSIT;
    e->dirty = false;
    frame_set_state(frame, FRAME_WRITING);
    usage_module.evicted(frame);
    writes[write_end] = (struct write){frame, faults + options.write_delay, true};
    write_end = (write_end + 1) % write_room;
    assert(writes_in_flight());
    model_counts.written++;
}

static bool needs_write(frame_t frame) { return entry_of(frame)->dirty || !record_has_block(frame_record(frame)); }

static bool may_join(uint32_t page)
{
    if (page >= options.pages || entries[page].kind != MAPPED)
        return false;
    return needs_write(entries[page].frame) && usage_module.is_cold(entries[page].frame);
}

/* The victim and its cold neighbours, to consecutive blocks. */
static bool evict_dirty(frame_t victim)
{
    uint32_t page = record_page(frame_record(victim)).n, first = page, end = page + 1;
    while (end - first < options.cluster && may_join(end))
        end++;
    while (end - first < options.cluster && first > 0 && may_join(first - 1))
        first--;
    if (usage_module.blocks_used() == options.blocks)
        model_spare_blocks(end - first);
    block_t block;
    uint32_t got = usage_module.block_take(end - first, &block);
    if (got == 0)
        return false;
    if (page >= first + got)
        first = page + 1 - got;
    for (uint32_t i = 0; i < got; i++)
        submit(entries[first + i].frame, (block_t){block.n + i});
    model_counts.requests++;
    return true;
}

static bool carry_out_evict(frame_t frame)
{
    if (record_state(frame_record(frame)) != FRAME_MAPPED)
        return false; /* went out as a neighbour */
    if (needs_write(frame))
        return evict_dirty(frame);
    evict_clean(frame);
    return true;
}

static bool carry_out_take(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    assert(record_state(r) == FRAME_STANDBY && record_has_block(r));
    struct entry *e = entry_of(frame);
    e->kind = SWAP;
    e->block = record_block(r);
    record_set_block(r, BLOCK_NONE);
    usage_module.removed(frame);
    frame_return(frame);
    model_counts.taken++;
    return true;
}

static bool carry_out_sample(frame_t frame)
{
    if (record_state(frame_record(frame)) != FRAME_MAPPED)
        return false; /* went out earlier in the same answer */
    struct entry *e = entry_of(frame);
    bool accessed = e->accessed;
    e->accessed = false;
    model_counts.samples++;
    usage_module.sampled(frame, accessed, e->dirty);
    return true;
}

static bool carry_out_clean(frame_t frame)
{
    assert(record_state(frame_record(frame)) == FRAME_MAPPED);
    block_t block;
    if (!needs_write(frame) || usage_module.block_take(1, &block) == 0)
        return false;
    free_block(frame);
    record_set_block(frame_record(frame), block);
    entry_of(frame)->dirty = false;
    usage_module.cleaned(frame);
    model_counts.cleaned++;
    return true;
}

static bool carry_out_drop(frame_t frame)
{
    assert(record_state(frame_record(frame)) == FRAME_MAPPED && record_has_block(frame_record(frame)));
    free_block(frame);
    entry_of(frame)->dirty = true;
    model_counts.dropped_blocks++;
    return true;
}

static bool carry_out(struct usage_action action)
{
    switch (action.kind) {
    case USAGE_SAMPLE:
        return carry_out_sample(action.frame);
    case USAGE_EVICT:
        return carry_out_evict(action.frame);
    case USAGE_TAKE:
        return carry_out_take(action.frame);
    case USAGE_CLEAN:
        return carry_out_clean(action.frame);
    case USAGE_DROP_BLOCK:
        return carry_out_drop(action.frame);
    }
    assert_failed("an action of a known kind", __FILE__, __LINE__);
}

static uint32_t carry_out_all(const struct usage_action *actions, uint32_t n)
{
    uint32_t done = 0;
    assert(n <= USAGE_ROOM);
    for (uint32_t i = 0; i < n; i++)
        done += carry_out(actions[i]);
    model_counts.passed_over += n - done;
    return done;
}

void model_reclaim(enum usage_zone zone, uint32_t want)
{
    enum frame_use use = zone == USAGE_ZONE_LOW ? FRAME_USE_LOW : FRAME_USE_USER;
    uint32_t goal = frame_count_free(use) + want;
    while (frame_count_free(use) < goal) {
        struct usage_action actions[USAGE_ROOM];
        uint32_t n = usage_module.choose(zone, goal - frame_count_free(use), actions, USAGE_ROOM);
        if (carry_out_all(actions, n) > 0)
            continue;
        if (!writes_in_flight())
            return;
        complete_oldest_write();
    }
}

void model_clean_ahead(void)
{
    struct usage_action actions[USAGE_ROOM];
    carry_out_all(actions, usage_module.clean_ahead(actions, USAGE_ROOM));
}

void model_spare_blocks(uint32_t want)
{
    struct usage_action actions[USAGE_ROOM];
    carry_out_all(actions, usage_module.spare_blocks(want, actions, USAGE_ROOM));
}

/* ---- faults ---- */

static frame_t take_frame(void)
{
    if (frame_count_free(FRAME_USE_USER) < options.water_low)
        model_reclaim(USAGE_ZONE_ANY, options.water_high - frame_count_free(FRAME_USE_USER));
    frame_t frame = FRAME_NONE;
    bool zeroed;
    err_t e = frame_take(FRAME_USE_USER, FRAME_MAPPED, &frame, &zeroed);
    assert(e == OK);
    return frame;
}

static void bring_in(uint32_t page, enum usage_why why)
{
    struct entry *e = &entries[page];
    frame_t frame = take_frame();
    record_set_page(frame_record(frame), (page_t){page});
    if (why == USAGE_SWAPPED_IN)
        record_set_block(frame_record(frame), e->block);
    *e = (struct entry){.kind = MAPPED, .frame = frame, .block = BLOCK_NONE};
    usage_module.inserted(frame, why, USAGE_DISTANCE_UNKNOWN);
}

static void map_again(uint32_t page)
{
    frame_t frame = entries[page].frame;
    if (record_state(frame_record(frame)) == FRAME_WRITING)
        forget_write(frame);
    entries[page].kind = MAPPED;
    frame_set_state(frame, FRAME_MAPPED);
    usage_module.soft_touched(frame);
    model_counts.soft_faults++;
}

static void fault(uint32_t page)
{
    faults++;
    complete_writes();
    if (entries[page].kind == TRANSIT) {
        map_again(page);
    } else if (entries[page].kind == SWAP) {
        bring_in(page, USAGE_SWAPPED_IN);
        model_counts.page_ins++;
    } else {
        bring_in(page, USAGE_ZERO_FILL);
        model_counts.zero_fills++;
    }
}

void model_touch(uint32_t page, bool write)
{
    struct entry *e = &entries[page];
    if (e->kind != MAPPED)
        fault(page);
    e->accessed = true;
    e->dirty = e->dirty || write;
}

void model_discard(uint32_t page)
{
    struct entry *e = &entries[page];
    if (e->kind == SWAP) {
        assert(usage_module.block_free(e->block));
    } else if (e->kind != NONE) {
        if (record_state(frame_record(e->frame)) == FRAME_WRITING)
            forget_write(e->frame);
        free_block(e->frame);
        usage_module.removed(e->frame);
        frame_return(e->frame);
    }
    *e = (struct entry){.kind = NONE, .frame = FRAME_NONE, .block = BLOCK_NONE};
}

/* ---- agreement ---- */

static void check_entry(const struct entry *e, uint32_t page)
{
    if (e->kind == NONE)
        return;
    if (e->kind == SWAP) {
        assert(usage_module.block_taken(e->block));
        return;
    }
    const struct frame_record *r = frame_record(e->frame);
    enum frame_state state = record_state(r);
    assert(record_page(r).n == page);
    assert((e->kind == MAPPED) == (state == FRAME_MAPPED));
    assert(e->kind == MAPPED || state == FRAME_STANDBY || state == FRAME_WRITING);
    assert(!record_has_block(r) || usage_module.block_taken(record_block(r)));
}

void model_check(void)
{
    uint32_t owned = 0, framed = 0;
    uint8_t *owners = calloc(options.blocks, 1);
    for (uint32_t page = 0; page < options.pages; page++) {
        const struct entry *e = &entries[page];
        check_entry(e, page);
        framed += e->kind == MAPPED || e->kind == TRANSIT;
        block_t block = e->kind == SWAP ? e->block : BLOCK_NONE;
        if (e->kind == MAPPED || e->kind == TRANSIT)
            block = record_block(frame_record(e->frame));
        if (block_same(block, BLOCK_NONE))
            continue;
        assert(owners[block.n]++ == 0);
        owned++;
    }
    assert(owned == usage_module.blocks_used());
    assert(framed == model_resident());
    free(owners);
}
