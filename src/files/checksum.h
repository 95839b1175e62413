/* The table of files_checksum, made when a volume is mounted or formatted; again is the same. */
#ifndef FILES_CHECKSUM_H
#define FILES_CHECKSUM_H

void checksum_start(void);

#endif
