/* The four reference strings for comparing page replacement, and exact LRU and FIFO on them.
 * Integer arithmetic only, so that a program in the machine runs the identical string. */
#ifndef REFERENCE_STRINGS_H
#define REFERENCE_STRINGS_H

#include <stdint.h>

#define REFERENCE_PAGES 24576u

struct reference_string {
    char name;
    uint32_t count, check; /* references; FNV-1a over their page numbers */
    uint32_t *page;
};

/* => name is 'a' … 'd'; the pages belong to the caller (free) */
struct reference_string reference_string(char name);
uint32_t reference_check(const struct reference_string *s);

/* Page-ins after a fill in ascending order that is not counted. */
uint32_t exact_lru(const struct reference_string *s, uint32_t frames);
uint32_t exact_fifo(const struct reference_string *s, uint32_t frames);

#endif
