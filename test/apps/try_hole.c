/* try_hole: vm_find_hole and vm_bounds, right and wrong, and a heap and a stack that grow by what they say. */
#include "expect.h"
#include <apteryx/ipc.h>
#include <apteryx/memory.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define TABLE (1024u * PAGE)
#define START 0x40000000u /* free in every program, on a 4 MiB line */
#define END (START + 64u * TABLE)
#define KERNEL 0xC0000000u
#define NOTHING 1u /* no page begins there */

PROGRAM_THREAD_SPACE(2 * TABLE);
static const uintptr_t border = KERNEL - 2 * TABLE;

static uintptr_t hole(uint32_t bytes, uint32_t align, uintptr_t low, uintptr_t high)
{
    uintptr_t start = NOTHING;
    err_t error = vm_find_hole(bytes, align, low, high, &start);
    EXPECT(error == OK || (error == ERR_NO_ENTRY && start == NOTHING));
    return start;
}

static void set(uintptr_t start, uint32_t bytes, enum vm_kind to) { EXPECT_ERROR(vm_set(start, bytes, to), OK); }

static void try_bad_arguments(void)
{
    uintptr_t start, above;
    EXPECT_ERROR(vm_find_hole(0, 0, START, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE + 1, 0, START, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 1, START, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, PAGE / 2, START, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 3 * PAGE, START, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0xFFFFF000u, START, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0, START + 1, END, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0, START, END - 1, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0, START, START, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0, END, START, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0, START, KERNEL + PAGE, &start), ERR_RANGE);
    EXPECT_ERROR(vm_find_hole(PAGE, 0, KERNEL, 0xFFFFF000u, &start), ERR_RANGE);
    EXPECT_ERROR(vm_bounds(START + 1, &start, &above), ERR_RANGE);
    EXPECT_ERROR(vm_bounds(KERNEL, &start, &above), ERR_RANGE);
    EXPECT_ERROR(vm_bounds(0xFFFFF000u, &start, &above), ERR_RANGE);
}

static void try_empty(void)
{
    EXPECT(hole(PAGE, 0, 0, KERNEL) == PAGE); /* never page 0 */
    EXPECT(hole(PAGE, 0, 0, PAGE) == NOTHING);
    EXPECT(hole(PAGE, 2 * PAGE, 0, KERNEL) == 2 * PAGE);
    EXPECT(hole(PAGE, 0, START, END) == START);
    EXPECT(hole(PAGE, 0, START + PAGE, END) == START + PAGE);
    EXPECT(hole(PAGE, TABLE, START + PAGE, END) == START + TABLE);
    EXPECT(hole(PAGE, 0x80000000u, START, KERNEL) == 0x80000000u);
    EXPECT(hole(END - START, 0, START, END) == START); /* it fits just so */
    EXPECT(hole(END - START, 0, START, END + PAGE) == START);
    EXPECT(hole(END - START, 0, START + PAGE, END) == NOTHING);
    EXPECT(hole(0xFFFFF000u, 0, 0, KERNEL) == NOTHING);
    EXPECT(hole(PAGE, 0x80000000u, START, 0x80000000u) == NOTHING);
}

/* Free pages at the end of one table, in one that the directory tells of, and at the beginning of another. */
static void try_straddling(void)
{
    uint32_t bytes = 3 * PAGE + TABLE + 2 * PAGE;
    uintptr_t middle = START + TABLE - 3 * PAGE;
    set(START, 3 * TABLE, VM_ON_DEMAND);
    set(START + 3 * TABLE, PAGE, VM_GUARD);
    set(middle, bytes, VM_NONE);
    EXPECT(hole(bytes, 0, START, END) == middle);
    EXPECT(hole(bytes, 0, START, END) == middle); /* and by hints that are exact */
    EXPECT(hole(bytes + PAGE, 0, START, END) == START + 3 * TABLE + PAGE);
    EXPECT(hole(TABLE, TABLE, START, END) == START + TABLE);
    EXPECT(hole(2 * PAGE, 2 * PAGE, START, END) == middle + PAGE);
    EXPECT(hole(bytes, 0, START, middle + bytes) == middle);
    EXPECT(hole(bytes, 0, START, middle + bytes - PAGE) == NOTHING);
    EXPECT(hole(bytes - PAGE, 0, middle + PAGE, END) == middle + PAGE);
    set(middle + 2 * PAGE, PAGE, VM_GUARD);
    EXPECT(hole(bytes - 3 * PAGE, 0, START, END) == START + TABLE);
    EXPECT(hole(bytes - 2 * PAGE, 0, START, END) == START + 3 * TABLE + PAGE);
    EXPECT(hole(2 * PAGE, 0, START, END) == middle);
    set(START, 4 * TABLE, VM_NONE);
}

