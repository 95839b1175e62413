/* The entry codec: what a page-table entry, a page-directory entry or a root word says, and the only place that knows
 * which bit says it. Pure functions of words; nothing here stores a live entry (that is linear's gate).
 *
 * Present PTE    | frame 20 | kind 3 | G | PAT | D | A | PCD | PWT | U | W | 1 |    kind: the first eight of ENTRY_KINDS
 *                |31      12|11     9| 8 |  7  | 6 | 5 |  4  |  3  | 2 | 1 | 0 |
 * Absent         | number 31                                             | 0 |    number: a row of ABSENT_ROWS
 * PDE, table     | frame 20 | hint 3 | 0 |  0  | 0 | A |  0  |  0  | U | 1 | 1 |
 * PDE, 4 MiB     | frame 10 | 0 (10) | kind 3 | G | 1 | D | A | PCD | PWT | U | W | 1 |
 * Root, present  | frame 20 | kind 3 | 0 (8)                              | 1 |
 *
 * Classification is total: every word is exactly one kind, and what no function here could have made is UNLAWFUL.
 * Lawful present words: PAT clear, PWT = PCD (uncached sets both), COW and WATCHED never writable.
 */
#ifndef COMMON_ENTRY_H
#define COMMON_ENTRY_H

#include "common/assert.h"
#include "common/units.h"

/* Present kinds come first, and their numbers are the available bits 11..9. Names as people see them, and what
 * they mean; docs/entry-reference.md expands from here too. */
#define ENTRY_KINDS(X)                                                                \
    X(ENTRY_NORMAL, "NORMAL", "ordinary RAM page")                                    \
    X(ENTRY_LOCKED, "LOCKED", "ordinary RAM page, never evicted")                     \
    X(ENTRY_DMA, "DMA", "locked RAM of a DMA buffer")                                 \
    X(ENTRY_FILE, "FILE", "RAM page of a mapped file")                                \
    X(ENTRY_SPECIAL, "SPECIAL", "not RAM: device, ROM")                               \
    X(ENTRY_SHARED, "SHARED", "lent frame: does not die with this space")             \
    X(ENTRY_COW, "COW", "read-only until written, then copied")                       \
    X(ENTRY_WATCHED, "WATCHED", "the next write is reported to the fault handler")    \
    X(ENTRY_NONE, "NONE", "free address space")                                       \
    X(ENTRY_ON_DEMAND, "ON_DEMAND", "promised: a zeroed page when touched")           \
    X(ENTRY_FILE_OUT, "FILE", "part of a mapped file, not in RAM")                    \
    X(ENTRY_SWAP, "SWAP", "in a block of swap")                                       \
    X(ENTRY_SWAP_WATCHED, "SWAP_WATCHED", "the same, WATCHED when it comes back")     \
    X(ENTRY_TRANSIT, "TRANSIT", "in a frame, not mapped; its record says why")        \
    X(ENTRY_LENT, "LENT", "one of several entries of a page that is out: ask a node") \
    X(ENTRY_WATCHED_OUT, "WATCHED", "the fault handler supplies this page")           \
    X(ENTRY_GUARD, "GUARD", "reserved: never an allocation, never a hole")            \
    X(ENTRY_TABLE, "TABLE", "present PDE that points to a page table")                \
    X(ENTRY_UNLAWFUL, "UNLAWFUL", "never stored")

#define ENTRY_KIND_ENUM(kind, name, text) kind,
enum entry_kind { ENTRY_KINDS(ENTRY_KIND_ENUM) ENTRY_KIND_COUNT };
#undef ENTRY_KIND_ENUM

static inline const char *entry_kind_name(enum entry_kind kind)
{
#define ENTRY_KIND_NAME(kind, name, text) [kind] = (name),
    static const char *const names[] = {ENTRY_KINDS(ENTRY_KIND_NAME)};
#undef ENTRY_KIND_NAME
    assert(kind < ENTRY_KIND_COUNT);
    return names[kind];
}

