/* A free stretch of addresses, for windows and buffers. */
#ifndef SERVERS_PLACE_H
#define SERVERS_PLACE_H

#include <apteryx/vm.h>

#define PLACE_LOW 0x40000000u /* above program and heap, below thread stacks */
#define PLACE_HIGH 0xA0000000u
#define PLACE_RUNS 16u

/* => bytes: a multiple of 4,096. ERR_LIMIT: none is free. The stretch is NONE until the caller gives it a kind. */
static inline err_t place_find(uint32_t bytes, uintptr_t *at)
{
    static struct vm_run runs[PLACE_RUNS];
    uintptr_t free_from = PLACE_LOW;
    uint32_t count;
    for (uintptr_t from = PLACE_LOW; from < PLACE_HIGH; from = runs[count - 1].start + runs[count - 1].bytes) {
        TRY(vm_query(from, PLACE_HIGH - from, runs, PLACE_RUNS, &count));
        for (uint32_t i = 0; i < count; i++) {
            uintptr_t end = runs[i].start + runs[i].bytes;
            if (runs[i].kind != VM_NONE)
                free_from = end;
            else if (end - free_from >= bytes) {
                *at = free_from;
                return OK;
            }
        }
    }
    return ERR_LIMIT;
}

#endif
