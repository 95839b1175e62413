/* The argument that every swap server gets last: blocks=N. */
#ifndef SERVERS_BLOCKS_H
#define SERVERS_BLOCKS_H

#include "common/number.h"
#include "common/string.h"

#define BLOCKS_KEY "blocks="

/* False: the last argument is not blocks=N. */
static inline bool blocks_argument(int argc, char **argv, uint32_t *blocks)
{
    const char *last = argc > 1 ? argv[argc - 1] : "";
    const uint32_t key = sizeof(BLOCKS_KEY) - 1;
    return strlen(last) > key && memcmp(last, BLOCKS_KEY, key) == 0 && number_decimal(last + key, blocks);
}

#endif
