/* The memory of the structures: one stretch, so that what touches it can be told from all else, and how much of it is
 * in use. The allocator's own work is not counted, and its rounding up to a power of two neither. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

#define MEMORY_BYTES (96u << 20)

void memory_start(void);                    /* all of it is free */
void *memory_take(uint32_t bytes);          /* full of rubbish; aligned to its size as rounded up. => bytes > 0 */
void memory_give(void *at, uint32_t bytes); /* => taken with so many bytes */
uint32_t memory_in_use(void);               /* bytes, as they were asked for */
uint8_t *memory_base(void);                 /* page-aligned */

#endif
