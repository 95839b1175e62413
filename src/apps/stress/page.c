#include "apps/stress/page.h"
#include <apteryx/random.h>

enum { WORD_MAGIC, WORD_PROCESS, WORD_PAGE, WORD_GENERATION, WORD_SUM, WORD_DATA };

static uint32_t key_state(const struct page_key *key)
{
    return random_start(random_start(random_start(key->seed, key->process), key->generation), key->page);
}

static uint32_t sum_on(uint32_t sum, uint32_t word) { return (sum << 1 | sum >> 31) + word; }

static void header_make(const struct page_key *key, uint32_t *header)
{
    header[WORD_MAGIC] = PAGE_MAGIC;
    header[WORD_PROCESS] = key->process;
    header[WORD_PAGE] = key->page;
    header[WORD_GENERATION] = key->generation;
}

static uint32_t header_sum(const uint32_t *header)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < WORD_SUM; i++)
        sum = sum_on(sum, header[i]);
    return sum;
}

void page_fill(volatile uint32_t *page, const struct page_key *key)
{
    uint32_t header[WORD_SUM], state = key_state(key);
    header_make(key, header);
    uint32_t sum = header_sum(header);
    for (uint32_t i = 0; i < WORD_SUM; i++)
        page[i] = header[i];
    for (uint32_t i = WORD_DATA; i < PAGE_WORDS; i++) {
        page[i] = random_next(&state);
        sum = sum_on(sum, state);
    }
    page[WORD_SUM] = sum;
}

/* Notes the first wrong word only. */
static void word_compare(uint32_t word, uint32_t is, uint32_t should_be, bool *right, struct page_fault *fault)
{
    if (is != should_be && *right) {
        *fault = (struct page_fault){word, is, should_be};
        *right = false;
    }
}

bool page_check(const volatile uint32_t *page, const struct page_key *key, struct page_fault *fault)
{
    uint32_t header[WORD_SUM], state = key_state(key);
    bool right = true;
    header_make(key, header);
    uint32_t sum = header_sum(header);
    for (uint32_t i = 0; i < WORD_SUM; i++)
        word_compare(i, page[i], header[i], &right, fault);
    for (uint32_t i = WORD_DATA; i < PAGE_WORDS; i++) {
        word_compare(i, page[i], random_next(&state), &right, fault);
        sum = sum_on(sum, state);
    }
    word_compare(WORD_SUM, page[WORD_SUM], sum, &right, fault);
    return right;
}

static uint32_t sparse_place(const struct page_key *key) { return key->page * 37 % PAGE_WORDS; }

void sparse_fill(volatile uint32_t *page, const struct page_key *key) { page[sparse_place(key)] = key_state(key); }

bool sparse_check(const volatile uint32_t *page, const struct page_key *key, struct page_fault *fault)
{
    bool right = true;
    uint32_t place = sparse_place(key), value = key_state(key);
    for (uint32_t i = 0; i < PAGE_WORDS; i++)
        word_compare(i, page[i], i == place ? value : 0, &right, fault);
    return right;
}
