#include "common/entry.h"
#include "host.h"

/* The proof visits every word; here are the promises that it can't: what must be refused, and the names. */

static const struct protection user_write = {.write = true, .user = true};
static const struct protection nothing;

/* One entry of each kind that a page-table entry may be. */
static pte_t sample(enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_NORMAL:
    case ENTRY_LOCKED:
    case ENTRY_DMA:
    case ENTRY_FILE:
    case ENTRY_SPECIAL:
    case ENTRY_SHARED:
    case ENTRY_COW:
    case ENTRY_WATCHED:
        return pte_make(kind, (frame_t){0x12345}, nothing);
    case ENTRY_NONE:
        return pte_none();
    case ENTRY_ON_DEMAND:
        return pte_on_demand();
    case ENTRY_FILE_OUT:
        return pte_file_out();
    case ENTRY_SWAP:
        return pte_swap((block_t){81723});
    case ENTRY_SWAP_WATCHED:
        return pte_swap_watched((block_t){81723});
    case ENTRY_TRANSIT:
        return pte_transit((frame_t){0x12345});
    case ENTRY_LENT:
        return pte_lent(77);
    case ENTRY_WATCHED_OUT:
        return pte_watched_out();
    case ENTRY_GUARD:
        return pte_guard();
    case ENTRY_TABLE:
    case ENTRY_UNLAWFUL:
    case ENTRY_KIND_COUNT:
        break;
    }
    return (pte_t){0x80000000u}; /* number 0x40000000: a gap between two rows */
}

#define KIND_BIT(kind) (1u << (kind))
#define PRESENT_KINDS 0xFFu

/* Runs the transition from each kind: it must assert exactly where the mask does not allow it. */
#define ASSERTS_UNLESS(allowed, call)                          \
    for (volatile int kind = 0; kind <= ENTRY_GUARD; kind++) { \
        pte_t e = sample((enum entry_kind)kind);               \
        if ((allowed)&KIND_BIT(kind))                          \
            (void)(call);                                      \
        else                                                   \
            expect_assert_failure((void)(call));               \
    }

static void samples_are_what_they_say(void **state)
{
    (void)state;
    for (int kind = 0; kind <= ENTRY_GUARD; kind++)
        assert_int_equal(pte_kind(sample((enum entry_kind)kind)), kind);
    assert_int_equal(pte_kind(sample(ENTRY_UNLAWFUL)), ENTRY_UNLAWFUL);
}

/* The numbers of docs/design.md, section 1; an absent word is twice its number. */
static void numbers_are_those_of_the_design(void **state)
{
    (void)state;
    assert_int_equal(pte_none().w, 0);
    assert_int_equal(pte_on_demand().w, 2);
    assert_int_equal(pte_file_out().w, 4);
    assert_int_equal(pte_swap((block_t){81723}).w, 2 * (81723 + 3));
    assert_int_equal(pte_block(pte_swap((block_t){81723})).n, 81723);
    assert_int_equal(pte_swap_watched((block_t){81723}).w, 2u * (0x40000000 + 81723 + 3));
    assert_int_equal(pte_block(pte_swap_watched((block_t){81723})).n, 81723);
    assert_int_equal(pte_transit((frame_t){0x12345}).w, 2u * (0x7FE00000 + 0x12345));
    assert_int_equal(pte_frame(pte_transit((frame_t){0x12345})).n, 0x12345);
    assert_int_equal(pte_lent(77).w, 2u * (0x7FF00000 + 77));
    assert_int_equal(pte_watched_out().w, 2u * 0x7FFFFFFE);
    assert_int_equal(pte_guard().w, 2u * 0x7FFFFFFF);
    assert_int_equal(pte_make(ENTRY_LOCKED, (frame_t){0x12345}, user_write).w, 0x12345207);
}

static void decoding_asserts_its_kind(void **state)
{
    (void)state;
    ASSERTS_UNLESS(PRESENT_KINDS | KIND_BIT(ENTRY_TRANSIT), pte_frame(e));
    ASSERTS_UNLESS(PRESENT_KINDS, pte_protection(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_SWAP) | KIND_BIT(ENTRY_SWAP_WATCHED), pte_block(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_LENT), pte_node(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_SWAP), pde_block((pde_t){e.w}));
}

