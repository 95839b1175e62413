/* The four reference strings for comparing page replacement, over 24,576 pages. Pure, integers only.
 *
 *   a  zipf-like, exponent 7/8, strewn over the pages
 *   b  ten rounds of a loop over 12,800 pages
 *   c  the hot quarter at random, then a scan of the rest that does not come back for three blocks
 *   d  twelve phases, each at home in another third of the pages
 */
#ifndef REFSTRING_STRING_H
#define REFSTRING_STRING_H

#include <stdbool.h>
#include <stdint.h>

#define STRING_PAGES 24576u

struct string {
    char name;
    uint32_t count, check; /* references, and what string_check finds over their pages */
    uint32_t at, random;
    const uint32_t *weight; /* a: STRING_PAGES running sums */
};

/* False: there is no such string. `weights` has room for STRING_PAGES sums (a writes them), and stays in use. */
bool string_start(struct string *s, char name, uint32_t *weights);
/* The page of the next reference. => at most count times */
uint32_t string_next(struct string *s);

#define STRING_CHECK_START 2166136261u
static inline uint32_t string_check(uint32_t check, uint32_t page) { return (check ^ page) * 16777619u; }

#endif
