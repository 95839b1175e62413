/* A disk in memory whose power can be cut: what was written since the last flush may then be there, or not, sector by
 * sector, in any order. */
#ifndef FILES_DISK_H
#define FILES_DISK_H

#include "files/files.h"

struct disk_write {
    uint32_t block;
    uint8_t data[FILES_BLOCK_BYTES];
};

struct disk {
    uint32_t blocks;
    uint8_t *now;     /* what a read gives */
    uint8_t *durable; /* what the last flush left */
    struct disk_write *pending;
    uint32_t pending_count, pending_room;
    uint32_t writes, reads;               /* how many there were */
    uint32_t fail_write, fail_read;       /* the one of this number fails, and all behind it; 0: none */
    void (*before_change)(void *context); /* before each write and flush; NULL: nothing */
    void *context;
    struct files_device device;
};

void disk_start(struct disk *disk, uint32_t blocks);
void disk_end(struct disk *disk);

enum cut { CUT_NOTHING_LOST, CUT_ALL_LOST, CUT_BLOCKS, CUT_SECTORS, CUT_WAYS };
/* What another disk of the same size holds after this one's power was cut. */
void disk_cut(const struct disk *disk, enum cut how, uint32_t *random_state, struct disk *after);

extern const struct files_memory host_memory; /* malloc; counts what is out */
extern uint32_t host_memory_out;
extern uint32_t host_memory_fails; /* so many are given still, then none; UINT32_MAX: always */

#endif