/* What a table said of itself must not outlive what is freed in it. */
static void try_freed_again(void)
{
    set(START, TABLE / 2, VM_ON_DEMAND);
    set(START + TABLE / 2, TABLE / 2, VM_ON_DEMAND);
    for (uint32_t i = 0; i < 64; i++)
        *(volatile uint32_t *)(START + i * PAGE) = i;
    EXPECT(hole(PAGE, 0, START, START + TABLE) == NOTHING);
    for (uint32_t pages = 1; pages <= 64; pages++) {
        set(START + (pages - 1) * PAGE, PAGE, VM_NONE);
        EXPECT(hole(pages * PAGE, 0, START, START + TABLE) == START);
        EXPECT(hole((pages + 1) * PAGE, 0, START, START + TABLE) == NOTHING);
    }
    set(START + 100 * PAGE, 600 * PAGE, VM_NONE);
    EXPECT(hole(600 * PAGE, 0, START, START + TABLE) == START + 100 * PAGE);
    set(START, TABLE, VM_NONE);
}

/* A process with many mappings; then a table's worth of them goes. */
static void try_alternating(void)
{
    uintptr_t end = START + 40000u * PAGE;
    for (uintptr_t at = START; at < end; at += 2 * PAGE)
        if (vm_set(at, PAGE, VM_GUARD) != OK)
            EXPECT(false);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT(hole(PAGE, 0, START, END) == START + PAGE);
        EXPECT(hole(PAGE, 2 * PAGE, START, END) == end);
        EXPECT(hole(2 * PAGE, 0, START, END) == end - PAGE); /* the last one's hole goes on behind them */
        EXPECT(hole(PAGE, 2 * PAGE, START, end - PAGE) == NOTHING);
    }
    set(START + 5000 * PAGE, PAGE, VM_NONE);
    EXPECT(hole(3 * PAGE, 0, START, END) == START + 4999 * PAGE);
    set(START + 6 * TABLE, PAGE, VM_NONE);
    set(START + 5000 * PAGE, PAGE, VM_GUARD);
    EXPECT(hole(3 * PAGE, 0, START, END) == START + 6 * TABLE - PAGE);
    set(START, 40 * TABLE, VM_NONE);
}

static void bounds(uintptr_t at, uintptr_t below, uintptr_t above)
{
    uintptr_t seen_below = NOTHING, seen_above = NOTHING;
    EXPECT_ERROR(vm_bounds(at, &seen_below, &seen_above), OK);
    EXPECT(seen_below == below && seen_above == above);
    if (seen_below != below || seen_above != above)
        print("of 0x%08x: 0x%08x 0x%08x, not 0x%08x 0x%08x\n", at, seen_below, seen_above, below, above);
}

static void try_bounds(void)
{
    set(START - 4 * TABLE, PAGE, VM_GUARD);
    set(START, PAGE, VM_GUARD);
    set(START + 9 * PAGE, TABLE, VM_ON_DEMAND);
    set(START + 20 * TABLE, PAGE, VM_ON_DEMAND);
    bounds(START + 4 * PAGE, START, START + 9 * PAGE);
    bounds(START, START - 4 * TABLE, START + 9 * PAGE); /* itself does not count */
    bounds(START + 9 * PAGE, START, START + 10 * PAGE);
    bounds(START + 2 * TABLE, START + TABLE + 8 * PAGE, START + 20 * TABLE);
    bounds(START + 20 * TABLE - PAGE, START + TABLE + 8 * PAGE, START + 20 * TABLE);
    bounds(START + 20 * TABLE + PAGE, START + 20 * TABLE, border);
    bounds(border - PAGE, START + 20 * TABLE, border);
    bounds(0, 0, 0xEF000); /* the guard of the first stack */
    bounds(0x2000, 0, 0xEF000);
    bounds(border, border - PAGE, KERNEL);
    bounds(KERNEL - PAGE, border - PAGE, KERNEL);
    set(START - 4 * TABLE, 25 * TABLE, VM_NONE);
}