/* The processor's layout of a present word: name, first bit, width. */
#define ENTRY_FIELDS(F)                                           \
    F(PRESENT, 0, 1)                                              \
    F(WRITE, 1, 1)                                                \
    F(USER, 2, 1)                                                 \
    F(THROUGH, 3, 1)                                              \
    F(UNCACHED, 4, 1)                                             \
    F(ACCESSED, 5, 1)                                             \
    F(DIRTY, 6, 1)                                                \
    F(PAT, 7, 1) /* in a PDE: LARGE */                            \
    F(GLOBAL, 8, 1)                                               \
    F(KIND, 9, 3) /* in a PDE that points to a table: the hint */ \
    F(FRAME, 12, 20)

#define ENTRY_FIELD_ENUM(name, first, width) ENTRY_##name##_SHIFT = (first), ENTRY_##name##_MAX = (1 << (width)) - 1,
enum entry_field { ENTRY_FIELDS(ENTRY_FIELD_ENUM) };
#undef ENTRY_FIELD_ENUM

#define ENTRY_FIELD_WIDTH(name, first, width) +(width)
_Static_assert(0 ENTRY_FIELDS(ENTRY_FIELD_WIDTH) == 8 * sizeof(entry_word_t), "a present entry fills its word");
#undef ENTRY_FIELD_WIDTH

#define ENTRY_MASK(name) ((entry_word_t)ENTRY_##name##_MAX << ENTRY_##name##_SHIFT)
#define ENTRY_GET(word, name) (((word) >> ENTRY_##name##_SHIFT) & (entry_word_t)ENTRY_##name##_MAX)
#define ENTRY_PUT(value, name) ((entry_word_t)(value) << ENTRY_##name##_SHIFT)

#define ENTRY_LARGE_FRAMES TABLE_ENTRIES /* a 4 MiB page begins at a multiple of this */
#define ENTRY_HINT_UNKNOWN 7u
#define ENTRY_HINT_MAX 7u
#define ENTRY_NODE_COUNT 0x000FFFFEu /* mapping nodes that LENT can name */

/* An absent word is twice its number. Kind, first and last number. */
#define ABSENT_ROWS(X)                                                       \
    X(ENTRY_NONE, 0u, 0u)                                                    \
    X(ENTRY_ON_DEMAND, 1u, 1u)                                               \
    X(ENTRY_FILE_OUT, 2u, 2u)                                                \
    X(ENTRY_SWAP, 3u, 3u + (BLOCK_COUNT_MAX - 1u))                           \
    X(ENTRY_SWAP_WATCHED, 0x40000003u, 0x40000003u + (BLOCK_COUNT_MAX - 1u)) \
    X(ENTRY_TRANSIT, 0x7FE00000u, 0x7FE00000u + (FRAME_COUNT_MAX - 1u))      \
    X(ENTRY_LENT, 0x7FF00000u, 0x7FF00000u + (ENTRY_NODE_COUNT - 1u))        \
    X(ENTRY_WATCHED_OUT, 0x7FFFFFFEu, 0x7FFFFFFEu)                           \
    X(ENTRY_GUARD, 0x7FFFFFFFu, 0x7FFFFFFFu)

#define ABSENT_ROW_ENUM(kind, first, last) kind##_FIRST = (int)(first), kind##_LAST = (int)(last),
enum absent_row { ABSENT_ROWS(ABSENT_ROW_ENUM) };
#undef ABSENT_ROW_ENUM

struct protection {
    bool write, user, global, uncached;
};

/* ---- words: shared by PTE, PDE and root ---- */

static inline bool word_present(entry_word_t w) { return (w & ENTRY_MASK(PRESENT)) != 0; }

static inline enum entry_kind word_absent_kind(entry_word_t w)
{
    entry_word_t number = w >> 1;
#define ABSENT_ROW_TEST(kind, first, last)    \
    if (number - (first) <= (last) - (first)) \
        return kind;
    ABSENT_ROWS(ABSENT_ROW_TEST)
#undef ABSENT_ROW_TEST
    return ENTRY_UNLAWFUL;
}

/* The kind of a present page word, 4 KiB or 4 MiB; the caller has looked at bit 7. */
static inline enum entry_kind word_page_kind(entry_word_t w)
{
    enum entry_kind kind = (enum entry_kind)ENTRY_GET(w, KIND);
    if (ENTRY_GET(w, THROUGH) != ENTRY_GET(w, UNCACHED))
        return ENTRY_UNLAWFUL;
    if ((w & ENTRY_MASK(WRITE)) && (kind == ENTRY_COW || kind == ENTRY_WATCHED))
        return ENTRY_UNLAWFUL;
    return kind;
}

