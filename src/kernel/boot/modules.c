/* Modules by the first word of their string: usage NAME, archive, commands. A loader may put the file's path first. */
#include "common/string.h"
#include "kernel/boot/inside.h"

struct multiboot_module {
    uint32_t start, end, text, reserved;
};

static bool is_path(const char *word)
{
    while (*word && *word != '/')
        word++;
    return *word == '/';
}

/* The string's first word that is not a path. False: there is none, or it is too long. */
static bool kind_read(const struct physical *memory, uint32_t *text, char *word, uint32_t room)
{
    uint32_t length = word_next(memory, text, word, room);
    if (length > 0 && length < room && is_path(word))
        length = word_next(memory, text, word, room);
    return length > 0 && length < room;
}

static struct boot_module *place_of(struct boot_info *boot, const char *kind)
{
    if (strcmp(kind, "usage") == 0)
        return &boot->usage;
    if (strcmp(kind, "archive") == 0)
        return &boot->archive;
    return strcmp(kind, "commands") == 0 ? &boot->commands : NULL;
}

static bool module_add(const struct physical *memory, const struct multiboot_module *m, struct boot_info *boot,
                       struct refusal *no)
{
    char kind[BOOT_TEXT_BYTES];
    uint32_t text = m->text;
    if (!kind_read(memory, &text, kind, sizeof kind))
        return refused(no, "module", "one without a name at %08x", m->start);
    struct boot_module *place = place_of(boot, kind);
    if (place == NULL)
        return refused(no, "module", "%.32s is not known", kind);
    if (place->start != 0)
        return refused(no, "module", "%s is there twice", kind);
    if (m->end == m->start)
        return true; /* an empty file, which some loaders put at 0: as if it were not there */
    if (m->end < m->start || physical_read(memory, m->start, m->end - m->start) == NULL)
        return refused(no, "module", "%s lies at %08x … %08x, out of reach", kind, m->start, m->end);
    if (place == &boot->usage) {
        uint32_t length = word_next(memory, &text, boot->policy, sizeof boot->policy);
        if (length == 0 || length == sizeof boot->policy)
            return refused(no, "module", "usage has no name, or one of more than %u letters",
                           (uint32_t)sizeof boot->policy - 1u);
    }
    *place = (struct boot_module){m->start, m->end - m->start};
    return frame_map_take(&boot->map, m->start / PAGE_BYTES, pages_for(m->end), no);
}

bool modules_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                  struct refusal *no)
{
    uint32_t count = (info->flags & MULTIBOOT_MODULES) ? info->module_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct multiboot_module m;
        const void *from = physical_read(memory, info->modules + i * (uint32_t)sizeof m, sizeof m);
        if (from == NULL)
            return refused(no, "module", "the list of modules leaves memory");
        memcpy(&m, from, sizeof m);
        if (!module_add(memory, &m, boot, no))
            return false;
    }
    if (boot->usage.bytes == 0)
        return refused(no, "module", "usage is missing or empty");
    if (boot->archive.bytes == 0)
        return refused(no, "module", "archive is missing or empty");
    return true;
}
