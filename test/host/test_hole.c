/* sources: src/kernel/linear/space.c src/kernel/linear/own.c src/kernel/linear/hole.c test/host/fake_paging.c */
/* The search for holes against a plain scan: 10,000 random layouts of neighbouring tables and directory entries, and in
 * each of them searches of all sizes and alignments, with changes in between. Answers are the same, hints hold before
 * and after, and a table that was looked through says what was not found in it. */
#include "kernel/linear/linear.h"

#include "fake_paging.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define LAYOUTS 10000u
#define SPANS 5u /* the last ones of process space: a hole ends there, too */
#define PAGES (SPANS * TABLE_ENTRIES)
#define FIRST (USER_PAGES - PAGES)
#define FRAMES (USER_DIRECTORY_ENTRIES + 1u)

static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static frame_t free_frames[FRAMES];
static uint32_t free_count;
static struct space space;
static uint32_t run[PAGES + 1]; /* what a plain look says: so many free pages from this one on */

/* ---- layouts ---- */

static page_t page_of(uint32_t i) { return (page_t){FIRST + i}; }

static void span_clear(uint32_t span, enum entry_kind kind)
{
    frame_t table;
    if (space_table_remove(&space, page_of(span * TABLE_ENTRIES), kind, &table))
        free_frames[free_count++] = table;
}

static pte_t something(void)
{
    const struct protection p = {.write = true, .user = true};
    const pte_t used[] = {pte_on_demand(), pte_guard(), pte_swap((block_t){below(1000)}), pte_watched_out(),
                          pte_make(ENTRY_NORMAL, (frame_t){below(FRAME_COUNT_MAX)}, p)};
    return used[below(5)];
}

static void pages_put(uint32_t i, uint32_t count, bool free)
{
    for (uint32_t end = i + count; i < end; i++)
        (void)space_exchange(&space, page_of(i), free ? pte_none() : something());
}

/* A run of free or used pages, by single stores or, where the pages say the same, by one fill. */
static void run_change(uint32_t span, bool free)
{
    uint32_t at = below(3) ? below(TABLE_ENTRIES) : below(2) * (TABLE_ENTRIES - 1);
    uint32_t most = TABLE_ENTRIES - at, count = 1 + below(below(2) ? most : (most < 8 ? most : 8));
    page_t first = page_of(span * TABLE_ENTRIES + at);
    if (!space_table(&space, first))
        return;
    struct stretch s = space_stretch(&space, (struct page_range){first, {first.n + count}});
    enum entry_kind kind = pte_kind(s.entry);
    bool fills = below(2) && (kind == ENTRY_NONE || kind == ENTRY_ON_DEMAND || kind == ENTRY_GUARD);
    if (fills)
        space_fill(&space, (struct page_range){first, s.end}, free ? ENTRY_NONE : ENTRY_GUARD);
    else
        pages_put(first.n - FIRST, count, free);
}

static void span_make(uint32_t span)
{
    static const enum entry_kind kinds[] = {ENTRY_NONE, ENTRY_ON_DEMAND, ENTRY_GUARD};
    span_clear(span, kinds[below(3)]);
    if (below(4) == 0)
        return;
    if (below(8) == 0) { /* a table that is out */
        pde_t out = below(2) ? pde_swap((block_t){below(1000)}) : pde_transit((frame_t){below(FRAME_COUNT_MAX)});
        (void)space_directory_exchange(&space, page_of(span * TABLE_ENTRIES), out);
        return;
    }
    space_table_install(&space, page_of(span * TABLE_ENTRIES), free_frames[--free_count]);
    uint32_t changes = below(3) ? below(8) : below(60), odds = 1 + below(3);
    for (uint32_t i = 0; i < changes; i++)
        run_change(span, below(4) < odds);
    if (below(5) == 0) /* every other page */
        for (uint32_t i = 0; i < TABLE_ENTRIES; i++)
            pages_put(span * TABLE_ENTRIES + i, 1, i % 2 == 0);
}