static inline entry_word_t word_number(entry_word_t number) { return number << 1; }

static inline entry_word_t word_place(entry_word_t w, enum absent_row first) { return (w >> 1) - (entry_word_t)first; }

static inline entry_word_t word_page(enum entry_kind kind, frame_t frame, struct protection p)
{
    assert(kind <= ENTRY_WATCHED);
    assert(frame.n < FRAME_COUNT_MAX);
    assert(!p.write || (kind != ENTRY_COW && kind != ENTRY_WATCHED));
    return ENTRY_MASK(PRESENT) | ENTRY_PUT(p.write, WRITE) | ENTRY_PUT(p.user, USER) | ENTRY_PUT(p.uncached, THROUGH) |
           ENTRY_PUT(p.uncached, UNCACHED) | ENTRY_PUT(p.global, GLOBAL) | ENTRY_PUT(kind, KIND) |
           ENTRY_PUT(frame.n, FRAME);
}

static inline entry_word_t word_swap(block_t block)
{
    assert(block.n < BLOCK_COUNT_MAX);
    return word_number(block.n + ENTRY_SWAP_FIRST);
}

static inline entry_word_t word_transit(frame_t frame)
{
    assert(frame.n < FRAME_COUNT_MAX);
    return word_number(frame.n + ENTRY_TRANSIT_FIRST);
}

/* ---- page-table entries: what one says ---- */

static inline bool pte_same(pte_t a, pte_t b) { return a.w == b.w; }
static inline bool pte_present(pte_t e) { return word_present(e.w); }

static inline enum entry_kind pte_kind(pte_t e)
{
    if (!pte_present(e))
        return word_absent_kind(e.w);
    return (e.w & ENTRY_MASK(PAT)) ? ENTRY_UNLAWFUL : word_page_kind(e.w);
}

static inline bool pte_is_transit(pte_t e)
{
    return !pte_present(e) && (e.w >> 1) - ENTRY_TRANSIT_FIRST <= ENTRY_TRANSIT_LAST - ENTRY_TRANSIT_FIRST;
}

/* The four below are false for every absent entry. */
static inline bool pte_writable(pte_t e) { return pte_present(e) && (e.w & ENTRY_MASK(WRITE)); }
static inline bool pte_user(pte_t e) { return pte_present(e) && (e.w & ENTRY_MASK(USER)); }
static inline bool pte_accessed(pte_t e) { return pte_present(e) && (e.w & ENTRY_MASK(ACCESSED)); }
static inline bool pte_dirty(pte_t e) { return pte_present(e) && (e.w & ENTRY_MASK(DIRTY)); }

static inline struct protection pte_protection(pte_t e)
{
    assert(pte_present(e));
    return (struct protection){.write = (e.w & ENTRY_MASK(WRITE)) != 0,
                               .user = (e.w & ENTRY_MASK(USER)) != 0,
                               .global = (e.w & ENTRY_MASK(GLOBAL)) != 0,
                               .uncached = (e.w & ENTRY_MASK(UNCACHED)) != 0};
}

/* => present or TRANSIT */
static inline frame_t pte_frame(pte_t e)
{
    if (pte_present(e))
        return (frame_t){ENTRY_GET(e.w, FRAME)};
    assert(pte_kind(e) == ENTRY_TRANSIT);
    return (frame_t){word_place(e.w, ENTRY_TRANSIT_FIRST)};
}

/* => SWAP or SWAP_WATCHED */
static inline block_t pte_block(pte_t e)
{
    if (pte_kind(e) == ENTRY_SWAP_WATCHED)
        return (block_t){word_place(e.w, ENTRY_SWAP_WATCHED_FIRST)};
    assert(pte_kind(e) == ENTRY_SWAP);
    return (block_t){word_place(e.w, ENTRY_SWAP_FIRST)};
}

/* => LENT */
static inline uint32_t pte_node(pte_t e)
{
    assert(pte_kind(e) == ENTRY_LENT);
    return word_place(e.w, ENTRY_LENT_FIRST);
}

/* ---- page-table entries: making one ---- */

/* => kind is one of the eight present kinds; COW and WATCHED without write. Accessed and dirty are clear. */
static inline pte_t pte_make(enum entry_kind kind, frame_t frame, struct protection p)
{
    return (pte_t){word_page(kind, frame, p)};
}

