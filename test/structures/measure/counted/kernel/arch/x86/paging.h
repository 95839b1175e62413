/* The kernel's header, but what it does with one string instruction is a loop here: the compiler puts its calls to the
 * counter beside loads and stores that it can see. Each word counts once either way. */
#ifndef COUNTED_PAGING_H
#define COUNTED_PAGING_H

#define entries_same entries_same_by_string
#define entries_fill entries_fill_by_string
#include_next "kernel/arch/x86/paging.h"
#undef entries_same
#undef entries_fill

static inline uint32_t entries_same(const entry_word_t *at, uint32_t count)
{
    const entry_word_t first = *at;
    uint32_t same = 1;
    while (same < count && at[same] == first)
        same++;
    return same;
}

static inline void entries_fill(entry_word_t *at, uint32_t count, entry_word_t absent)
{
    for (uint32_t i = 0; i < count; i++)
        at[i] = absent;
}

#endif
