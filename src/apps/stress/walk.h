/* The order in which a round visits pages. Pure: the same seed gives the same order.
 *
 * All but zipf visit every page at least once. */
#ifndef STRESS_WALK_H
#define STRESS_WALK_H

#include <stdbool.h>
#include <stdint.h>

#define PATTERNS(X)                                                                          \
    X(PATTERN_SEQ, "seq")           /* upwards */                                            \
    X(PATTERN_RANDOM, "random")     /* every page once, in random order */                   \
    X(PATTERN_ZIPF, "zipf")         /* rank r with weight 1/r */                             \
    X(PATTERN_LOOP, "loop")         /* an eighth of the pages twice, then the next eighth */ \
    X(PATTERN_SPARSE, "sparse")     /* upwards, one page in 4 MiB */                         \
    X(PATTERN_SCAN_HOT, "scan-hot") /* upwards, and between two pages one of the first quarter, random */

#define PATTERN_ENUM(pattern, name) pattern,
enum pattern { PATTERNS(PATTERN_ENUM) };
#undef PATTERN_ENUM
#define PATTERN_NAME(pattern, name) [pattern] = (name),

struct walk {
    enum pattern pattern;
    uint32_t pages, visit, visits;
    uint32_t random, key, half_bits;
};

/* => pages > 0 */
void walk_start(struct walk *walk, enum pattern pattern, uint32_t pages, uint32_t seed);
/* false: the round is done. */
bool walk_next(struct walk *walk, uint32_t *page);

#endif