static void transitions_assert_where_they_come_from(void **state)
{
    (void)state;
    ASSERTS_UNLESS(PRESENT_KINDS, pte_aged(e));
    ASSERTS_UNLESS(PRESENT_KINDS, pte_cleaned(e));
    ASSERTS_UNLESS(PRESENT_KINDS, pte_as_dirty(e));
    ASSERTS_UNLESS(PRESENT_KINDS, pte_write_protected(e));
    ASSERTS_UNLESS(PRESENT_KINDS & ~(KIND_BIT(ENTRY_COW) | KIND_BIT(ENTRY_WATCHED)), pte_writable_again(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_NORMAL), pte_locked(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_LOCKED), pte_unlocked(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_NORMAL) | KIND_BIT(ENTRY_LOCKED) | KIND_BIT(ENTRY_COW), pte_moved(e, user_write));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_NORMAL), pte_watched(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_WATCHED), pte_unwatched(e, true));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_NORMAL) | KIND_BIT(ENTRY_FILE) | KIND_BIT(ENTRY_WATCHED), pte_to_transit(e));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_TRANSIT), pte_transit_to_swap(e, (block_t){5}));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_TRANSIT), pte_transit_to_normal(e, user_write));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_TRANSIT), pte_transit_to_swap_watched(e, (block_t){5}));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_TRANSIT), pte_transit_to_watched(e, user_write));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_TRANSIT), pte_transit_to_file(e, user_write));
    ASSERTS_UNLESS(KIND_BIT(ENTRY_SWAP) | KIND_BIT(ENTRY_SWAP_WATCHED), pte_swap_to_transit(e, (frame_t){5}));
}

static void nothing_out_of_range_is_encoded(void **state)
{
    (void)state;
    const frame_t no_frame = {FRAME_COUNT_MAX};
    const block_t no_block = {BLOCK_COUNT_MAX};
    expect_assert_failure(pte_make(ENTRY_NORMAL, no_frame, nothing));
    expect_assert_failure(pte_make(ENTRY_NONE, (frame_t){1}, nothing));
    expect_assert_failure(pte_make(ENTRY_COW, (frame_t){1}, user_write));
    expect_assert_failure(pte_make(ENTRY_WATCHED, (frame_t){1}, user_write));
    expect_assert_failure(pte_transit(no_frame));
    expect_assert_failure(pte_swap(no_block));
    expect_assert_failure(pte_swap_watched(no_block));
    expect_assert_failure(pte_lent(ENTRY_NODE_COUNT));
    expect_assert_failure(pde_table(no_frame, true, 0));
    expect_assert_failure(pde_table((frame_t){1}, true, ENTRY_HINT_MAX + 1));
    expect_assert_failure(pde_large(ENTRY_SPECIAL, (frame_t){1}, nothing));
    expect_assert_failure(root_make(ENTRY_COW, (frame_t){1}));
}

static void a_table_holds_what_its_directory_said(void **state)
{
    (void)state;
    const uint32_t whole = KIND_BIT(ENTRY_NONE) | KIND_BIT(ENTRY_ON_DEMAND) | KIND_BIT(ENTRY_FILE_OUT) |
                           KIND_BIT(ENTRY_WATCHED_OUT) | KIND_BIT(ENTRY_GUARD);
    ASSERTS_UNLESS(whole, pde_as_table_entries((pde_t){e.w}));
    expect_assert_failure(pde_hint(pde_large(ENTRY_SPECIAL, (frame_t){1024}, nothing)));
    expect_assert_failure(pde_with_hint(pde_none(), 1));
}

/* The lowest class that holds a run, and no class that two joined runs could leave. */
static void hints_are_upper_bounds(void **state)
{
    (void)state;
    for (uint32_t pages = 0; pages <= TABLE_ENTRIES; pages++) {
        uint32_t hint = hint_for(pages);
        assert_in_range(hint_pages(hint), pages, TABLE_ENTRIES);
        assert_true(hint == 0 || hint_pages(hint - 1) < pages);
        for (uint32_t freed = 1; freed <= TABLE_ENTRIES; freed++) {
            uint32_t joined = 2 * pages + freed;
            assert_true(hint_pages(hint_after(hint, freed)) >= (joined < TABLE_ENTRIES ? joined : TABLE_ENTRIES));
        }
    }
    assert_int_equal(hint_for(TABLE_ENTRIES), ENTRY_HINT_UNKNOWN);
    assert_int_equal(hint_for(0xFFFFFFFFu), ENTRY_HINT_UNKNOWN);
    assert_int_equal(hint_pages(0), 0);
    assert_int_equal(hint_pages(1), 1); /* one page between two: the commonest hole that is of no use */
    expect_assert_failure(hint_pages(ENTRY_HINT_MAX + 1));
}

static void names_are_those_of_the_design(void **state)
{
    (void)state;
    assert_string_equal(entry_kind_name(ENTRY_NORMAL), "NORMAL");
    assert_string_equal(entry_kind_name(ENTRY_WATCHED_OUT), "WATCHED");
    assert_string_equal(entry_kind_name(ENTRY_SWAP_WATCHED), "SWAP_WATCHED");
    assert_string_equal(entry_kind_name(ENTRY_GUARD), "GUARD");
    assert_string_equal(entry_kind_name(ENTRY_UNLAWFUL), "UNLAWFUL");
    expect_assert_failure(entry_kind_name(ENTRY_KIND_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_what_they_say),       cmocka_unit_test(numbers_are_those_of_the_design),
        cmocka_unit_test(decoding_asserts_its_kind),       cmocka_unit_test(transitions_assert_where_they_come_from),
        cmocka_unit_test(nothing_out_of_range_is_encoded), cmocka_unit_test(a_table_holds_what_its_directory_said),
        cmocka_unit_test(hints_are_upper_bounds),          cmocka_unit_test(names_are_those_of_the_design),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
