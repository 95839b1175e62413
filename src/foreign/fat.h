/* Inside the room: a FAT directory's entries of 32 bytes, and the names in them. */
#ifndef FOREIGN_FAT_H
#define FOREIGN_FAT_H

#include "foreign/inside.h"

#define FAT_ENTRY_BYTES 32u
#define FAT_ENTRY_ATTRIBUTES 11u /* offsets */
#define FAT_ENTRY_CASE 12u
#define FAT_ENTRY_CHECKSUM 13u /* of long names: what the short name sums up to */
#define FAT_ENTRY_START_HIGH 20u
#define FAT_ENTRY_START 26u
#define FAT_ENTRY_SIZE 28u

#define FAT_ENTRY_LAST 0u /* first byte: nothing behind it is used */
#define FAT_ENTRY_FREE 0xE5u

#define FAT_ATTRIBUTES 0x3Fu
#define FAT_ATTRIBUTE_LABEL 0x08u
#define FAT_ATTRIBUTE_DIRECTORY 0x10u
#define FAT_ATTRIBUTE_LONG_NAME 0x0Fu

#define FAT_LONG_NAME_MAX 255u /* letters, 13 an entry, the last ones first */
#define FAT_LONG_NAME_PIECE 13u
#define FAT_LONG_NAME_PIECES 20u

/* What was gathered of a long name. */
struct fat_long_name {
    uint32_t expected; /* the number of the piece that comes next + 1; 1: all are here, 0: there is none */
    uint8_t checksum;
    uint16_t letter[FAT_LONG_NAME_PIECE * FAT_LONG_NAME_PIECES + 1];
};

/* One more piece. What does not fit to the last one is no name. */
void fat_long_name_add(struct fat_long_name *name, const uint8_t *entry);

/* The name of an entry: the long one, if it is whole and belongs to it, else the short one. "": it has none that a path
 * could say. */
void fat_name(const struct fat_long_name *name, const uint8_t *entry, char text[FOREIGN_NAME_MAX + 1]);

#endif
