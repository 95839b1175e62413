/* Random work on a file system and on its model, the same on both; and the comparison of the two. */
#ifndef FILES_WORK_H
#define FILES_WORK_H

#include "files_disk.h"
#include "files_model.h"

struct work {
    struct disk disk;
    struct files_volume *volume;
    struct model model, committed; /* as it is; as the disk has it */
    struct model_open open[MODEL_OPEN];
    uint64_t generation; /* of committed */
    uint32_t random_state;
    bool fails;       /* now and then, memory and writes */
    bool failing;     /* just now */
    uint32_t refused; /* how often there was no space */
    uint32_t failed;  /* how often a failure was told */
};

void work_start(struct work *work, uint32_t blocks, uint32_t seed);
void work_end(struct work *work); /* everything is given back */
void work_step(struct work *work);
void work_commit(struct work *work);
void work_close_all(struct work *work);

/* A page's contents, from its seed. */
void work_fill(uint32_t seed, void *page);
/* Fails the test where the volume is not what the model says. */
void work_compare(struct files_volume *volume, const struct files_device *device, struct model *model);

#endif
