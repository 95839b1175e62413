/* Looking a function up in the symbol table of a program's file. Every offset in it may be wrong. */
#include "common/string.h"
#include "common/elf.h"
#include "common/elf_format.h"

struct elf_section {
    uint32_t name, type, flags, address, offset, bytes, link, info, align, entry_bytes;
};
struct elf_symbol {
    uint32_t name, value, bytes;
    uint8_t info, other;
    uint16_t section;
};

enum { SECTION_SYMBOLS = 2, SECTION_EXECUTABLE = 4, SYMBOL_PLAIN = 0, SYMBOL_FUNCTION = 2, SYMBOL_TYPE = 15 };

struct sections {
    const uint8_t *image;
    uint32_t bytes, offset, count;
};

static bool sections_find(const uint8_t *image, uint32_t bytes, struct sections *all)
{
    struct elf_header header;
    if (bytes < sizeof header)
        return false;
    memcpy(&header, image, sizeof header);
    *all = (struct sections){image, bytes, header.section_offset, header.section_count};
    return header.section_bytes == sizeof(struct elf_section) &&
           elf_within(all->offset, all->count * sizeof(struct elf_section), bytes);
}

/* False: no such section, or its content is not in the file. */
static bool section_read(const struct sections *all, uint32_t number, struct elf_section *section)
{
    if (number >= all->count)
        return false;
    memcpy(section, all->image + all->offset + number * sizeof *section, sizeof *section);
    return elf_within(section->offset, section->bytes, all->bytes);
}

static bool section_find(const struct sections *all, uint32_t type, struct elf_section *section)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (section_read(all, i, section) && section->type == type)
            return true;
    return false;
}

static bool is_code(const struct sections *all, const struct elf_symbol *symbol, uint32_t address)
{
    uint32_t type = symbol->info & SYMBOL_TYPE;
    struct elf_section home;
    return (type == SYMBOL_PLAIN || type == SYMBOL_FUNCTION) && section_read(all, symbol->section, &home) &&
           (home.flags & SECTION_EXECUTABLE) && address >= home.address && address - home.address < home.bytes;
}

/* The text at an offset of a table of names. False: it has no end there, or is empty. */
static bool name_read(const struct sections *all, const struct elf_section *names, uint32_t offset,
                      struct elf_function *found)
{
    found->name = (const char *)all->image + names->offset + offset;
    found->name_bytes = 0;
    while (offset + found->name_bytes < names->bytes && found->name[found->name_bytes] != '\0')
        found->name_bytes++;
    return found->name_bytes > 0 && offset + found->name_bytes < names->bytes;
}

bool elf_function(const uint8_t *image, uint32_t bytes, uint32_t address, struct elf_function *found)
{
    struct sections all;
    struct elf_section table, names;
    struct elf_symbol symbol, nearest = {.value = 0};
    bool any = false;
    if (!sections_find(image, bytes, &all) || !section_find(&all, SECTION_SYMBOLS, &table) ||
        !section_read(&all, table.link, &names))
        return false;
    for (uint32_t at = 0; elf_within(at, sizeof symbol, table.bytes); at += sizeof symbol) {
        memcpy(&symbol, image + table.offset + at, sizeof symbol);
        if (symbol.value <= address && (!any || symbol.value > nearest.value) && is_code(&all, &symbol, address)) {
            nearest = symbol;
            any = true;
        }
    }
    found->offset = address - nearest.value;
    return any && nearest.name < names.bytes && name_read(&all, &names, nearest.name, found);
}
