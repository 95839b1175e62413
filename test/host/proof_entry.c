/* The entry codec, proved by exhaustion: every 32-bit word as PTE, as PDE and as root word through classify, decode,
 * encode and each lawful transition, on the header that ships. What is expected is written here a second time, from the
 * document, in literal bits: a slip on either side is seen.
 *
 *     proof_entry SHARD SHARDS   prove that part of the words
 *     proof_entry flip           flip each expected row in turn: the proof must notice every one
 */
#include "common/entry.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct present_row {
    uint32_t available; /* bits 11..9 */
    enum entry_kind kind;
    bool writable, root; /* may it be writable; may a root word hold it */
};

static struct present_row present_rows[] = {
    {0, ENTRY_NORMAL, true, true}, {1, ENTRY_LOCKED, true, true},    {2, ENTRY_DMA, true, true},
    {3, ENTRY_FILE, true, true},   {4, ENTRY_SPECIAL, true, false},  {5, ENTRY_SHARED, true, false},
    {6, ENTRY_COW, false, false},  {7, ENTRY_WATCHED, false, false},
};

struct absent_row_expected {
    uint32_t first, last; /* numbers: the word's upper 31 bits */
    enum entry_kind kind;
    bool pde, root; /* may a PDE, a root word hold it */
};

/* Blocks are below 2^28, so that the rows of swap end after that many numbers. */
static struct absent_row_expected absent_rows[] = {
    {0x00000000, 0x00000000, ENTRY_NONE, true, true},       {0x00000001, 0x00000001, ENTRY_ON_DEMAND, true, true},
    {0x00000002, 0x00000002, ENTRY_FILE_OUT, true, true},   {0x00000003, 0x10000002, ENTRY_SWAP, true, true},
    {0x10000003, 0x40000002, ENTRY_UNLAWFUL, false, false}, {0x40000003, 0x50000002, ENTRY_SWAP_WATCHED, false, false},
    {0x50000003, 0x7FDFFFFF, ENTRY_UNLAWFUL, false, false}, {0x7FE00000, 0x7FEFFFFF, ENTRY_TRANSIT, true, true},
    {0x7FF00000, 0x7FFFFFFD, ENTRY_LENT, false, false},     {0x7FFFFFFE, 0x7FFFFFFE, ENTRY_WATCHED_OUT, true, false},
    {0x7FFFFFFF, 0x7FFFFFFF, ENTRY_GUARD, true, false},
};

#define ROWS(table) (sizeof(table) / sizeof(table)[0])
#define BIT(n) (1u << (n))

/* ---- what to do when a law is broken ---- */

static jmp_buf *broken; /* flip: back to there; NULL: report and end */
static uint64_t words_proved;

static void law_broken(const char *law, uint32_t word, int line)
{
    if (broken != NULL)
        longjmp(*broken, 1);
    printf("not ok - word 0x%08x: %s (line %d)\n", (unsigned)word, law, line);
    exit(1);
}

_Noreturn void assert_failed(const char *what, const char *file, int line)
{
    if (broken != NULL)
        longjmp(*broken, 1);
    printf("not ok - %s:%d asserts %s\n", file, line, what);
    exit(1);
}

