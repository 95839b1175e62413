/* What granter and grantee agree on: the messages, and what a page holds that travels between them. */
#ifndef GRANT_H
#define GRANT_H

#include <apteryx/ipc.h>
#include <apteryx/random.h>

#define PAGE_BYTES 4096u
#define PAGE_WORDS 1024u

/* Calls. Word 0: number of the first page; word 1: its generation. */
enum grant_label {
    GRANT_FLIP,   /* check the pages, fill them anew with generation + 1, grant them back */
    GRANT_KEEP,   /* keep them, untouched; word 0: slot */
    GRANT_RETURN, /* grant the pages of that slot back, untouched */
    GRANT_END     /* the reply's word 0: pages that were found wrong */
};

struct page_key {
    uint32_t owner, page, generation;
};

static inline uint32_t page_random(const struct page_key *key)
{
    return random_start(random_start(random_start(key->owner, key->generation), key->page), PAGE_WORDS);
}

static inline void page_fill(volatile uint32_t *page, const struct page_key *key)
{
    uint32_t state = page_random(key);
    page[0] = key->owner;
    page[1] = key->page;
    page[2] = key->generation;
    for (uint32_t i = 3; i < PAGE_WORDS; i++)
        page[i] = random_next(&state);
}

static inline uint32_t page_is_wrong(const volatile uint32_t *page, const struct page_key *key)
{
    uint32_t state = page_random(key), wrong = page[0] ^ key->owner;
    wrong |= (page[1] ^ key->page) | (page[2] ^ key->generation);
    for (uint32_t i = 3; i < PAGE_WORDS; i++)
        wrong |= page[i] ^ random_next(&state);
    return wrong != 0;
}

static inline uint32_t page_is_not_zero(const volatile uint32_t *page)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < PAGE_WORDS; i++)
        wrong |= page[i];
    return wrong != 0;
}

#endif
