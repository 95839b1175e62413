/* sources: test/host/files_work.c */
/* For test/host/fsck_notices: what disks of IMAGES_BLOCKS blocks hold after power cuts at random moments of random work,
 * one behind the other, to standard output. usage: files_images COUNT */
#include "files_work.h"
#include "host.h"
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define IMAGES_BLOCKS 256u
#define STEPS 1500u

static struct work work;
static struct disk after;
static uint32_t left, every;

static void write_image(void *context)
{
    (void)context;
    if (left == 0 || below(every) != 0)
        return;
    left--;
    disk_cut(&work.disk, (enum cut)below(CUT_WAYS), &random_state, &after);
    fwrite(after.now, FILES_BLOCK_BYTES, IMAGES_BLOCKS, stdout);
}

int main(int count, char **arguments)
{
    left = count == 2 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 0;
    if (left == 0)
        return 2;
    every = 2 * STEPS / left + 1;
    random_state = 3;
    disk_start(&after, IMAGES_BLOCKS);
    for (uint32_t seed = 100; left > 0; seed++) {
        work_start(&work, IMAGES_BLOCKS, seed);
        work.disk.before_change = write_image;
        for (uint32_t i = 0; i < STEPS; i++)
            work_step(&work);
        work.disk.before_change = NULL;
        work_end(&work);
    }
    disk_end(&after);
    return 0;
}