static inline pte_t pte_none(void) { return (pte_t){word_number(ENTRY_NONE_FIRST)}; }
static inline pte_t pte_on_demand(void) { return (pte_t){word_number(ENTRY_ON_DEMAND_FIRST)}; }
static inline pte_t pte_file_out(void) { return (pte_t){word_number(ENTRY_FILE_OUT_FIRST)}; }
static inline pte_t pte_watched_out(void) { return (pte_t){word_number(ENTRY_WATCHED_OUT_FIRST)}; }
static inline pte_t pte_guard(void) { return (pte_t){word_number(ENTRY_GUARD_FIRST)}; }
static inline pte_t pte_swap(block_t block) { return (pte_t){word_swap(block)}; }
static inline pte_t pte_transit(frame_t frame) { return (pte_t){word_transit(frame)}; }

static inline pte_t pte_swap_watched(block_t block)
{
    assert(block.n < BLOCK_COUNT_MAX);
    return (pte_t){word_number(block.n + ENTRY_SWAP_WATCHED_FIRST)};
}

static inline pte_t pte_lent(uint32_t node)
{
    assert(node < ENTRY_NODE_COUNT);
    return (pte_t){word_number(node + ENTRY_LENT_FIRST)};
}

/* ---- page-table entries: lawful transitions, each from where it may begin ---- */

static inline pte_t pte_aged(pte_t e)
{
    assert(pte_present(e));
    return (pte_t){e.w & ~ENTRY_MASK(ACCESSED)};
}

static inline pte_t pte_cleaned(pte_t e)
{
    assert(pte_present(e));
    return (pte_t){e.w & ~ENTRY_MASK(DIRTY)};
}

static inline pte_t pte_as_dirty(pte_t e)
{
    assert(pte_present(e));
    return (pte_t){e.w | ENTRY_MASK(DIRTY)};
}

static inline pte_t pte_write_protected(pte_t e)
{
    assert(pte_present(e));
    return (pte_t){e.w & ~ENTRY_MASK(WRITE)};
}

/* => of a kind that may be writable */
static inline pte_t pte_writable_again(pte_t e)
{
    enum entry_kind kind = pte_kind(e);
    assert(pte_present(e) && kind != ENTRY_COW && kind != ENTRY_WATCHED && kind != ENTRY_UNLAWFUL);
    return (pte_t){e.w | ENTRY_MASK(WRITE)};
}

static inline pte_t pte_locked(pte_t e)
{
    assert(pte_kind(e) == ENTRY_NORMAL);
    return (pte_t){e.w | ENTRY_PUT(ENTRY_LOCKED, KIND)};
}

static inline pte_t pte_unlocked(pte_t e)
{
    assert(pte_kind(e) == ENTRY_LOCKED);
    return (pte_t){e.w & ~ENTRY_MASK(KIND)};
}

/* The next write is reported first; accessed and dirty stay. => NORMAL */
static inline pte_t pte_watched(pte_t e)
{
    assert(pte_kind(e) == ENTRY_NORMAL);
    return (pte_t){(e.w & ~ENTRY_MASK(WRITE)) | ENTRY_PUT(ENTRY_WATCHED, KIND)};
}

/* => WATCHED; write: of the page's area */
static inline pte_t pte_unwatched(pte_t e, bool write)
{
    assert(pte_kind(e) == ENTRY_WATCHED);
    return (pte_t){(e.w & ~ENTRY_MASK(KIND)) | ENTRY_PUT(write, WRITE)};
}

/* The same page in another place: accessed and dirty go with it, its rights don't. => NORMAL, LOCKED or COW */
static inline pte_t pte_moved(pte_t e, struct protection p)
{
    enum entry_kind kind = pte_kind(e);
    assert(kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_COW);
    p.write = p.write && kind != ENTRY_COW;
    return (pte_t){word_page(kind, pte_frame(e), p) | (e.w & (ENTRY_MASK(ACCESSED) | ENTRY_MASK(DIRTY)))};
}

/* On the way out: the same frame, not mapped. The record keeps what the word can't say. */
static inline pte_t pte_to_transit(pte_t e)
{
    enum entry_kind kind = pte_kind(e);
    assert(kind == ENTRY_NORMAL || kind == ENTRY_WATCHED || kind == ENTRY_FILE);
    return pte_transit(pte_frame(e));
}

