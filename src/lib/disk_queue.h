/* The requests that a disk driver holds, and which is next: the rule of abi/disk.h. Pure: zeros are an empty queue. */
#ifndef LIB_DISK_QUEUE_H
#define LIB_DISK_QUEUE_H

#include <apteryx/disk_server.h>

#define DISK_PORTS (DISK_UNITS * (1u + DISK_PARTITIONS))

struct disk_queue {
    struct disk_request slot[DISK_PORTS][DISK_SLOTS];
    uint32_t last_number;
    uint32_t turn;     /* the port that is next, among those that wait */
    uint32_t page_ins; /* in a row */
};

/* A slot of that port that is free; NULL: it has none. */
struct disk_request *disk_queue_slot(struct disk_queue *queue, uint32_t port);

/* The slot's request is filled in, and waits. */
void disk_queue_put(struct disk_queue *queue, struct disk_request *request);

/* Takes the next of those that wait for one of these units (bit 0: unit 0 …); NULL: none does. */
struct disk_request *disk_queue_next(struct disk_queue *queue, uint32_t units);

#endif