/* ---- the plain scan ---- */

static void look_plainly(void)
{
    for (uint32_t i = PAGES; i-- > 0;)
        run[i] = pte_same(space_entry(&space, page_of(i), NULL), pte_none()) ? run[i + 1] + 1 : 0;
}

/* The first hole in page numbers; USER_PAGES: none. */
static uint32_t scan(uint32_t low, uint32_t high, uint32_t pages, uint32_t align)
{
    for (uint32_t at = (low + align - 1) / align * align; at + pages <= high; at += align)
        if (run[at - FIRST] >= pages)
            return at;
    return USER_PAGES;
}

static uint32_t longest_run(uint32_t span)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        uint32_t inside =
            run[span * TABLE_ENTRIES + i] < TABLE_ENTRIES - i ? run[span * TABLE_ENTRIES + i] : TABLE_ENTRIES - i;
        longest = inside > longest ? inside : longest;
    }
    return longest;
}

/* `searched`: a search for so many pages has looked through all tables, and found nothing. */
static void hints_are_checked(uint32_t searched)
{
    for (uint32_t span = 0; span < SPANS; span++) {
        page_t page = page_of(span * TABLE_ENTRIES);
        if (!space_table(&space, page))
            continue;
        uint32_t hint = pde_hint(space_directory_entry(&space, page));
        assert_in_range(longest_run(span), 0, hint_pages(hint));
        assert_true(space_hint_holds(&space, page));
        assert_true(hint <= hint_for(searched - 1));
    }
}

/* ---- searches ---- */

static uint32_t find(uint32_t low, uint32_t high, uint32_t pages, uint32_t align, uint32_t *steps)
{
    const struct hole_wanted wanted = {pages, align, {high}};
    struct page_range free = {{low}, {low}};
    enum search answer;
    for (*steps = 1; (answer = space_find_hole(&space, &wanted, &free)) == SEARCH_GOES_ON; ++*steps)
        assert_true(free.end.n <= high);
    return answer == SEARCH_FOUND ? free.first.n : USER_PAGES;
}

static uint32_t some_pages(void)
{
    switch (below(6)) {
    case 0:
        return 1;
    case 1:
        return 1 + below(4);
    case 2:
        return 1u << below(11);
    case 3:
        return 1 + below(PAGES);
    default:
        return 1 + below(2 * TABLE_ENTRIES);
    }
}

static void search_once(void)
{
    uint32_t low = FIRST + (below(2) ? 0 : below(PAGES)), high = low + 1 + below(USER_PAGES - low), steps;
    uint32_t pages = some_pages(), align = below(2) ? 1 : 1u << below(13);
    high = below(2) ? USER_PAGES : high;
    assert_int_equal(find(low, high, pages, align, &steps), scan(low, high, pages, align));
}

static void bounds_once(void)
{
    uint32_t at = below(PAGES), first = at, end = at + 1 + run[at + 1];
    struct page_range area = {page_of(0), {USER_PAGES}}, free = {page_of(at), page_of(at + 1)};
    while (first > 0 && run[first - 1])
        first--;
    while (space_find_bounds(&space, area, &free) == SEARCH_GOES_ON)
        assert_true(free.end.n > free.first.n);
    assert_int_equal(free.first.n, FIRST + first);
    assert_int_equal(free.end.n, FIRST + end);
}

static void start(void)
{
    fake_paging_start(memory, FRAMES);
    for (free_count = 0; free_count < USER_DIRECTORY_ENTRIES; free_count++)
        free_frames[free_count] = (frame_t){free_count + 1};
    space_start(&space, (frame_t){0}, 1);
    directory_load(space_directory(&space));
}

