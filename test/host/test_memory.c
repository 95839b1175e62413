/* sources: src/lib/memory.c */
/* flags: -Dmalloc=own_malloc -Dfree=own_free -Dcalloc=own_calloc -Drealloc=own_realloc */
/* The library's allocator on a heap of the test's own: random operations, contents kept, everything joined again. */
#include <apteryx/memory.h>

#undef malloc
#undef free
#undef calloc
#undef realloc
#include "host.h"
#include "random.h"
#include "lib/heap.h"
#include <apteryx/time.h>
#include <string.h>

void *own_malloc(size_t bytes), *own_calloc(size_t count, size_t bytes), *own_realloc(void *memory, size_t bytes);
void own_free(void *memory);

#define HEAP_BYTES 0x400000u
#define STEP 0x10000u
#define BLOCKS 200u

static uint8_t heap[HEAP_BYTES] __attribute__((aligned(4096)));
static uint32_t heap_used;
static uint32_t gap; /* left out before the next piece: somebody else's pages */

void *heap_grow(uint32_t bytes, uint32_t *got)
{
    bytes = (bytes + STEP - 1) & ~(STEP - 1);
    if (bytes > HEAP_BYTES - heap_used - gap)
        return NULL;
    void *piece = heap + heap_used + gap;
    memset(piece, 0, bytes);
    heap_used += gap + bytes;
    gap = 0;
    *got = bytes;
    return piece;
}

void time_sleep_us(uint64_t us)
{
    (void)us;
    fail_msg("the lock is taken, and there is one thread");
}

struct kept {
    uint8_t *at;
    size_t bytes;
    uint8_t mark;
};
static struct kept kept[BLOCKS];

static void kept_check(const struct kept *k)
{
    for (size_t i = 0; i < k->bytes; i++)
        assert_int_equal(k->at[i], k->mark);
}

static void kept_fill(struct kept *k)
{
    k->mark = (uint8_t)below(256);
    memset(k->at, k->mark, k->bytes);
}

static void one_operation(struct kept *k)
{
    size_t bytes = below(8) == 0 ? below(40000) : below(300);
    if (k->at == NULL) {
        k->at = own_malloc(bytes);
        assert_non_null(k->at);
    } else if (below(3) == 0) {
        size_t kept_bytes = bytes < k->bytes ? bytes : k->bytes;
        kept_check(k);
        k->at = own_realloc(k->at, bytes);
        assert_non_null(k->at);
        kept_check(&(struct kept){k->at, kept_bytes, k->mark});
    } else {
        kept_check(k);
        own_free(k->at);
        k->at = NULL;
        return;
    }
    assert_int_equal((uintptr_t)k->at % 16, 0);
    k->bytes = bytes;
    kept_fill(k);
}

static void contents_stay(void **state)
{
    (void)state;
    random_state = 12345;
    for (uint32_t i = 0; i < 20000; i++) {
        if (i % 5000 == 2500)
            gap = 0x3000;
        one_operation(&kept[below(BLOCKS)]);
    }
    for (uint32_t i = 0; i < BLOCKS; i++)
        if (kept[i].at != NULL) {
            kept_check(&kept[i]);
            own_free(kept[i].at);
            kept[i].at = NULL;
        }
}

/* Once everything is free again, it is whole again: the same large block fits again and again without growth. */
static void freed_blocks_join(void **state)
{
    void *part[50];
    (void)state;
    void *whole = own_malloc(600000);
    assert_non_null(whole);
    own_free(whole);
    uint32_t used = heap_used;
    for (uint32_t i = 0; i < 50; i++)
        assert_non_null(part[i] = own_malloc(10000));
    for (uint32_t i = 0; i < 50; i += 2)
        own_free(part[i]);
    for (uint32_t i = 1; i < 50; i += 2)
        own_free(part[i]);
    whole = own_malloc(600000);
    assert_non_null(whole);
    assert_int_equal(heap_used, used);
    own_free(whole);
}

static void what_does_not_fit_is_null(void **state)
{
    (void)state;
    uint32_t used = heap_used;
    assert_null(own_malloc(HEAP_BYTES));
    assert_null(own_malloc(0xFFFFFFF0u));
    assert_null(own_calloc(0x10000, 0x10001));
    assert_int_equal(heap_used, used);
    uint8_t *zeroed = own_calloc(100, 10);
    assert_non_null(zeroed);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(zeroed[i], 0);
    own_free(zeroed);
    own_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(contents_stay), cmocka_unit_test(freed_blocks_join),
                                       cmocka_unit_test(what_does_not_fit_is_null)};
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
