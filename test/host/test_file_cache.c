#include "servers/file/cache.h"
#include "host.h"
#include "random.h"
#include <apteryx/file_server.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>
#include <string.h>
/* sources: src/servers/file/cache.c src/servers/file/index.c */

/* The fake kernel: frames come and go under the cache's pages, whenever nobody holds them. The fake disk: a block is its
 * number and how often it has been written. A page that is not there holds rubbish. */
#define PAGE 4096u
#define SLOTS 200u
#define BLOCKS 900u
#define RUBBISH 0xDDDDDDDDu

static _Alignas(4096) uint8_t area[(SLOTS + 1) * PAGE];
static bool marked[SLOTS + 1], present[SLOTS + 1];
static uint32_t holds[SLOTS + 1], age[BLOCKS];
static uint32_t reads, pages_read, bad_block, no_frame_in;

static uint32_t slot_of(uintptr_t page)
{
    uint32_t slot = (uint32_t)(page - (uintptr_t)area) / PAGE;
    assert_true(page % PAGE == 0 && slot <= SLOTS && marked[slot]);
    return slot;
}
static uint32_t *words(uint32_t slot) { return (uint32_t *)(void *)(area + slot * PAGE); }

static void evict(uint32_t slot)
{
    assert_int_equal(holds[slot], 0);
    present[slot] = false;
    memset(words(slot), 0xDD, PAGE);
}

err_t vm_find_hole(uint32_t bytes, uint32_t align, uintptr_t low, uintptr_t high, uintptr_t *start)
{
    assert_true(bytes == sizeof(area) && align != 0 && low < high);
    *start = (uintptr_t)area;
    return OK;
}

uint32_t process_id(void) { return 9; }

err_t file_mark(handle_t pager, uint32_t pid, uintptr_t start, uint32_t bytes, enum vm_kind kind)
{
    assert_true(pager == 77 && pid == 9);
    for (uint32_t i = 0; i < bytes / PAGE; i++) {
        uint32_t slot = (uint32_t)(start - (uintptr_t)area) / PAGE + i;
        assert_true(slot <= SLOTS && marked[slot] == (kind == VM_NONE));
        marked[slot] = kind == VM_FILE;
        evict(slot);
    }
    return OK;
}

err_t file_hold(handle_t pager, uintptr_t page, bool fill, uint32_t *token)
{
    uint32_t slot = slot_of(page);
    assert_int_equal(pager, 77);
    if (!present[slot] && !fill)
        return ERR_NO_ENTRY;
    if (!present[slot]) {
        if (no_frame_in > 0 && --no_frame_in == 0)
            return ERR_LIMIT;
        memset(words(slot), 0, PAGE);
    }
    present[slot] = true;
    holds[slot]++;
    *token = slot + 1000;
    return OK;
}

err_t file_release(handle_t pager, uintptr_t page, bool dirty)
{
    uint32_t slot = slot_of(page);
    assert_true(pager == 77 && !dirty && present[slot] && holds[slot] > 0);
    holds[slot]--;
    return OK;
}

/* Of a run that a bad block is in, the pages before it are good. */
static uint32_t version_read(struct version *version, uint32_t page, const struct page_source *sources, uint32_t n,
                             const uint32_t *tokens, uint8_t *to)
{
    assert_true(version->volume->number == 3 && page == 7 && n > 0 && n <= CACHE_RUN_MAX);
    reads++;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t slot = tokens[i] - 1000, block = sources[i].block;
        assert_true(slot < SLOTS && holds[slot] > 0 && (uint8_t *)words(slot) == to + i * PAGE);
        assert_true(block == sources[0].block + i && block > 0 && block < BLOCKS);
        if (block == bad_block)
            return i;
        words(slot)[0] = block;
        words(slot)[1] = age[block];
        words(slot)[2] = sources[i].bytes;
        pages_read++;
    }
    return n;
}

static const struct volume_kind kind = {.page_blocks = 1, .read = version_read};
static struct volume volume = {.name = "disk", .number = 3, .kind = &kind};
static struct version version = {.volume = &volume, .mounting = 3};

static struct page_source source(uint32_t block) { return (struct page_source){block, block == 0 ? 0 : PAGE, 0}; }

static int begin(void **state)
{
    (void)state;
    static bool started;
    random_state = 23;
    if (!started)
        assert_int_equal(cache_start(77, SLOTS), OK);
    started = true;
    bad_block = no_frame_in = 0;
    return 0;
}

/* Shows and checks; answers how many pages. */
static uint32_t show(const struct page_source *sources, uint32_t n, struct cached *cached)
{
    assert_int_equal(cache_show(&version, 7, sources, n, cached), OK);
    assert_true(cached->pages > 0 && cached->pages <= n);
    for (uint32_t i = 0; i < n && i < cached->pages; i++) {
        uint32_t slot = slot_of(cached->start + i * PAGE), block = sources[i].block;
        assert_true(present[slot] && holds[slot] == 1);
        assert_int_equal(words(slot)[0], block);
        assert_int_equal(words(slot)[1], block == 0 ? 0 : age[block]);
    }
    return cached->pages;
}

/* No block is in two frames, and nothing but the bounce page is held. */
static void settled(void)
{
    static uint32_t seen[BLOCKS];
    memset(seen, 0, sizeof(seen));
    for (uint32_t i = 0; i < SLOTS; i++) {
        assert_int_equal(holds[i], 0);
        if (present[i] && words(i)[0] < BLOCKS)
            assert_int_equal(seen[words(i)[0]]++, 0);
    }
    assert_int_equal(holds[SLOTS], 1);
}