static inline pte_t pte_transit_to_swap(pte_t e, block_t block)
{
    assert(pte_kind(e) == ENTRY_TRANSIT);
    return pte_swap(block);
}

static inline pte_t pte_transit_to_swap_watched(pte_t e, block_t block)
{
    assert(pte_kind(e) == ENTRY_TRANSIT);
    return pte_swap_watched(block);
}

static inline pte_t pte_transit_to_normal(pte_t e, struct protection p)
{
    assert(pte_kind(e) == ENTRY_TRANSIT);
    return pte_make(ENTRY_NORMAL, pte_frame(e), p);
}

static inline pte_t pte_transit_to_watched(pte_t e, struct protection p)
{
    assert(pte_kind(e) == ENTRY_TRANSIT);
    p.write = false;
    return pte_make(ENTRY_WATCHED, pte_frame(e), p);
}

static inline pte_t pte_transit_to_file(pte_t e, struct protection p)
{
    assert(pte_kind(e) == ENTRY_TRANSIT);
    return pte_make(ENTRY_FILE, pte_frame(e), p);
}

static inline pte_t pte_swap_to_transit(pte_t e, frame_t frame)
{
    enum entry_kind kind = pte_kind(e);
    assert(kind == ENTRY_SWAP || kind == ENTRY_SWAP_WATCHED);
    return pte_transit(frame);
}

/* A table in swap holds absent entries only: their bit 0 holds a bit of its seal (kernel/linear/seal.h). */
static inline bool pte_seal_bit(pte_t e) { return word_present(e.w); }
static inline pte_t pte_sealed(pte_t e, bool bit)
{
    assert(!pte_present(e));
    return (pte_t){e.w | ENTRY_PUT(bit, PRESENT)};
}
static inline pte_t pte_unsealed(pte_t e) { return (pte_t){e.w & ~ENTRY_MASK(PRESENT)}; }

/* ---- page-directory entries ---- */

static inline bool pde_present(pde_t e) { return word_present(e.w); }
static inline bool pde_is_large(pde_t e) { return pde_present(e) && (e.w & ENTRY_MASK(PAT)); }
static inline bool pde_is_table(pde_t e) { return pde_present(e) && !(e.w & ENTRY_MASK(PAT)); }

/* What a directory may say of 4 MiB: a table, a large page, or one of seven absent rows. */
static inline enum entry_kind pde_kind(pde_t e)
{
    const entry_word_t table_clear =
        ENTRY_MASK(GLOBAL) | ENTRY_MASK(DIRTY) | ENTRY_MASK(THROUGH) | ENTRY_MASK(UNCACHED);
    if (pde_is_table(e))
        return ((e.w & ENTRY_MASK(WRITE)) && !(e.w & table_clear)) ? ENTRY_TABLE : ENTRY_UNLAWFUL;
    if (pde_is_large(e))
        return ENTRY_GET(e.w, FRAME) % ENTRY_LARGE_FRAMES ? ENTRY_UNLAWFUL : word_page_kind(e.w);
    enum entry_kind kind = word_absent_kind(e.w);
    bool lawful = kind == ENTRY_NONE || kind == ENTRY_ON_DEMAND || kind == ENTRY_FILE_OUT || kind == ENTRY_GUARD ||
                  kind == ENTRY_WATCHED_OUT || kind == ENTRY_SWAP || kind == ENTRY_TRANSIT;
    return lawful ? kind : ENTRY_UNLAWFUL;
}

/* => present (table or first frame of a large page) or TRANSIT */
static inline frame_t pde_frame(pde_t e) { return pte_frame((pte_t){e.w}); }

/* => SWAP */
static inline block_t pde_block(pde_t e)
{
    assert(pde_kind(e) == ENTRY_SWAP);
    return (block_t){word_place(e.w, ENTRY_SWAP_FIRST)};
}

/* ---- hints: how many pages the longest run of NONE in a table may have ---- */

/* Each class ends below a power of two, for that is what is asked for. The last allows all there can be: unknown. */
static inline uint32_t hint_pages(uint32_t hint)
{
    static const uint16_t most[ENTRY_HINT_MAX + 1] = {0, 1, 3, 15, 63, 255, 511, TABLE_ENTRIES};
    assert(hint <= ENTRY_HINT_MAX);
    return most[hint];
}

