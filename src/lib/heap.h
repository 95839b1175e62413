/* Where malloc's pages come from. */
#ifndef LIB_HEAP_H
#define LIB_HEAP_H

#include <stdint.h>

/* At least `bytes` more, zeroed, *got of them, higher than all before; NULL: no memory. */
void *heap_grow(uint32_t bytes, uint32_t *got);

#endif