static void random_layouts_answer_as_a_plain_scan(void **state)
{
    (void)state;
    random_state = 1;
    start();
    for (uint32_t layout = 0; layout < LAYOUTS; layout++) {
        for (uint32_t span = 0; span < SPANS; span++)
            if (layout == 0 || below(3) == 0)
                span_make(span);
        for (uint32_t round = 0; round < 2; round++) {
            run_change(below(SPANS), below(2));
            look_plainly();
            hints_are_checked(PAGES);
            search_once();
            search_once();
            bounds_once();
            hints_are_checked(PAGES);
        }
    }
}

/* Used pages a few hundred apart: a search for more looks through every table. */
static void a_search_leaves_hints_behind(void **state)
{
    (void)state;
    uint32_t steps;
    random_state = 2;
    start();
    for (uint32_t layout = 0; layout < 1000; layout++) {
        uint32_t pages = 1u << below(10);
        for (uint32_t i = 0; i < PAGES; i++) {
            if (i % TABLE_ENTRIES == 0) {
                span_clear(i / TABLE_ENTRIES, ENTRY_NONE);
                space_table_install(&space, page_of(i), free_frames[--free_count]);
            }
            if (i % pages == 0 || below(100) == 0)
                pages_put(i, 1, false);
        }
        look_plainly();
        assert_int_equal(find(FIRST, USER_PAGES, pages, 1, &steps), USER_PAGES);
        hints_are_checked(pages);
        search_once();
        hints_are_checked(pages);
    }
}

/* Every other page of all there are: the first search looks at each, the next asks the hints. */
static void a_long_search_goes_in_steps(void **state)
{
    (void)state;
    uint32_t steps;
    start();
    for (page_t page = {0}; page.n < USER_PAGES; page.n++) {
        if (page_table_index(page) == 0)
            space_table_install(&space, page, free_frames[--free_count]);
        if (page.n % 2)
            (void)space_exchange(&space, page, pte_guard());
    }
    assert_int_equal(find(1, USER_PAGES, 2, 1, &steps), USER_PAGES);
    assert_in_range(steps, USER_PAGES / SEARCH_BOUND - 2, USER_PAGES / SEARCH_BOUND + 2);
    assert_int_equal(find(1, USER_PAGES, 2, 1, &steps), USER_PAGES);
    assert_in_range(steps, 1, 2); /* the table of page 0 is never looked through whole */
    assert_int_equal(find(1, USER_PAGES, 1, 1, &steps), 2);
    assert_int_equal(find(1, USER_PAGES, 1, 2 * TABLE_ENTRIES, &steps), 2 * TABLE_ENTRIES);
    (void)space_exchange(&space, (page_t){USER_PAGES - 1}, pte_none());
    assert_int_equal(find(1, USER_PAGES, 2, 1, &steps), USER_PAGES - 2);
    assert_in_range(steps, 1, 2);
}

static void free_pages_around_a_page_are_found_in_steps(void **state)
{
    (void)state;
    const struct page_range all = {{0}, {USER_PAGES}};
    const page_t middle = {USER_PAGES / 2};
    uint32_t steps = 1;
    start();
    for (page_t page = {0}; page.n < USER_PAGES; page.n += TABLE_ENTRIES)
        space_table_install(&space, page, free_frames[--free_count]);
    struct page_range free = {middle, {middle.n + 1}};
    for (; space_find_bounds(&space, all, &free) == SEARCH_GOES_ON; steps++)
        assert_true(free.first.n <= middle.n && free.end.n > middle.n);
    assert_int_equal(free.first.n, 0);
    assert_int_equal(free.end.n, USER_PAGES);
    assert_in_range(steps, USER_PAGES / SEARCH_BOUND - 2, USER_PAGES / SEARCH_BOUND + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_layouts_answer_as_a_plain_scan),
        cmocka_unit_test(a_search_leaves_hints_behind),
        cmocka_unit_test(a_long_search_goes_in_steps),
        cmocka_unit_test(free_pages_around_a_page_are_found_in_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
