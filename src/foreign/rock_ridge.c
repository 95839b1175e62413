#include "foreign/iso9660.h"
#include "common/string.h"

#define ENTRY_MIN 4u /* two letters, how long it is, its version */
#define CONTINUATIONS 32u
#define NAME_FLAGS 4u
#define NAME_TEXT 5u
#define NAME_SPECIAL 0x26u /* the directory itself, the one above it, the machine's name */
#define SKIP_BYTES 7u      /* of SP */

/* A system use area, and where it goes on. */
struct area {
    const uint8_t *at;
    uint32_t bytes;
    uint32_t next_block, next_from, next_bytes; /* next_bytes 0: nowhere */
};

/* What the entries of one record say. */
struct found {
    uint32_t name_bytes;
    uint32_t child; /* a directory's block; 0: it is where the record says */
    bool hidden;
};

static bool is(const uint8_t *entry, const char *letters) { return memcmp(entry, letters, 2) == 0; }

static struct area area_of(const uint8_t *record, uint32_t skip)
{
    uint32_t from = ISO_RECORD_NAME + record[ISO_RECORD_NAME_BYTES];
    from += from % 2 + skip; /* padded to an even offset */
    return (struct area){.at = record + from, .bytes = from < record[0] ? record[0] - from : 0};
}

/* The next entry; NULL: none that is whole. */
static const uint8_t *area_next(struct area *area)
{
    const uint8_t *entry = area->at;
    if (area->bytes < ENTRY_MIN || entry[2] < ENTRY_MIN || entry[2] > area->bytes || is(entry, "ST"))
        return NULL;
    area->at += entry[2];
    area->bytes -= entry[2];
    return entry;
}

static err_t area_continue(struct foreign_volume *volume, struct area *area)
{
    const uint8_t *block;
    if (area->next_from >= ISO_BLOCK_BYTES || area->next_bytes > ISO_BLOCK_BYTES - area->next_from)
        return ERR_IO;
    TRY(iso_block(volume, area->next_block, &block));
    *area = (struct area){.at = block + area->next_from, .bytes = area->next_bytes};
    return OK;
}

/* A piece of the name; a flag of the last but one says that there is another, which is taken as it comes. */
static void name_add(const uint8_t *entry, struct found *found, char *name)
{
    uint32_t bytes = entry[2] > NAME_TEXT ? entry[2] - NAME_TEXT : 0;
    if (bytes == 0 || (entry[NAME_FLAGS] & NAME_SPECIAL))
        return;
    if (bytes > FOREIGN_NAME_MAX - found->name_bytes) {
        found->hidden = true;
        return;
    }
    memcpy(name + found->name_bytes, entry + NAME_TEXT, bytes);
    found->name_bytes += bytes;
    name[found->name_bytes] = '\0';
}

static void entry_read(const uint8_t *entry, struct area *area, struct found *found, char *name)
{
    if (is(entry, "NM")) {
        name_add(entry, found, name);
    } else if (is(entry, "CE") && entry[2] >= 28) {
        area->next_block = little32(entry + 4);
        area->next_from = little32(entry + 12);
        area->next_bytes = little32(entry + 20);
    } else if (is(entry, "CL") && entry[2] >= 12) {
        found->child = little32(entry + 4);
    } else if (is(entry, "RE")) {
        found->hidden = true;
    }
}

/* A deep directory stands elsewhere, and its place is taken by what looks like a file. It knows its own size. */
static err_t child_read(struct foreign_volume *volume, uint32_t block, struct foreign_node *node)
{
    const uint8_t *own;
    TRY(iso_block(volume, block, &own));
    *node = (struct foreign_node){.directory = true, .start = block, .bytes = little32(own + ISO_RECORD_BYTES)};
    return OK;
}

err_t rock_ridge_read(struct foreign_volume *volume, const uint8_t *record, struct foreign_walk *walk, bool *hidden)
{
    struct area area = area_of(record, volume->iso.skip);
    struct found found = {.name_bytes = 0};
    for (uint32_t i = 0; i < CONTINUATIONS; i++) {
        const uint8_t *entry;
        while ((entry = area_next(&area)) != NULL)
            entry_read(entry, &area, &found, walk->name);
        if (area.next_bytes == 0)
            break;
        TRY(area_continue(volume, &area));
    }
    if (found.child != 0)
        TRY(child_read(volume, found.child, &walk->node));
    *hidden = found.hidden;
    return OK;
}

err_t rock_ridge_find(struct foreign_volume *volume)
{
    const uint8_t *record, *entry;
    TRY(iso_block(volume, volume->iso.root, &record));
    volume->iso.rock_ridge = false;
    volume->iso.skip = 0;
    if (record[0] < ISO_RECORD_NAME || record[ISO_RECORD_NAME_BYTES] != 1)
        return OK;
    struct area area = area_of(record, 0);
    entry = area_next(&area);
    if (entry != NULL && is(entry, "SP") && entry[2] >= SKIP_BYTES && entry[4] == 0xBE && entry[5] == 0xEF) {
        volume->iso.rock_ridge = true;
        volume->iso.skip = entry[6];
    }
    return OK;
}