/* Both grow towards each other, until nothing is left between them. */
static void try_growing(void)
{
    uintptr_t low = START, high = START + 3 * TABLE, heap = low, stack = high - PAGE, below, above;
    set(heap, PAGE, VM_ON_DEMAND);
    set(stack, PAGE, VM_ON_DEMAND);
    for (uint32_t turn = 0;; turn++) {
        EXPECT_ERROR(vm_bounds(heap, &below, &above), OK);
        EXPECT(above == stack);
        EXPECT_ERROR(vm_bounds(stack, &below, &above), OK);
        EXPECT(below == heap);
        if (heap + PAGE == stack)
            break;
        uint32_t bytes = (stack - heap) / PAGE / 2 * PAGE;
        if (turn % 2 == 0) {
            set(heap + PAGE, bytes, VM_ON_DEMAND);
            heap += bytes;
        } else {
            set(stack - bytes, bytes, VM_ON_DEMAND);
            stack -= bytes;
        }
        *(volatile uint32_t *)(turn % 2 == 0 ? heap : stack) = turn;
    }
    EXPECT(hole(PAGE, 0, low, high) == NOTHING);
    set(low, high - low, VM_NONE);
}

/* The first thread's thread space is not another's; a search ends where the spaces meet. */
static void try_thread_space(void *unused)
{
    (void)unused;
    set(border + PAGE, PAGE, VM_ON_DEMAND);
    EXPECT(hole(PAGE, 0, border, KERNEL) == border);
    EXPECT(hole(2 * PAGE, 0, border, KERNEL) == border + 2 * PAGE);
    EXPECT(hole(2 * TABLE, 0, border, KERNEL) == NOTHING);
    EXPECT(hole(2 * TABLE - 2 * PAGE, 0, border, KERNEL) == border + 2 * PAGE);
    bounds(border, border - PAGE, border + PAGE);
    bounds(border + 7 * PAGE, border + PAGE, KERNEL);
}

static void try_spaces(void)
{
    handle_t thread;
    EXPECT(hole(2 * TABLE, 0, border, KERNEL) == border); /* not used yet */
    EXPECT(hole(2 * TABLE, 0, border - TABLE, KERNEL) == NOTHING);
    EXPECT(hole(2 * PAGE, 0, border - PAGE, KERNEL) == NOTHING);
    EXPECT(hole(PAGE, 0, border - PAGE, KERNEL) == border - PAGE);
    set(border, TABLE, VM_GUARD);
    EXPECT_ERROR(thread_create(try_thread_space, NULL, PRIORITY_OWN, &thread), OK);
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(handle_close(thread), OK);
    EXPECT(hole(PAGE, 0, border, KERNEL) == border + TABLE);
}

/* malloc steps over what is in use behind the program. */
static void try_malloc(void)
{
    uint8_t *first = malloc(PAGE);
    uintptr_t wall = ((uintptr_t)first + 40 * PAGE) & ~(uintptr_t)(PAGE - 1);
    set(wall, PAGE, VM_GUARD);
    uint8_t *second = malloc(64 * PAGE);
    EXPECT(first != NULL && (uintptr_t)second > wall && (uintptr_t)second - wall < 2 * PAGE);
    second[0] = second[64 * PAGE - 1] = 1;
}

int main(void)
{
    try_bad_arguments();
    try_empty();
    try_straddling();
    try_freed_again();
    try_alternating();
    try_bounds();
    try_growing();
    try_spaces();
    try_malloc();
    return expect_end("try_hole");
}
