/* From the boot loader's memory map to a pool: where the record array goes, and the first state of every frame.
 * The map's ranges may overlap, lie in any order, be empty or reversed; what is taken wins over what is RAM. */
#include "kernel/frames/pool.h"

static uint32_t lesser(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* One more than the highest RAM frame that is used. */
static uint32_t map_end(const struct frame_map *map)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < map->ram_count; i++) {
        uint32_t above = lesser(map->ram[i].end, map->limit);
        if (map->ram[i].first < above && above > end)
            end = above;
    }
    return lesser(end, FRAME_NONE.n);
}

/* Where [start, start + count) meets something taken, move start behind it. */
static bool move_past_taken(const struct frame_map *map, uint32_t *start, uint32_t count)
{
    for (uint32_t i = 0; i < map->taken_count; i++) {
        const struct frame_range *t = &map->taken[i];
        if (t->first < *start + count && *start < t->end) {
            *start = t->end;
            return true;
        }
    }
    return false;
}

err_t frames_place_records(const struct frame_map *map, uint32_t low_end, struct frame_range *where)
{
    uint32_t count = pages_for(map_end(map) * (uint32_t)sizeof(struct frame_record));
    bool found = false;
    for (uint32_t i = 0; i < map->ram_count && count > 0; i++) {
        uint32_t start = map->ram[i].first, end = lesser(lesser(map->ram[i].end, map->limit), low_end);
        while (start < end && end - start >= count && move_past_taken(map, &start, count)) {
        }
        if (start >= end || end - start < count || (found && start >= where->first))
            continue;
        *where = (struct frame_range){start, start + count};
        found = true;
    }
    return found ? OK : ERR_MEMORY;
}

static void mark(struct frame_range range, enum frame_state from, enum frame_state to)
{
    for (uint32_t n = range.first; n < range.end && n < pool.end; n++) {
        if (record_state(&pool.records[n]) == from)
            record_set_state(&pool.records[n], to);
    }
}

static void clear_pool(struct frame_record *records, uint32_t end, uint32_t low_end)
{
    pool = (struct frame_pool){.records = records, .end = end, .low_end = lesser(low_end, end)};
    pool.head[0][0] = pool.head[0][1] = pool.head[1][0] = pool.head[1][1] = FRAME_NONE;
    for (uint32_t n = 0; n < end; n++) {
        records[n] = (struct frame_record){{0}};
        record_set_block(&records[n], BLOCK_NONE);
    }
    _Static_assert(FRAME_NOT_RAM == 0, "a cleared record is NOT_RAM");
}

void frames_start(const struct frame_map *map, uint32_t low_end, struct frame_record *records, struct frame_range where)
{
    clear_pool(records, map_end(map), low_end);
    for (uint32_t i = 0; i < map->ram_count; i++)
        mark(map->ram[i], FRAME_NOT_RAM, FRAME_FREE);
    for (uint32_t i = 0; i < map->taken_count; i++)
        mark(map->taken[i], FRAME_FREE, FRAME_KERNEL);
    mark(where, FRAME_FREE, FRAME_RECORDS);
    for (uint32_t n = pool.end; n > 0; n--) { /* downwards, so that the lowest frame is taken first */
        enum frame_state state = record_state(&pool.records[n - 1]);
        if (state == FRAME_FREE)
            pool_put((frame_t){n - 1}, FRAME_FREE);
        else
            pool.count[state]++;
    }
    pool.ram = pool.end - pool.count[FRAME_NOT_RAM];
}
