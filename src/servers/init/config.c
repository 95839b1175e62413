#include "servers/init/config.h"
#include "common/number.h"
#include "common/string.h"
#include "common/units.h"

#define PRIORITY_MAX 31u

/* Cuts the first piece off *text, up to `at` or the end, into `word`. False: nothing left. */
static bool cut(const char **text, const char *end, char at, const char **word, uint32_t *bytes)
{
    const char *from = *text;
    while (at == ' ' && from < end && *from == ' ')
        from++;
    if (from >= end)
        return false;
    const char *to = from;
    while (to < end && *to != at)
        to++;
    *word = from;
    *bytes = (uint32_t)(to - from);
    *text = to < end ? to + 1 : end;
    return true;
}

static err_t copy_word(char *to, uint32_t room, const char *from, uint32_t bytes)
{
    if (bytes == 0)
        return ERR_RANGE;
    if (bytes >= room)
        return ERR_TOO_LONG;
    memcpy(to, from, bytes);
    to[bytes] = '\0';
    return OK;
}

/* If text begins with `key`, what follows it; else NULL. */
static const char *after(const char *text, const char *key)
{
    while (*key != '\0')
        if (*text++ != *key++)
            return NULL;
    return text;
}

static err_t number_in(const char *text, uint32_t low, uint32_t high, uint32_t *value)
{
    return number_any(text, value) && *value >= low && *value <= high ? OK : ERR_RANGE;
}

/* FIRST+COUNT, or FIRST alone for a count of 1. */
static err_t range_parse(char *text, uint32_t *first, uint32_t *count)
{
    *count = 1;
    for (char *plus = text; *plus != '\0'; plus++)
        if (*plus == '+') {
            *plus = '\0';
            TRY(number_in(plus + 1, 1, UINT32_MAX, count));
            break;
        }
    return number_in(text, 0, UINT32_MAX, first);
}

static err_t right_parse(char *text, struct right_wanted *right)
{
    static const struct {
        const char *key;
        enum right_type type;
        uint32_t unit, limit; /* bytes of address in one of what right_create counts; how many of these there are */
    } types[] = {{"io:", RIGHT_TYPE_IO_PORTS, 1, 0x10000}, {"memory:", RIGHT_TYPE_MEMORY, PAGE_BYTES, FRAME_COUNT_MAX},
                 {"irq:", RIGHT_TYPE_INTERRUPT, 1, 16},    {"dma", RIGHT_TYPE_DMA, 0, 0},
                 {"swap", RIGHT_TYPE_SWAP, 0, 0},          {"pager", RIGHT_TYPE_PAGER, 0, 0},
                 {"control", RIGHT_TYPE_CONTROL, 0, 0}};
    for (uint32_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        const char *rest = after(text, types[i].key);
        if (rest == NULL)
            continue;
        *right = (struct right_wanted){.type = types[i].type};
        if (types[i].unit == 0)
            return *rest == '\0' ? OK : ERR_RANGE;
        TRY(range_parse(text + (rest - text), &right->first, &right->count));
        if (right->first % types[i].unit != 0)
            return ERR_RANGE;
        right->first /= types[i].unit;
        return right->first < types[i].limit && right->count <= types[i].limit - right->first ? OK : ERR_RANGE;
    }
    return ERR_RANGE;
}

static err_t rights_parse(const char *text, struct service *service)
{
    const char *end = text + strlen(text), *word;
    uint32_t bytes;
    while (cut(&text, end, ',', &word, &bytes)) {
        char right[CONFIG_WORD];
        TRY(copy_word(right, sizeof(right), word, bytes));
        if (service->rights + service->has_port == SPAWN_HANDLES)
            return ERR_TOO_LONG;
        TRY(right_parse(right, &service->right[service->rights++]));
    }
    return OK;
}

static err_t sort_parse(const char *text, enum swap_sort first, enum swap_sort *sort)
{
    static const char *const names[] = {
        [SWAP_NONE] = "none", [SWAP_DISK] = "disk", [SWAP_RAM] = "ram", [SWAP_PROGRAM] = "program"};
    for (uint32_t i = first; i <= SWAP_PROGRAM; i++)
        if (strcmp(text, names[i]) == 0) {
            *sort = (enum swap_sort)i;
            return OK;
        }
    return ERR_RANGE;
}

