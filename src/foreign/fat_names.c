#include "common/string.h"
#include "foreign/fat.h"

#define PIECE_LAST 0x40u /* in the first byte of the name's last piece, which comes first */
#define PIECE_NUMBER 0x3Fu
#define SHORT_BYTES 11u
#define SHORT_NAME 8u
#define SHORT_IS_E5 0x05u /* as a first byte: 0xE5, which would mean that the entry is free */
#define LOWER_NAME 0x08u  /* in FAT_ENTRY_CASE */
#define LOWER_ENDING 0x10u

/* ---- long names ---- */

static uint8_t short_checksum(const uint8_t *entry)
{
    uint8_t sum = 0;
    for (uint32_t i = 0; i < SHORT_BYTES; i++)
        sum = (uint8_t)((sum >> 1 | sum << 7) + entry[i]);
    return sum;
}

void fat_long_name_add(struct fat_long_name *name, const uint8_t *entry)
{
    static const uint8_t place[FAT_LONG_NAME_PIECE] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    uint32_t number = entry[0] & PIECE_NUMBER;
    bool first = entry[0] & PIECE_LAST;
    if (number == 0 || number > FAT_LONG_NAME_PIECES ||
        (!first && (number + 1 != name->expected || entry[FAT_ENTRY_CHECKSUM] != name->checksum))) {
        name->expected = 0;
        return;
    }
    if (first)
        name->letter[number * FAT_LONG_NAME_PIECE] = 0;
    name->checksum = entry[FAT_ENTRY_CHECKSUM];
    name->expected = number;
    for (uint32_t i = 0; i < FAT_LONG_NAME_PIECE; i++)
        name->letter[(number - 1) * FAT_LONG_NAME_PIECE + i] = (uint16_t)little16(entry + place[i]);
}

/* One letter as UTF-8; answers how many bytes. Those outside the basic plane stay as the two halves that they are. */
static uint32_t letter_put(uint32_t letter, char *to)
{
    if (letter < 0x80) {
        to[0] = (char)letter;
        return 1;
    }
    if (letter < 0x800) {
        to[0] = (char)(0xC0u | letter >> 6);
        to[1] = (char)(0x80u | (letter & 0x3Fu));
        return 2;
    }
    to[0] = (char)(0xE0u | letter >> 12);
    to[1] = (char)(0x80u | (letter >> 6 & 0x3Fu));
    to[2] = (char)(0x80u | (letter & 0x3Fu));
    return 3;
}

static uint32_t long_name(const struct fat_long_name *name, char *text)
{
    uint32_t used = 0;
    for (const uint16_t *letter = name->letter; *letter != 0; letter++) {
        char bytes[3];
        uint32_t n = letter_put(*letter, bytes);
        if (*letter == '/' || n > FOREIGN_NAME_MAX - used)
            return 0;
        memcpy(text + used, bytes, n);
        used += n;
    }
    return used;
}

/* ---- short names ---- */

/* Up to `bytes` letters without the blanks at the end. */
static uint32_t part_put(const uint8_t *from, uint32_t bytes, bool lower_case, char *to)
{
    while (bytes > 0 && from[bytes - 1] == ' ')
        bytes--;
    for (uint32_t i = 0; i < bytes; i++)
        to[i] = lower_case ? lower((char)from[i]) : (char)from[i];
    return bytes;
}

static uint32_t short_name(const uint8_t *entry, char *text)
{
    uint32_t used = part_put(entry, SHORT_NAME, entry[FAT_ENTRY_CASE] & LOWER_NAME, text);
    if (used > 0 && entry[0] == SHORT_IS_E5)
        text[0] = (char)FAT_ENTRY_FREE;
    text[used] = '.';
    uint32_t ending =
        part_put(entry + SHORT_NAME, SHORT_BYTES - SHORT_NAME, entry[FAT_ENTRY_CASE] & LOWER_ENDING, text + used + 1);
    if (ending > 0)
        used += 1 + ending;
    for (uint32_t i = 0; i < used; i++)
        if (text[i] == '/')
            return 0;
    return used;
}

void fat_name(const struct fat_long_name *name, const uint8_t *entry, char text[FOREIGN_NAME_MAX + 1])
{
    uint32_t used = 0;
    if (name->expected == 1 && name->checksum == short_checksum(entry))
        used = long_name(name, text);
    if (used == 0)
        used = short_name(entry, text);
    text[used] = '\0';
    if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
        text[0] = '\0';
}
