#include "kernel/debug/symbols.h"
#include <stddef.h>

/* Made by tools/symbols at link time; addresses ascend. */
extern const uint32_t symbol_count, symbol_addresses[], symbol_names[];
extern const char symbol_text[];

const char *symbol_find(uintptr_t address, uint32_t *offset)
{
    uint32_t low = 0, high = symbol_count;
    while (low < high) { /* the first one above the address */
        uint32_t middle = low + (high - low) / 2;
        if (symbol_addresses[middle] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *offset = (uint32_t)address - symbol_addresses[low - 1];
    return symbol_text + symbol_names[low - 1];
}

const char *symbol_find_caller(uintptr_t return_address, uint32_t *offset)
{
    const char *name = symbol_find(return_address - 1, offset);
    if (name != NULL)
        ++*offset;
    return name;
}
