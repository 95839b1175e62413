/* The argument that every swap server gets last (apteryx/swap.h). */
#include "common/number.h"
#include "common/string.h"
#include <apteryx/swap.h>

#define KEY "blocks="

bool swap_blocks(int argc, char **argv, uint32_t *blocks)
{
    const char *last = argc > 1 ? argv[argc - 1] : "";
    const uint32_t key = sizeof(KEY) - 1;
    return strlen(last) > key && memcmp(last, KEY, key) == 0 && number_decimal(last + key, blocks);
}