static void in_order_a_run_is_one_read(void **state)
{
    (void)state;
    struct page_source run[CACHE_RUN_MAX] = {{0, 0, 0}};
    struct cached cached;
    for (uint32_t i = 0; i < CACHE_RUN_MAX; i++)
        run[i] = source(100 + i);
    reads = 0;
    assert_int_equal(show(run, CACHE_RUN_MAX, &cached), CACHE_RUN_MAX);
    cache_release(&cached);
    assert_int_equal(reads, 1);
    assert_int_equal(show(run + 5, CACHE_RUN_MAX - 5, &cached), CACHE_RUN_MAX - 5);
    cache_release(&cached);
    assert_int_equal(reads, 1);
    evict(slot_of(cached.start + 3 * PAGE)); /* of block 108: from there on it is read up to what is there */
    assert_int_equal(show(run + 5, 20, &cached), 3);
    cache_release(&cached);
    assert_int_equal(show(run + 8, 20, &cached), 1);
    cache_release(&cached);
    assert_int_equal(reads, 2);
    settled();
}

static void a_bad_block_spoils_itself_alone(void **state)
{
    (void)state;
    struct page_source run[8] = {{0, 0, 0}};
    struct cached cached;
    for (uint32_t i = 0; i < 8; i++)
        run[i] = source(200 + i);
    bad_block = 203;
    assert_int_equal(show(run, 8, &cached), 3);
    cache_release(&cached);
    assert_int_equal(cache_show(&version, 7, run + 3, 5, &cached), ERR_IO);
    assert_int_equal(cached.pages, 0);
    bad_block = 0;
    assert_int_equal(show(run + 3, 5, &cached), 5);
    cache_release(&cached);
    settled();
}

/* Two files that begin in the same block and end in it are two pages: other bytes of it count. */
static void the_ends_of_files_are_apart(void **state)
{
    (void)state;
    struct page_source whole = source(600), end = source(600);
    struct cached cached;
    end.bytes = 100;
    assert_int_equal(show(&whole, 1, &cached), 1);
    cache_release(&cached);
    reads = 0;
    assert_int_equal(cache_show(&version, 7, &end, 1, &cached), OK);
    assert_int_equal(words(slot_of(cached.start))[2], 100);
    cache_release(&cached);
    assert_int_equal(reads, 1);
    assert_int_equal(show(&whole, 1, &cached), 1);
    assert_int_equal(words(slot_of(cached.start))[2], PAGE);
    cache_release(&cached);
    assert_int_equal(reads, 1);
    cache_forget(&volume, 600);
    evict(slot_of(cached.start));
}

static void with_few_frames_the_first_page_comes(void **state)
{
    (void)state;
    struct page_source run[8] = {{0, 0, 0}};
    struct cached cached;
    for (uint32_t i = 0; i < 8; i++)
        run[i] = source(300 + i);
    no_frame_in = 4;
    assert_int_equal(show(run, 8, &cached), 3);
    cache_release(&cached);
    no_frame_in = 1;
    assert_int_equal(cache_show(&version, 7, run + 4, 1, &cached), ERR_LIMIT);
    settled();
}

static void random_files(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 40000; round++) {
        struct page_source sources[CACHE_RUN_MAX] = {{0, 0, 0}};
        struct cached cached;
        uint32_t n = 1 + below(CACHE_RUN_MAX), block = below(4) ? 1 + below(BLOCKS - CACHE_RUN_MAX - 1) : 0;
        for (uint32_t i = 0; i < n; i++)
            sources[i] = source(block == 0 ? 0 : below(30) ? block + i : 1 + below(BLOCKS - 1));
        (void)show(sources, n, &cached);
        cache_release(&cached);
        for (uint32_t i = below(12); i > 0; i--)
            evict(below(SLOTS));
        if (below(5) == 0) { /* a block is written anew */
            uint32_t written = 1 + below(BLOCKS - 1);
            cache_forget(&volume, written);
            age[written]++;
        }
        if (round % 500 == 0)
            settled();
    }
    settled();
}

static void what_is_written_is_kept(void **state)
{
    (void)state;
    struct cached cached;
    uintptr_t page = cache_fresh(1);
    uint32_t token;
    assert_false(present[slot_of(page)]);
    assert_int_equal(file_hold(cache_pager(), page, true, &token), OK);
    cache_forget(&volume, 500);
    age[500] = 4711;
    words(slot_of(page))[0] = 500;
    words(slot_of(page))[1] = age[500];
    cache_keep(&volume, 500, page);
    cache_release(&(struct cached){.start = page, .pages = 1});
    reads = 0;
    struct page_source one = source(500);
    assert_int_equal(show(&one, 1, &cached), 1);
    assert_true(reads == 0 && cached.start == page);
    cache_release(&cached);
    cache_drop(page);
    assert_int_equal(show(&one, 1, &cached), 1);
    assert_int_equal(reads, 1);
    cache_release(&cached);
    settled();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_order_a_run_is_one_read, begin),
        cmocka_unit_test_setup(a_bad_block_spoils_itself_alone, begin),
        cmocka_unit_test_setup(the_ends_of_files_are_apart, begin),
        cmocka_unit_test_setup(with_few_frames_the_first_page_comes, begin),
        cmocka_unit_test_setup(random_files, begin),
        cmocka_unit_test_setup(what_is_written_is_kept, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
