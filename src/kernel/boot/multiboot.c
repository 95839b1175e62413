#include "kernel/boot/multiboot.h"
#include "common/format.h"
#include "common/string.h"
#include "kernel/boot/inside.h"

#define RAM_FRAMES_MIN 1792u  /* 7 MiB: what an 8 MiB machine has left behind its holes, and some */
#define LIMIT_FRAMES 0xC0000u /* 3 GiB */

const void *physical_read(const struct physical *memory, uint32_t address, uint32_t bytes)
{
    if (bytes > memory->bytes || address > memory->bytes - bytes)
        return NULL;
    return memory->start + address;
}

uint32_t word_next(const struct physical *memory, uint32_t *address, char *word, uint32_t room)
{
    uint32_t length = 0;
    for (;; (*address)++) {
        const char *c = physical_read(memory, *address, 1);
        if (c == NULL)
            return room;
        if (*c == ' ' && length == 0)
            continue;
        if (*c == ' ' || *c == '\0') {
            word[length] = '\0';
            return length;
        }
        if (length + 1 == room)
            return room;
        word[length++] = *c;
    }
}

static void put(void *sink, char c)
{
    struct refusal *no = sink;
    size_t length = strlen(no->why);
    if (length + 1 < sizeof no->why) {
        no->why[length] = c;
        no->why[length + 1] = '\0';
    }
}

bool refused(struct refusal *no, const char *what, const char *text, ...)
{
    va_list arguments;
    no->what = what;
    no->why[0] = '\0';
    va_start(arguments, text);
    format(put, no, text, arguments);
    va_end(arguments);
    return false;
}

static uint32_t ram_frames(const struct frame_map *map)
{
    uint32_t frames = 0;
    for (uint32_t i = 0; i < map->ram_count; i++)
        frames += map->ram[i].end - map->ram[i].first;
    return frames;
}

bool multiboot_read(const struct physical *memory, uint32_t address, struct frame_range image, struct boot_info *boot,
                    struct refusal *no)
{
    struct multiboot_info info;
    const void *from = physical_read(memory, address, sizeof info);
    if (from == NULL)
        return refused(no, "memory", "the Multiboot information at %08x is out of reach", address);
    memcpy(&info, from, sizeof info);
    *boot = (struct boot_info){.readahead = BOOT_READAHEAD_DEFAULT, .map.limit = LIMIT_FRAMES};
    if (!memory_map_read(memory, &info, boot, no) || !frame_map_take(&boot->map, image.first, image.end, no))
        return false;
    if (ram_frames(&boot->map) < RAM_FRAMES_MIN)
        return refused(no, "memory", "%u KiB of RAM, %u needed", ram_frames(&boot->map) * (PAGE_BYTES / 1024u),
                       RAM_FRAMES_MIN * (PAGE_BYTES / 1024u));
    return command_line_read(memory, &info, boot, no) && modules_read(memory, &info, boot, no);
}
