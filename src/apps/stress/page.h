/* What stands in a page. Pure: a page follows from its key, and every word is compared.
 *
 *   word 0        PAGE_MAGIC
 *   words 1 … 3   process, page, generation: a wrong page says whose it is
 *   word 4        checksum over all others
 *   words 5 …     xorshift from all of the above and the seed: does not compress
 *
 * A sparse page holds one word, at a place that follows from its number, and zeroes. */
#ifndef STRESS_PAGE_H
#define STRESS_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_WORDS 1024u
#define PAGE_MAGIC 0x41505458u

struct page_key {
    uint32_t seed, process, page, generation;
};

/* Where a page is wrong first. */
struct page_fault {
    uint32_t word, is, should_be;
};

void page_fill(volatile uint32_t *page, const struct page_key *key);
bool page_check(const volatile uint32_t *page, const struct page_key *key, struct page_fault *fault);

void sparse_fill(volatile uint32_t *page, const struct page_key *key);
bool sparse_check(const volatile uint32_t *page, const struct page_key *key, struct page_fault *fault);

#endif
