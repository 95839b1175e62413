/* The loader's memory map as frames: type 1 is RAM, rounded inwards; everything else that is named wins over it. */
#include "common/string.h"
#include "kernel/boot/inside.h"

#define TYPE_RAM 1u
#define KIB UINT64_C(1024)
#define BIOS_FRAMES_END 0x100u /* 1 MiB */
#define EBDA_SEGMENT 0x40Eu    /* BIOS data area: where the extended one begins */
#define EBDA_END 0xA0u         /* frame */

struct map_entry {
    uint32_t size; /* of the rest */
    uint64_t base, length;
    uint32_t type;
} __attribute__((packed));

static uint64_t lesser(uint64_t a, uint64_t b) { return a < b ? a : b; }

bool frame_map_take(struct frame_map *map, uint32_t first, uint32_t end, struct refusal *no)
{
    if (map->taken_count == FRAME_RANGES_MAX)
        return refused(no, "memory", "more than %u ranges are taken", FRAME_RANGES_MAX);
    if (first < end)
        map->taken[map->taken_count++] = (struct frame_range){first, end};
    return true;
}

static bool ram_add(struct boot_info *boot, uint64_t start, uint64_t end, struct refusal *no)
{
    struct frame_map *map = &boot->map;
    uint64_t limit = (uint64_t)map->limit << PAGE_SHIFT, inside = lesser(end, limit);
    uint32_t first = (uint32_t)((lesser(start, limit) + PAGE_BYTES - 1) >> PAGE_SHIFT);
    uint32_t behind = (uint32_t)(inside >> PAGE_SHIFT);
    if (end > limit)
        boot->ram_above += end - (start > limit ? start : limit);
    if (first >= behind)
        return true;
    if (map->ram_count == FRAME_RANGES_MAX)
        return refused(no, "memory", "more than %u ranges of RAM", FRAME_RANGES_MAX);
    map->ram[map->ram_count++] = (struct frame_range){first, behind};
    return true;
}

static bool entry_add(struct boot_info *boot, const struct map_entry *e, struct refusal *no)
{
    const uint64_t highest = (uint64_t)FRAME_COUNT_MAX << PAGE_SHIFT;
    uint64_t end = e->length > UINT64_MAX - e->base ? UINT64_MAX : e->base + e->length;
    if (e->type == TYPE_RAM)
        return ram_add(boot, e->base, end, no);
    if (e->length == 0 || e->base >= (uint64_t)boot->map.limit << PAGE_SHIFT)
        return true;
    return frame_map_take(&boot->map, (uint32_t)(e->base >> PAGE_SHIFT),
                          (uint32_t)((lesser(end, highest) + PAGE_BYTES - 1) >> PAGE_SHIFT), no);
}

static bool entries_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                         struct refusal *no)
{
    uint32_t offset = 0;
    while (offset < info->map_bytes) {
        struct map_entry entry;
        const void *from = physical_read(memory, info->map + offset, sizeof entry);
        if (from == NULL || info->map + offset < info->map)
            return refused(no, "memory", "the memory map leaves memory");
        memcpy(&entry, from, sizeof entry);
        uint32_t step = entry.size + (uint32_t)sizeof entry.size; /* wraps to 0 for the largest sizes */
        if (entry.size < sizeof entry - sizeof entry.size || step < entry.size || step > info->map_bytes - offset)
            return refused(no, "memory", "entry of %u bytes in the memory map", entry.size);
        if (!entry_add(boot, &entry, no))
            return false;
        offset += step;
    }
    return true;
}

/* Frame 0 holds the BIOS data area, the frames below 640 KiB its extended part, those above it ROM and video. */
static bool bios_take(const struct physical *memory, struct frame_map *map, struct refusal *no)
{
    const void *from = physical_read(memory, EBDA_SEGMENT, 2);
    uint16_t segment = 0;
    if (from != NULL)
        memcpy(&segment, from, sizeof segment);
    uint32_t ebda = (uint32_t)segment >> 8; /* 16-byte units to frames */
    return frame_map_take(map, 0, 1, no) && frame_map_take(map, ebda > 0 ? ebda : EBDA_END, EBDA_END, no) &&
           frame_map_take(map, EBDA_END, BIOS_FRAMES_END, no);
}

bool memory_map_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                     struct refusal *no)
{
    bool read;
    if (info->flags & MULTIBOOT_MAP)
        read = entries_read(memory, info, boot, no);
    else if (info->flags & MULTIBOOT_MEMORY)
        read = ram_add(boot, 0, info->memory_lower * KIB, no) &&
               ram_add(boot, KIB * KIB, KIB * KIB + info->memory_upper * KIB, no);
    else
        return refused(no, "memory", "the boot loader gave no memory map");
    return read && bios_take(memory, &boot->map, no);
}