/* The lowest class that allows a run of so many pages; more than a table has are as many. */
static inline uint32_t hint_for(uint32_t pages)
{
    uint32_t hint = 0;
    while (hint < ENTRY_HINT_MAX && hint_pages(hint) < pages)
        hint++;
    return hint;
}

/* So many neighbours become NONE: at most they join the longest run with another as long. */
static inline uint32_t hint_after(uint32_t hint, uint32_t freed) { return hint_for(2 * hint_pages(hint) + freed); }

/* A table's PDE is always writable: its entries decide. */
static inline pde_t pde_table(frame_t table, bool user, uint32_t hint)
{
    assert(table.n < FRAME_COUNT_MAX);
    assert(hint <= ENTRY_HINT_MAX);
    return (pde_t){ENTRY_MASK(PRESENT) | ENTRY_MASK(WRITE) | ENTRY_PUT(user, USER) | ENTRY_PUT(hint, KIND) |
                   ENTRY_PUT(table.n, FRAME)};
}

static inline pde_t pde_large(enum entry_kind kind, frame_t first, struct protection p)
{
    assert(first.n % ENTRY_LARGE_FRAMES == 0);
    return (pde_t){word_page(kind, first, p) | ENTRY_MASK(PAT)};
}

static inline pde_t pde_none(void) { return (pde_t){pte_none().w}; }
static inline pde_t pde_on_demand(void) { return (pde_t){pte_on_demand().w}; }
static inline pde_t pde_file_out(void) { return (pde_t){pte_file_out().w}; }
static inline pde_t pde_guard(void) { return (pde_t){pte_guard().w}; }
static inline pde_t pde_watched_out(void) { return (pde_t){pte_watched_out().w}; }
static inline pde_t pde_swap(block_t block) { return (pde_t){word_swap(block)}; }
static inline pde_t pde_transit(frame_t frame) { return (pde_t){word_transit(frame)}; }
static inline bool pde_same(pde_t a, pde_t b) { return a.w == b.w; }

static inline uint32_t pde_hint(pde_t e)
{
    assert(pde_kind(e) == ENTRY_TABLE);
    return ENTRY_GET(e.w, KIND);
}

static inline pde_t pde_with_hint(pde_t e, uint32_t hint)
{
    assert(pde_kind(e) == ENTRY_TABLE);
    assert(hint <= ENTRY_HINT_MAX);
    return (pde_t){(e.w & ~ENTRY_MASK(KIND)) | ENTRY_PUT(hint, KIND)};
}

/* What each entry of a table must hold that is built where this PDE said it for 4 MiB.
 * => NONE, ON_DEMAND, FILE, GUARD or WATCHED */
static inline pte_t pde_as_table_entries(pde_t e)
{
    enum entry_kind kind = pde_kind(e);
    assert(kind == ENTRY_NONE || kind == ENTRY_ON_DEMAND || kind == ENTRY_FILE_OUT || kind == ENTRY_GUARD ||
           kind == ENTRY_WATCHED_OUT);
    return (pte_t){e.w};
}

/* ---- root words: where a lent page or a space's directory is ---- */

/* Present roots name a frame and its kind and nothing else: NORMAL, LOCKED, DMA, FILE.
 * Absent ones are written by pde_none, pde_on_demand, pde_file_out, pde_swap and pde_transit. */
static inline pde_t root_make(enum entry_kind kind, frame_t frame)
{
    assert(kind <= ENTRY_FILE);
    return (pde_t){word_page(kind, frame, (struct protection){.write = false})};
}

static inline enum entry_kind root_kind(pde_t e)
{
    if (pde_present(e)) {
        enum entry_kind kind = (enum entry_kind)ENTRY_GET(e.w, KIND);
        entry_word_t rest = e.w & ~(ENTRY_MASK(PRESENT) | ENTRY_MASK(KIND) | ENTRY_MASK(FRAME));
        return (rest || kind > ENTRY_FILE) ? ENTRY_UNLAWFUL : kind;
    }
    enum entry_kind kind = pde_kind(e);
    return kind == ENTRY_GUARD || kind == ENTRY_WATCHED_OUT ? ENTRY_UNLAWFUL : kind;
}

#endif
