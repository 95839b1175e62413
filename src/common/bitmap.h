/* Bitmaps over arrays of 32-bit words that the caller owns: bit n is bit n % 32 of word n / 32.
 * Ranges are first, count; searches look below `bits` and answer `bits` where there is nothing. */
#ifndef COMMON_BITMAP_H
#define COMMON_BITMAP_H

#include <stdbool.h>
#include <stdint.h>

#define BITMAP_WORD_BITS 32u
#define BITMAP_WORDS(bits) (((bits) + BITMAP_WORD_BITS - 1u) / BITMAP_WORD_BITS)

static inline uint32_t bitmap_mask(uint32_t bit) { return 1u << (bit % BITMAP_WORD_BITS); }

static inline bool bitmap_get(const uint32_t *map, uint32_t bit)
{
    return (map[bit / BITMAP_WORD_BITS] & bitmap_mask(bit)) != 0;
}

static inline void bitmap_set(uint32_t *map, uint32_t bit) { map[bit / BITMAP_WORD_BITS] |= bitmap_mask(bit); }
static inline void bitmap_clear(uint32_t *map, uint32_t bit) { map[bit / BITMAP_WORD_BITS] &= ~bitmap_mask(bit); }

static inline void bitmap_set_range(uint32_t *map, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        bitmap_set(map, first + i);
}

static inline void bitmap_clear_range(uint32_t *map, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        bitmap_clear(map, first + i);
}

/* The first bit at or after `from` that equals `value`; whole words of the other value are passed over at once. */
static inline uint32_t bitmap_find(const uint32_t *map, uint32_t bits, uint32_t from, bool value)
{
    uint32_t bit = from;
    while (bit < bits) {
        uint32_t word = map[bit / BITMAP_WORD_BITS] ^ (value ? 0u : ~0u);
        word &= ~0u << (bit % BITMAP_WORD_BITS);
        bit -= bit % BITMAP_WORD_BITS;
        if (word != 0) {
            bit += (uint32_t)__builtin_ctz(word);
            return bit < bits ? bit : bits;
        }
        bit += BITMAP_WORD_BITS;
    }
    return bits;
}

/* How many bits from `first` on equal `value`, at most `most`. */
static inline uint32_t bitmap_run(const uint32_t *map, uint32_t bits, uint32_t first, bool value, uint32_t most)
{
    uint32_t end = bits - first < most ? bits : first + most;
    return bitmap_find(map, end, first, !value) - first;
}

/* The first run of at least `count` clear bits at or after `from`; count > 0. */
static inline uint32_t bitmap_find_clear_run(const uint32_t *map, uint32_t bits, uint32_t from, uint32_t count)
{
    uint32_t first = bitmap_find(map, bits, from, false);
    while (first < bits) {
        uint32_t length = bitmap_run(map, bits, first, false, count);
        if (length == count)
            return first;
        first = bitmap_find(map, bits, first + length, false);
    }
    return bits;
}

#endif
