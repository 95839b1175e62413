#include "common/archive.h"
#include "common/string.h"
#include <stddef.h>

#define BLOCK ARCHIVE_BLOCK_BYTES

/* POSIX.1-1988 ustar header; numbers are octal text. */
struct tar_header {
    char name[100], mode[8], owner[8], group[8], size[12], time[12], checksum[8], type, link[100], magic[6], version[2];
    char user[32], group_name[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct tar_header) == BLOCK, "a header fills its block");

/* Octal digits up to a blank or NUL. False: anything else, or more than 32 bits. */
static bool octal(const char *text, uint32_t room, uint32_t *value)
{
    uint32_t v = 0, i = 0;
    while (i < room && text[i] == ' ')
        i++;
    uint32_t first = i;
    for (; i < room && text[i] >= '0' && text[i] <= '7'; i++) {
        if (v >> 29)
            return false;
        v = v << 3 | (uint32_t)(text[i] - '0');
    }
    *value = v;
    return i > first && (i == room || text[i] == ' ' || text[i] == '\0');
}

static bool checksum_is_right(const struct tar_header *h)
{
    uint32_t sum = 0, said;
    const uint8_t *byte = (const uint8_t *)h;
    for (uint32_t i = 0; i < BLOCK; i++) {
        bool in_field = i >= offsetof(struct tar_header, checksum) && i < offsetof(struct tar_header, type);
        sum += in_field ? ' ' : byte[i];
    }
    return octal(h->checksum, sizeof h->checksum, &said) && said == sum;
}

static bool is_end(const struct tar_header *h)
{
    const uint8_t *byte = (const uint8_t *)h;
    for (uint32_t i = 0; i < BLOCK; i++)
        if (byte[i] != 0)
            return false;
    return true;
}

static void name_of(const struct tar_header *h, struct archive_header *header)
{
    uint32_t bytes = 0;
    const char *name = h->name;
    while (bytes < sizeof h->name && name[bytes] != '\0')
        bytes++;
    if (bytes > 2 && name[0] == '.' && name[1] == '/') {
        name += 2;
        bytes -= 2;
    }
    header->name = name;
    header->name_bytes = bytes;
}

err_t archive_header(const void *block, struct archive_header *header)
{
    const struct tar_header *h = block;
    if (is_end(h))
        return ERR_NO_ENTRY;
    if (memcmp(h->magic, "ustar", 5) != 0 || !checksum_is_right(h) || !octal(h->size, sizeof h->size, &header->bytes))
        return ERR_IO;
    header->is_file = (h->type == '0' || h->type == '\0') && h->prefix[0] == '\0';
    name_of(h, header);
    return OK;
}

err_t archive_next(const struct archive *a, uint32_t *position, struct archive_file *file)
{
    while (a->bytes >= BLOCK && *position <= a->bytes - BLOCK) {
        struct archive_header header;
        uint32_t data = *position + BLOCK;
        TRY(archive_header(a->start + *position, &header));
        if (header.bytes > a->bytes - data)
            return ERR_IO;
        uint32_t padded = (header.bytes + BLOCK - 1) & ~(BLOCK - 1);
        *position = padded > a->bytes - data ? a->bytes : data + padded;
        if (!header.is_file)
            continue;
        *file = (struct archive_file){header.name, header.name_bytes, a->start + data, header.bytes};
        return OK;
    }
    return ERR_NO_ENTRY;
}

err_t archive_find(const struct archive *a, const char *name, uint32_t name_bytes, struct archive_file *file)
{
    uint32_t position = 0;
    do
        TRY(archive_next(a, &position, file));
    while (file->name_bytes != name_bytes || memcmp(file->name, name, name_bytes) != 0);
    return OK;
}
