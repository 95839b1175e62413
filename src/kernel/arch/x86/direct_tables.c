#include "kernel/arch/x86/direct_tables.h"

/* A range that begins at `start` would touch something taken: the end of that, or start itself when all is free. */
static uint32_t behind_taken(const struct frame_map *map, uint32_t start, uint32_t count)
{
    for (uint32_t i = 0; i < map->taken_count; i++) {
        const struct frame_range *t = &map->taken[i];
        if (t->first < start + count && start < t->end)
            return t->end;
    }
    return start;
}

err_t direct_tables_place(struct frame_map *map, uint32_t count, uint32_t end, frame_t *first)
{
    if (map->taken_count == FRAME_RANGES_MAX)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < map->ram_count; i++) {
        uint32_t start = map->ram[i].first, above = map->ram[i].end < end ? map->ram[i].end : end, next;
        while (start + count <= above && (next = behind_taken(map, start, count)) != start)
            start = next;
        if (start + count > above)
            continue;
        map->taken[map->taken_count++] = (struct frame_range){start, start + count};
        *first = (frame_t){start};
        return OK;
    }
    return ERR_MEMORY;
}
