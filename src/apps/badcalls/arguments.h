/* The arguments that badcalls tries, and the few sets that it must not: those which, being valid, end the caller by
 * design, or fill the console. Pure. */
#ifndef BADCALLS_ARGUMENTS_H
#define BADCALLS_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#define TEST_START 0x30000000u /* pages of the child's own: resident, then evicted, then nothing */
#define TEST_PAGE_VALID (TEST_START)
#define TEST_PAGE_EVICTED (TEST_START + 0x1000u)
#define TEST_PAGE_NOTHING (TEST_START + 0x2000u)
#define TEST_PORT 1u /* the child's handle 1 */

struct arguments {
    uint32_t number, upper; /* upper: what stands above the number in eax, for the calls that look there */
    uint32_t b, d, s, t, p; /* ebx edx esi edi ebp */
};

struct arguments arguments_make(uint32_t number, uint32_t *random);
/* Would it end the caller by design, or print? now_us: time by the clock. */
bool arguments_are_harmful(const struct arguments *a, uint64_t now_us);

#endif