static err_t word_parse(const char *word, struct service *service)
{
    struct {
        const char *key;
        char *to;
        uint32_t room;
    } const texts[] = {{"program=", service->program, sizeof(service->program)},
                       {"instead=", service->instead, sizeof(service->instead)},
                       {"argument=", service->argument, sizeof(service->argument)},
                       {"plain-boot=", service->plain_boot, sizeof(service->plain_boot)}};
    const char *value;
    for (uint32_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if ((value = after(word, texts[i].key)) != NULL)
            return copy_word(texts[i].to, texts[i].room, value, (uint32_t)strlen(value));
    if ((value = after(word, "priority=")) != NULL)
        return number_in(value, 1, PRIORITY_MAX, &service->priority);
    if ((value = after(word, "rights=")) != NULL)
        return rights_parse(value, service);
    if ((value = after(word, "when=")) != NULL)
        return sort_parse(value, SWAP_DISK, &service->when);
    if (strcmp(word, "locked") == 0)
        service->locked = true;
    else if (strcmp(word, "needs-disks") == 0)
        service->needs_disks = true;
    else if (strcmp(word, "swap-arguments") == 0)
        service->swap_arguments = true;
    else if (strcmp(word, "file-port") == 0)
        service->file_port = true;
    else
        return ERR_RANGE;
    return OK;
}

static err_t line_parse(const char *text, const char *end, struct service *service)
{
    char word[256];
    const char *from;
    uint32_t bytes;
    *service = (struct service){.priority = 0};
    for (uint32_t n = 0; cut(&text, end, ' ', &from, &bytes); n++) {
        TRY(copy_word(word, sizeof(word), from, bytes));
        if (n == 0) {
            service->has_port = strcmp(word, "service") == 0;
            if (!service->has_port && strcmp(word, "program") != 0)
                return ERR_RANGE;
        } else if (n == 1) {
            TRY(copy_word(service->name, sizeof(service->name), word, bytes));
        } else {
            TRY(word_parse(word, service));
        }
    }
    return service->program[0] != '\0' && service->priority > 0 ? OK : ERR_RANGE;
}

err_t config_parse(const char *text, struct config *config, uint32_t *line)
{
    const char *all = text + strlen(text), *from;
    uint32_t bytes;
    config->services = 0;
    for (*line = 1; cut(&text, all, '\n', &from, &bytes); ++*line) {
        const char *end = from;
        while (end < from + bytes && *end != '#')
            end++;
        while (end > from && end[-1] == ' ')
            end--;
        if (end == from)
            continue;
        if (config->services == CONFIG_SERVICES)
            return ERR_TOO_LONG;
        TRY(line_parse(from, end, &config->service[config->services]));
        config->services++;
    }
    return OK;
}

/* NAME ARGUMENTS: the words, each closed by NUL. */
static err_t server_parse(const char *text, uint32_t bytes, struct boot_server *server)
{
    const char *end = text + bytes, *word;
    uint32_t length, used = 0;
    server->words = 0;
    while (cut(&text, end, ' ', &word, &length)) {
        TRY(copy_word(server->text + used, (uint32_t)sizeof(server->text) - used, word, length));
        used += length + 1;
        server->words++;
    }
    return OK;
}

static err_t option_parse(const char *key, uint32_t key_bytes, const char *text, uint32_t bytes,
                          struct boot_options *options)
{
    char name[CONFIG_WORD], value[CONFIG_WORD];
    if (copy_word(name, sizeof(name), key, key_bytes) != OK)
        return OK; /* not one of ours */
    if (strcmp(name, "swap_server") == 0)
        return server_parse(text, bytes, &options->swap_server);
    if (strcmp(name, "file_server") == 0)
        return server_parse(text, bytes, &options->file_server);
    bool sort = strcmp(name, "swap_on") == 0, blocks = strcmp(name, "swap_blocks") == 0;
    bool disks = strcmp(name, "disks") == 0;
    if (strcmp(name, "shell") == 0)
        options->interactive = true;
    if (!sort && !blocks && !disks)
        return OK;
    TRY(copy_word(value, sizeof(value), text, bytes));
    if (disks) {
        options->no_disks = strcmp(value, "none") == 0;
        return options->no_disks ? OK : ERR_RANGE;
    }
    return sort ? sort_parse(value, SWAP_NONE, &options->sort) : number_in(value, 0, UINT32_MAX, &options->blocks);
}

err_t boot_options_parse(const char *text, uint32_t bytes, struct boot_options *options)
{
    const char *end = text + bytes, *line, *key;
    uint32_t length, key_bytes;
    *options =
        (struct boot_options){.given = bytes > 0, .interactive = bytes == 0, .sort = SWAP_DISK, .blocks = UINT32_MAX};
    while (cut(&text, end, '\n', &line, &length) && length > 0) {
        const char *value = line;
        if (cut(&value, line + length, '=', &key, &key_bytes))
            TRY(option_parse(key, key_bytes, value, (uint32_t)(line + length - value), options));
    }
    if (options->blocks == 0)
        options->sort = SWAP_NONE;
    return options->sort != SWAP_PROGRAM || options->swap_server.words > 0 ? OK : ERR_RANGE;
}
