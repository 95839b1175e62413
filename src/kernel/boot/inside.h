/* Inside boot only: the parts of multiboot_read. Each answers false with a refusal filled in. */
#ifndef KERNEL_BOOT_INSIDE_H
#define KERNEL_BOOT_INSIDE_H

#include "kernel/boot/multiboot.h"

/* The fields of the information structure that we read; `flags` says which are there. */
struct multiboot_info {
    uint32_t flags, memory_lower, memory_upper, boot_device, command_line, module_count, modules;
    uint32_t symbols[4], map_bytes, map;
};
enum multiboot_flag {
    MULTIBOOT_MEMORY = 1u << 0,
    MULTIBOOT_COMMAND_LINE = 1u << 2,
    MULTIBOOT_MODULES = 1u << 3,
    MULTIBOOT_MAP = 1u << 6
};

/* `bytes` readable bytes at a physical address, or NULL. */
const void *physical_read(const struct physical *memory, uint32_t address, uint32_t bytes);

/* The next word of a text: letters up to a blank or NUL. Copies at most room - 1 bytes and a NUL; moves *address.
 * Returns its length; 0: the text ended; room: too long, or the text leaves memory. */
uint32_t word_next(const struct physical *memory, uint32_t *address, char *word, uint32_t room);

__attribute__((format(printf, 3, 4))) bool refused(struct refusal *no, const char *what, const char *format, ...);

bool memory_map_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                     struct refusal *no);
bool frame_map_take(struct frame_map *map, uint32_t first, uint32_t end, struct refusal *no);
bool modules_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                  struct refusal *no);
bool command_line_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                       struct refusal *no);

#endif
