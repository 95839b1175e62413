/* The kernel's command line: KEY=VALUE words. A loader may put the kernel's own path first. */
#include "common/number.h"
#include "common/string.h"
#include "kernel/boot/inside.h"

#define READAHEAD_MAX 64u

static const char *value_of(const char *word, const char *key)
{
    size_t length = strlen(key);
    return memcmp(word, key, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static bool breakage_read(const char *word, enum breakage *breakage)
{
#define BREAKAGE_ROW(name, word) [BREAKAGE_##name] = (word),
    static const char *const words[] = {BREAKAGES(BREAKAGE_ROW)};
#undef BREAKAGE_ROW
    for (uint32_t i = BREAKAGE_NONE + 1; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i]) == 0) {
            *breakage = (enum breakage)i;
            return true;
        }
    return false;
}

static bool word_read(const char *word, struct boot_info *boot, struct refusal *no)
{
    const char *value;
    if ((value = value_of(word, "readahead")) != NULL) {
        if (!number_decimal(value, &boot->readahead) || boot->readahead > READAHEAD_MAX)
            return refused(no, "command line", "%s: 0 to %u pages", word, READAHEAD_MAX);
        return true;
    }
    if ((value = value_of(word, "debug")) != NULL && breakage_read(value, &boot->breakage))
        return true;
    return refused(no, "command line", "%s is not known", word);
}

static bool is_path(const char *word)
{
    for (; *word && *word != '='; word++)
        if (*word == '/')
            return true;
    return false;
}

bool command_line_read(const struct physical *memory, const struct multiboot_info *info, struct boot_info *boot,
                       struct refusal *no)
{
    char word[BOOT_TEXT_BYTES];
    uint32_t text = info->command_line, length;
    if (!(info->flags & MULTIBOOT_COMMAND_LINE))
        return true;
    for (bool first = true; (length = word_next(memory, &text, word, sizeof word)) > 0; first = false) {
        if (length == sizeof word)
            return refused(no, "command line", "a word of more than %u letters", (uint32_t)sizeof word - 1u);
        if (!(first && is_path(word)) && !word_read(word, boot, no))
            return false;
    }
    return true;
}