#define LAW(holds)                                     \
    do {                                               \
        if (__builtin_expect(!(holds), 0))             \
            law_broken(#holds, word_of_law, __LINE__); \
    } while (0)

/* ---- absent words ---- */

static inline void prove_swap(pte_t e, uint32_t n)
{
    const uint32_t word_of_law = e.w;
    frame_t some = {n & 0xFFFFF};
    LAW(pte_block(e).n == n - 3 && pde_block((pde_t){e.w}).n == n - 3);
    LAW(pte_swap((block_t){n - 3}).w == e.w && pde_swap((block_t){n - 3}).w == e.w);
    LAW(pte_swap_to_transit(e, some).w == (0x7FE00000 + some.n) << 1);
}

static inline void prove_swap_watched(pte_t e, uint32_t n)
{
    const uint32_t word_of_law = e.w;
    frame_t some = {n & 0xFFFFF};
    LAW(pte_block(e).n == n - 0x40000003);
    LAW(pte_swap_watched((block_t){n - 0x40000003}).w == e.w);
    LAW(pte_swap_to_transit(e, some).w == (0x7FE00000 + some.n) << 1);
}

static inline void prove_transit(pte_t e, uint32_t n)
{
    const uint32_t word_of_law = e.w;
    uint32_t frame = n - 0x7FE00000;
    LAW(pte_frame(e).n == frame && pde_frame((pde_t){e.w}).n == frame);
    LAW(pte_transit((frame_t){frame}).w == e.w && pde_transit((frame_t){frame}).w == e.w);
    LAW(pte_transit_to_swap(e, (block_t){frame * 255}).w == (frame * 255 + 3) << 1);
    struct protection all = {true, true, true, true}, nothing = {false, false, false, false};
    LAW(pte_transit_to_normal(e, all).w == (frame << 12 | 0x11F));
    LAW(pte_transit_to_normal(e, nothing).w == (frame << 12 | 1));
    LAW(pte_transit_to_swap_watched(e, (block_t){frame * 255}).w == (frame * 255 + 0x40000003) << 1);
    LAW(pte_transit_to_watched(e, all).w == (frame << 12 | 0xF1D));
    LAW(pte_transit_to_watched(e, nothing).w == (frame << 12 | 0xE01));
}

static inline void prove_lent(pte_t e, uint32_t n)
{
    const uint32_t word_of_law = e.w;
    LAW(pte_node(e) == n - 0x7FF00000);
    LAW(pte_lent(n - 0x7FF00000).w == e.w);
}

static void prove_single(pte_t e, enum entry_kind kind, bool pde)
{
    const uint32_t word_of_law = e.w;
    pte_t as_pte = kind == ENTRY_NONE          ? pte_none()
                   : kind == ENTRY_ON_DEMAND   ? pte_on_demand()
                   : kind == ENTRY_FILE_OUT    ? pte_file_out()
                   : kind == ENTRY_WATCHED_OUT ? pte_watched_out()
                                               : pte_guard();
    LAW(pte_same(as_pte, e));
    if (!pde)
        return;
    pde_t as_pde = kind == ENTRY_NONE          ? pde_none()
                   : kind == ENTRY_ON_DEMAND   ? pde_on_demand()
                   : kind == ENTRY_FILE_OUT    ? pde_file_out()
                   : kind == ENTRY_WATCHED_OUT ? pde_watched_out()
                                               : pde_guard();
    LAW(as_pde.w == e.w);
    LAW(pte_same(pde_as_table_entries((pde_t){e.w}), e));
}

static inline void prove_absent_word(uint32_t n, const struct absent_row_expected *row)
{
    const uint32_t word_of_law = n << 1;
    pte_t e = {n << 1};
    pde_t d = {n << 1};
    LAW(!pte_present(e) && !pte_writable(e) && !pte_user(e) && !pte_accessed(e) && !pte_dirty(e));
    LAW(!pde_present(d) && !pde_is_table(d) && !pde_is_large(d));
    LAW(pte_kind(e) == row->kind);
    LAW(pde_kind(d) == (row->pde ? row->kind : ENTRY_UNLAWFUL));
    LAW(root_kind(d) == (row->root ? row->kind : ENTRY_UNLAWFUL));
    if (row->kind == ENTRY_SWAP)
        prove_swap(e, n);
    else if (row->kind == ENTRY_SWAP_WATCHED)
        prove_swap_watched(e, n);
    else if (row->kind == ENTRY_TRANSIT)
        prove_transit(e, n);
    else if (row->kind == ENTRY_LENT)
        prove_lent(e, n);
    else if (row->kind != ENTRY_UNLAWFUL)
        prove_single(e, row->kind, row->pde);
}

/* Numbers first … last, whatever rows they lie in. Every number lies in one: else the count comes out short. */
static void prove_absent(uint32_t first, uint32_t last)
{
    for (size_t r = 0; r < ROWS(absent_rows); r++) {
        const struct absent_row_expected row = absent_rows[r];
        uint32_t from = first > row.first ? first : row.first, to = last < row.last ? last : row.last;
        for (uint32_t n = from; n <= to; n++)
            prove_absent_word(n, &row);
        words_proved += from <= to ? to - from + 1 : 0;
    }
}

/* ---- present words ---- */

/* What the low twelve bits say, worked out once for the 2^20 words that share them. */
struct expectation {
    uint32_t low;
    enum entry_kind pte, large, table, root;
    struct protection protection;
};

static struct expectation expect(uint32_t low)
{
    const struct present_row *row = &present_rows[low >> 9];
    bool write = low & BIT(1), through = low & BIT(3), uncached = low & BIT(4);
    bool page = through == uncached && (row->writable || !write);
    bool table = write && !through && !uncached && !(low & BIT(6)) && !(low & BIT(8));
    return (struct expectation){
        .low = low,
        .pte = page && !(low & BIT(7)) ? row->kind : ENTRY_UNLAWFUL,
        .large = page ? row->kind : ENTRY_UNLAWFUL,
        .table = table ? ENTRY_TABLE : ENTRY_UNLAWFUL,
        .root = row->root && (low & 0x1FE) == 0 ? row->kind : ENTRY_UNLAWFUL,
        .protection = {.write = write, .user = low & BIT(2), .global = low & BIT(8), .uncached = uncached},
    };
}

static inline void prove_moved(pte_t e, bool may_be_writable)
{
    const uint32_t word_of_law = e.w, rights = BIT(8) | BIT(4) | BIT(3) | BIT(2) | BIT(1);
    struct protection all = {true, true, true, true}, nothing = {false, false, false, false};
    LAW(pte_moved(e, nothing).w == (e.w & ~rights));
    LAW(pte_moved(e, all).w == ((e.w | rights) & ~(may_be_writable ? 0 : BIT(1))));
}

static inline void prove_page(pte_t e, uint32_t frame, const struct expectation *x)
{
    const uint32_t word_of_law = e.w;
    struct protection p = pte_protection(e);
    LAW(p.write == x->protection.write && p.user == x->protection.user);
    LAW(p.global == x->protection.global && p.uncached == x->protection.uncached);
    LAW(pte_make(x->pte, (frame_t){frame}, p).w == (e.w & ~(BIT(5) | BIT(6))));
    LAW(pte_aged(e).w == (e.w & ~BIT(5)));
    LAW(pte_cleaned(e).w == (e.w & ~BIT(6)));
    LAW(pte_as_dirty(e).w == (e.w | BIT(6)));
    LAW(pte_write_protected(e).w == (e.w & ~BIT(1)));
    if (x->pte != ENTRY_COW && x->pte != ENTRY_WATCHED)
        LAW(pte_writable_again(e).w == (e.w | BIT(1)));
    if (x->pte == ENTRY_NORMAL)
        LAW(pte_locked(e).w == (e.w | 1u << 9));
    if (x->pte == ENTRY_LOCKED)
        LAW(pte_unlocked(e).w == (e.w & ~(7u << 9)));
    if (x->pte == ENTRY_NORMAL)
        LAW(pte_watched(e).w == ((e.w | 7u << 9) & ~BIT(1)));
    if (x->pte == ENTRY_WATCHED) {
        LAW(pte_unwatched(e, true).w == ((e.w & ~(7u << 9)) | BIT(1)));
        LAW(pte_unwatched(e, false).w == (e.w & ~(7u << 9)));
    }
    if (x->pte == ENTRY_NORMAL || x->pte == ENTRY_LOCKED || x->pte == ENTRY_COW)
        prove_moved(e, x->pte != ENTRY_COW);
    if (x->pte == ENTRY_NORMAL || x->pte == ENTRY_FILE || x->pte == ENTRY_WATCHED)
        LAW(pte_to_transit(e).w == (0x7FE00000 + frame) << 1);
}

static inline void prove_directory(pde_t d, uint32_t frame, enum entry_kind kind, const struct expectation *x)
{
    const uint32_t word_of_law = d.w;
    uint32_t hint = x->low >> 9;
    if (kind == ENTRY_TABLE) {
        LAW(pde_hint(d) == hint);
        LAW(pde_table((frame_t){frame}, x->protection.user, hint).w == (d.w & ~BIT(5)));
        LAW(pde_with_hint(d, 7 - hint).w == (d.w ^ 7u << 9));
    } else if (kind != ENTRY_UNLAWFUL) {
        LAW(pde_large(kind, (frame_t){frame}, x->protection).w == (d.w & ~(BIT(5) | BIT(6))));
    }
}

static inline void prove_present_word(uint32_t frame, const struct expectation *x)
{
    const uint32_t word_of_law = frame << 12 | x->low;
    pte_t e = {word_of_law};
    pde_t d = {word_of_law};
    bool large = x->low & BIT(7);
    enum entry_kind directory = !large ? x->table : frame % 1024 == 0 ? x->large : ENTRY_UNLAWFUL;
    LAW(pte_present(e) && pde_present(d) && pde_is_large(d) == large && pde_is_table(d) == !large);
    LAW(pte_writable(e) == x->protection.write && pte_user(e) == x->protection.user);
    LAW(pte_accessed(e) == !!(x->low & BIT(5)) && pte_dirty(e) == !!(x->low & BIT(6)));
    LAW(pte_frame(e).n == frame && pde_frame(d).n == frame);
    LAW(pte_kind(e) == x->pte);
    LAW(pde_kind(d) == directory);
    LAW(root_kind(d) == x->root);
    if (x->pte != ENTRY_UNLAWFUL)
        prove_page(e, frame, x);
    prove_directory(d, frame, directory, x);
    if (x->root != ENTRY_UNLAWFUL)
        LAW(root_make(x->root, (frame_t){frame}).w == word_of_law);
}

static void prove_present(uint32_t low, uint32_t frames)
{
    const struct expectation x = expect(low);
    for (uint32_t frame = 0; frame < frames; frame++)
        prove_present_word(frame, &x);
    words_proved += frames;
}

/* ---- the whole ---- */

#define CHUNKS 2048u /* of 2^20 absent and 2^20 present words each */

static int prove_shard(uint32_t shard, uint32_t shards)
{
    uint64_t expected = 0;
    for (uint32_t chunk = shard; chunk < CHUNKS; chunk += shards) {
        prove_absent(chunk << 20, (chunk << 20) + 0xFFFFF);
        prove_present(chunk << 1 | 1, FRAME_COUNT_MAX);
        expected += 2u << 20;
    }
    bool whole = words_proved == expected;
    printf("%s - entry codec, %llu words of part %u of %u as PTE, PDE and root\n1..1\n", whole ? "ok" : "not ok",
           (unsigned long long)words_proved, (unsigned)shard + 1, (unsigned)shards);
    return whole ? 0 : 1;
}

/* A few words of every row, present and absent. */
static void prove_sample(void)
{
    for (size_t r = 0; r < ROWS(absent_rows); r++) {
        prove_absent(absent_rows[r].first, absent_rows[r].first);
        prove_absent(absent_rows[r].last, absent_rows[r].last);
    }
    for (uint32_t low = 1; low < 4096; low += 2)
        prove_present(low, 2);
}

static bool sample_is_broken(void)
{
    jmp_buf back;
    broken = &back;
    bool found = setjmp(back) != 0;
    if (!found)
        prove_sample();
    broken = NULL;
    return found;
}

static int report_flip(const char *table, size_t row, bool noticed)
{
    printf("%s - entry codec, flipped %s row %u is noticed\n", noticed ? "ok" : "not ok", table, (unsigned)row);
    return noticed ? 0 : 1;
}

static int flip_rows(void)
{
    int unnoticed = sample_is_broken() ? 1 : 0;
    printf("%s - entry codec, no row flipped\n", unnoticed ? "not ok" : "ok");
    for (size_t r = 0; r < ROWS(absent_rows); r++) {
        struct absent_row_expected was = absent_rows[r];
        absent_rows[r].kind = was.kind == ENTRY_GUARD ? ENTRY_NONE : ENTRY_GUARD;
        unnoticed += report_flip("absent", r, sample_is_broken());
        absent_rows[r] = was;
    }
    for (size_t r = 0; r < ROWS(present_rows); r++) {
        struct present_row was = present_rows[r];
        present_rows[r].kind = (enum entry_kind)((was.kind + 1) % 8);
        unnoticed += report_flip("present", r, sample_is_broken());
        present_rows[r] = was;
    }
    printf("1..%u\n", (unsigned)(1 + ROWS(absent_rows) + ROWS(present_rows)));
    return unnoticed ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "flip") == 0)
        return flip_rows();
    if (argc == 3 && atoi(argv[2]) > 0)
        return prove_shard((uint32_t)atoi(argv[1]), (uint32_t)atoi(argv[2]));
    fprintf(stderr, "usage: proof_entry SHARD SHARDS | flip\n");
    return 2;
}
