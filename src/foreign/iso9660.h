/* Inside the room: ISO 9660, and Rock Ridge (IEEE P1282), which puts POSIX names into its system use areas (P1281). */
#ifndef FOREIGN_ISO9660_H
#define FOREIGN_ISO9660_H

#include "foreign/inside.h"

#define ISO_BLOCK_BYTES 2048u
#define ISO_BLOCK_SECTORS (ISO_BLOCK_BYTES / FOREIGN_SECTOR_BYTES)

/* Offsets in a directory's record: of byte 0, how long it is. */
#define ISO_RECORD_BYTES 10u /* of the content */
#define ISO_RECORD_NAME_BYTES 32u
#define ISO_RECORD_NAME 33u

MUST_USE err_t iso_block(struct foreign_volume *volume, uint32_t block, const uint8_t **at);

/* Whether the root directory says that there are system use areas. => volume->iso.root */
MUST_USE err_t rock_ridge_find(struct foreign_volume *volume);

/* Puts the name and the place that the record's system use area gives in place of the walk's. *hidden: it is no entry, a
 * directory that is shown elsewhere, or one of a name that is too long. => the record is whole */
MUST_USE err_t rock_ridge_read(struct foreign_volume *volume, const uint8_t *record, struct foreign_walk *walk,
                               bool *hidden);

#endif
