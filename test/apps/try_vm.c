/* try_vm: every call of <apteryx/vm.h>, right and wrong, and what vm_query says afterwards. */
#include "expect.h"
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define TABLE (1024u * PAGE)
#define START 0x40000000u /* free in every program, on a 4 MiB line */
#define KERNEL 0xC0000000u
#define ROOM 16u

static struct vm_run run[ROOM];

static uint8_t *byte_at(uintptr_t at) { return (uint8_t *)at; }
static void fill(uintptr_t at, uint8_t value) { memset(byte_at(at), value, PAGE); }

static bool filled(uintptr_t at, uint8_t value)
{
    for (uint32_t i = 0; i < PAGE; i++)
        if (byte_at(at)[i] != value)
            return false;
    return true;
}

static uint32_t query(uintptr_t start, uint32_t bytes)
{
    uint32_t count = 0;
    EXPECT_ERROR(vm_query(start, bytes, run, ROOM, &count), OK);
    return count;
}

static enum vm_kind kind_of(uintptr_t at) { return query(at, PAGE) == 1 ? run[0].kind : VM_LENT; }

static bool run_is(uint32_t i, uintptr_t start, uint32_t bytes, enum vm_kind kind, uint32_t at_directory)
{
    return run[i].start == start && run[i].bytes == bytes && run[i].kind == kind && run[i].at_directory == at_directory;
}

static void try_bad_ranges(void)
{
    uint32_t count;
    EXPECT_ERROR(vm_set(START + 1, PAGE, VM_ON_DEMAND), ERR_RANGE);
    EXPECT_ERROR(vm_set(START, PAGE - 1, VM_ON_DEMAND), ERR_RANGE);
    EXPECT_ERROR(vm_set(START, 0, VM_ON_DEMAND), ERR_RANGE);
    EXPECT_ERROR(vm_set(0, PAGE, VM_ON_DEMAND), ERR_RANGE);
    EXPECT_ERROR(vm_set(KERNEL, PAGE, VM_ON_DEMAND), ERR_RANGE);
    EXPECT_ERROR(vm_set(KERNEL - PAGE, 2 * PAGE, VM_NONE), ERR_RANGE);
    EXPECT_ERROR(vm_set(0xFFFFF000u, 2 * PAGE, VM_NONE), ERR_RANGE);
    EXPECT_ERROR(vm_page_out(START + 1, PAGE), ERR_RANGE);
    EXPECT_ERROR(vm_page_in(KERNEL, PAGE), ERR_RANGE);
    EXPECT_ERROR(vm_query(START, 0, run, ROOM, &count), ERR_RANGE);
    EXPECT_ERROR(vm_query(KERNEL, PAGE, run, ROOM, &count), ERR_RANGE);
    EXPECT_ERROR(vm_query(START, PAGE, (struct vm_run *)KERNEL, ROOM, &count), ERR_FAULT);
}

static void try_bad_kinds(void)
{
    static const enum vm_kind never[] = {VM_DMA,  VM_FILE,    VM_SPECIAL, VM_SHARED,       VM_COW,
                                         VM_SWAP, VM_TRANSIT, VM_LENT,    (enum vm_kind)99};
    for (uint32_t i = 0; i < sizeof never / sizeof never[0]; i++)
        EXPECT_ERROR(vm_set(START, PAGE, never[i]), ERR_KIND);
    EXPECT_ERROR(vm_set(START, PAGE, VM_LOCKED), ERR_KIND); /* of nothing */
    EXPECT_ERROR(vm_set(START, PAGE, VM_NORMAL), ERR_KIND);
    EXPECT(kind_of(START) == VM_NONE);
}

static void try_rights(void)
{
    handle_t port;
    uint32_t physical;
    EXPECT_ERROR(vm_set_dma(START, PAGE, 1u << 24, &physical), ERR_RIGHTS);
    EXPECT_ERROR(vm_set_special(START, PAGE, 0, 0), ERR_HANDLE);
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(vm_set_special(START, PAGE, port, 0), ERR_HANDLE); /* of another type */
    EXPECT_ERROR(handle_close(port), OK);
}

static void try_on_demand(void)
{
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_ON_DEMAND), OK);
    EXPECT(query(START, 4 * PAGE) == 1 && run_is(0, START, 4 * PAGE, VM_ON_DEMAND, 0));
    EXPECT(filled(START, 0) && kind_of(START) == VM_COW); /* read: the zero page */
    fill(START + PAGE, 7);
    EXPECT(filled(START + PAGE, 7) && kind_of(START + PAGE) == VM_NORMAL);
    fill(START, 9); /* written after it was read */
    EXPECT(filled(START, 9) && kind_of(START) == VM_NORMAL);
    EXPECT_ERROR(vm_set(START, PAGE, VM_ON_DEMAND), OK); /* discards */
    EXPECT(filled(START, 0) && filled(START + PAGE, 7));
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_NONE), OK);
    EXPECT(query(START, 4 * PAGE) == 1 && run[0].kind == VM_NONE);
}

static void try_runs(void)
{
    uint32_t count;
    EXPECT_ERROR(vm_set(START, 3 * TABLE, VM_ON_DEMAND), OK);
    EXPECT(query(START, 3 * TABLE) == 1 && run_is(0, START, 3 * TABLE, VM_ON_DEMAND, 1));
    EXPECT_ERROR(vm_set(START + TABLE + 5 * PAGE, 2 * PAGE, VM_GUARD), OK); /* splits the middle 4 MiB only */
    EXPECT(query(START, 3 * TABLE) == 5);
    EXPECT(run_is(0, START, TABLE, VM_ON_DEMAND, 1));
    EXPECT(run_is(1, START + TABLE, 5 * PAGE, VM_ON_DEMAND, 0));
    EXPECT(run_is(2, START + TABLE + 5 * PAGE, 2 * PAGE, VM_GUARD, 0));
    EXPECT(run_is(3, START + TABLE + 7 * PAGE, TABLE - 7 * PAGE, VM_ON_DEMAND, 0));
    EXPECT(run_is(4, START + 2 * TABLE, TABLE, VM_ON_DEMAND, 1));
    EXPECT(query(START + TABLE + 4 * PAGE, 2 * PAGE) == 2); /* clipped at both ends */
    EXPECT(run_is(0, START + TABLE + 4 * PAGE, PAGE, VM_ON_DEMAND, 0));
    EXPECT(run_is(1, START + TABLE + 5 * PAGE, PAGE, VM_GUARD, 0));
    EXPECT_ERROR(vm_query(START, 3 * TABLE, run, 2, &count), OK); /* fills what fits */
    EXPECT(count == 2 && run_is(1, START + TABLE, 5 * PAGE, VM_ON_DEMAND, 0));
    EXPECT_ERROR(vm_set(START, 3 * TABLE, VM_NONE), OK);
    EXPECT(query(START, 3 * TABLE) == 1 && run_is(0, START, 3 * TABLE, VM_NONE, 1));
}

/* More entries than the kernel looks at in one call, and more runs than it tells: still whole. */
static void try_long_runs(void)
{
    static struct vm_run many[400];
    uint32_t count = 0;
    EXPECT_ERROR(vm_set(START, 5 * TABLE, VM_ON_DEMAND), OK);
    for (uintptr_t at = START; at < START + 5 * TABLE; at += TABLE)
        EXPECT_ERROR(vm_set(at, PAGE, VM_GUARD), OK);
    EXPECT_ERROR(vm_set(START, 5 * TABLE - PAGE, VM_GUARD), OK);
    EXPECT_ERROR(vm_set(START + TABLE, PAGE, VM_ON_DEMAND), OK);
    EXPECT_ERROR(vm_query(START, 5 * TABLE, many, 400, &count), OK);
    bool right = true;
    for (uint32_t i = 1; i < count; i++)
        right = right && many[i].start == many[i - 1].start + many[i - 1].bytes &&
                (many[i].kind != many[i - 1].kind || many[i].at_directory != many[i - 1].at_directory);
    EXPECT(right && many[count - 1].start + many[count - 1].bytes == START + 5 * TABLE);
    EXPECT_ERROR(vm_set(START, 5 * TABLE, VM_NONE), OK);
    for (uint32_t i = 0; i < 150; i++)
        EXPECT_ERROR(vm_set(START + 2 * i * PAGE, PAGE, VM_GUARD), OK);
    EXPECT_ERROR(vm_query(START, 300 * PAGE, many, 400, &count), OK);
    EXPECT(count == 300 && many[298].kind == VM_GUARD && many[298].start == START + 298 * PAGE);
    EXPECT_ERROR(vm_query(START, 300 * PAGE, many, 100, &count), OK);
    EXPECT(count == 100 && many[99].start == START + 99 * PAGE);
    EXPECT_ERROR(vm_set(START, TABLE, VM_NONE), OK);
}

/* One kind in a table's words, over five tables: the zero page, so that the directory cannot say it. */
static void try_one_long_run(void)
{
    EXPECT_ERROR(vm_set(START, 5 * TABLE + PAGE, VM_ON_DEMAND), OK);
    for (uintptr_t at = START; at < START + 5 * TABLE; at += PAGE)
        (void)*(volatile uint8_t *)at;
    EXPECT(query(START, 5 * TABLE + PAGE) == 2 && run_is(0, START, 5 * TABLE, VM_COW, 0));
    uint32_t count;
    EXPECT_ERROR(vm_query(START, 5 * TABLE + PAGE, run, 1, &count), OK);
    EXPECT(count == 1 && run_is(0, START, 5 * TABLE, VM_COW, 0));
    EXPECT_ERROR(vm_set(START, 6 * TABLE, VM_NONE), OK);
}

static void try_lock(void)
{
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_ON_DEMAND), OK);
    fill(START, 1);
    fill(START + PAGE, 2);
    EXPECT_ERROR(vm_page_out(START + PAGE, PAGE), OK);
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_LOCKED), OK);
    EXPECT(query(START, 4 * PAGE) == 1 && run[0].kind == VM_LOCKED);
    EXPECT(filled(START, 1) && filled(START + PAGE, 2) && filled(START + 2 * PAGE, 0));
    EXPECT_ERROR(vm_page_out(START, 4 * PAGE), OK); /* passed over */
    EXPECT(kind_of(START) == VM_LOCKED);
    EXPECT_ERROR(vm_set(START, 4 * PAGE, VM_NORMAL), OK);
    EXPECT(kind_of(START) == VM_NORMAL && filled(START, 1) && filled(START + PAGE, 2));
    EXPECT_ERROR(vm_set(START + 4 * PAGE, PAGE, VM_ON_DEMAND), OK);
    EXPECT_ERROR(vm_set(START, 5 * PAGE, VM_NORMAL), OK); /* leaves what is not locked */
    EXPECT(kind_of(START + 4 * PAGE) == VM_ON_DEMAND);
    EXPECT_ERROR(vm_set(START + 4 * PAGE, PAGE, VM_GUARD), OK);
    EXPECT_ERROR(vm_set(START, 5 * PAGE, VM_LOCKED), ERR_KIND); /* and nothing has changed */
    EXPECT_ERROR(vm_set(START, 5 * PAGE, VM_NORMAL), ERR_KIND);
    EXPECT(kind_of(START) == VM_NORMAL && filled(START + PAGE, 2));
    EXPECT_ERROR(vm_set(START, 5 * PAGE, VM_NONE), OK);
}

static bool is_out(uintptr_t at)
{
    enum vm_kind kind = kind_of(at);
    return kind == VM_SWAP || kind == VM_TRANSIT;
}

static void try_page_out(void)
{
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_ON_DEMAND), OK);
    for (uint32_t i = 0; i < 6; i++)
        fill(START + i * PAGE, (uint8_t)(i + 1));
    EXPECT_ERROR(vm_page_out(START, 8 * PAGE), OK);
    for (uint32_t i = 0; i < 6; i++)
        EXPECT(is_out(START + i * PAGE));
    EXPECT(kind_of(START + 7 * PAGE) == VM_ON_DEMAND);
    EXPECT_ERROR(vm_page_in(START, 4 * PAGE), OK);
    for (uint32_t i = 0; i < 6; i++)
        EXPECT(filled(START + i * PAGE, (uint8_t)(i + 1)));
    fill(START, 0); /* all zeros: promised again, without a block */
    for (uint32_t i = 0; i < 1000 && kind_of(START) != VM_ON_DEMAND; i++) {
        EXPECT_ERROR(vm_page_out(START, PAGE), OK); /* passed over while it is being written */
        time_sleep_us(1000);
    }
    EXPECT(kind_of(START) == VM_ON_DEMAND && filled(START, 0));
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_GUARD), OK);
    EXPECT(query(START, 8 * PAGE) == 1 && run[0].kind == VM_GUARD);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_NONE), OK);
}

/* A watch keeps what a page holds, wherever it is; a page without content becomes the fault handler's to supply. */
static void try_watch(void)
{
    EXPECT_ERROR(vm_set(START, 6 * PAGE, VM_ON_DEMAND), OK);
    for (uint32_t i = 0; i < 4; i++)
        fill(START + i * PAGE, (uint8_t)(i + 1));
    EXPECT_ERROR(vm_page_out(START, PAGE), OK);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_WATCHED), OK);
    EXPECT(is_out(START));
    EXPECT(query(START + PAGE, 7 * PAGE) == 1 && run[0].kind == VM_WATCHED);
    EXPECT_ERROR(vm_page_out(START, 2 * PAGE), OK);
    EXPECT(is_out(START + PAGE) && filled(START, 1) && filled(START + PAGE, 2) && filled(START + 2 * PAGE, 3));
    EXPECT(kind_of(START) == VM_WATCHED && kind_of(START + PAGE) == VM_WATCHED);
    EXPECT_ERROR(vm_set(START, PAGE, VM_LOCKED), ERR_KIND);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_NORMAL), OK);
    EXPECT(query(START, 8 * PAGE) == 2 && run[0].kind == VM_NORMAL && run[0].bytes == 4 * PAGE &&
           run[1].kind == VM_ON_DEMAND);
    fill(START, 5);
    EXPECT(filled(START, 5) && filled(START + 3 * PAGE, 4) && filled(START + 4 * PAGE, 0));
    EXPECT_ERROR(vm_set(START, PAGE, VM_LOCKED), OK);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_WATCHED), ERR_KIND);
    EXPECT_ERROR(vm_set(START, PAGE, VM_GUARD), OK);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_WATCHED), ERR_KIND);
    EXPECT(kind_of(START + PAGE) == VM_NORMAL);
    EXPECT_ERROR(vm_set(0, 2 * PAGE, VM_WATCHED), ERR_RANGE);
    EXPECT_ERROR(vm_set(START, 8 * PAGE, VM_NONE), OK);
}

/* Of what holds nothing the directory says it, and it is charged as a promise. */
static void try_watch_of_nothing(void)
{
    EXPECT_ERROR(vm_set(START, TABLE, VM_NONE), OK); /* whole: its table is gone */
    uint32_t charged = info()->commit_used;
    EXPECT_ERROR(vm_set(START - PAGE, 8 * TABLE + PAGE, VM_WATCHED), OK);
    EXPECT(query(START - PAGE, 9 * TABLE + PAGE) == 3 && run_is(0, START - PAGE, PAGE, VM_WATCHED, 0) &&
           run_is(1, START, 8 * TABLE, VM_WATCHED, 1) && run[2].kind == VM_NONE);
    EXPECT(info()->commit_used == charged + 8 * 1024 + 1 + 8 + 1);
    EXPECT_ERROR(vm_set(START + TABLE, 2 * TABLE, VM_NORMAL), OK);
    EXPECT(query(START, 8 * TABLE) == 3 && run_is(1, START + TABLE, 2 * TABLE, VM_ON_DEMAND, 1));
    EXPECT(info()->commit_used == charged + 8 * 1024 + 1 + 8 + 1);
    EXPECT_ERROR(vm_set(START, 0x7FC00000u, VM_WATCHED), ERR_COMMIT);
    EXPECT_ERROR(vm_set(START - TABLE, 9 * TABLE, VM_NONE), OK);
    EXPECT(info()->commit_used == charged);
}

static void try_commit(void)
{
    uintptr_t low, middle, high;
    EXPECT_ERROR(vm_set(START, TABLE, VM_NONE), OK); /* whole: its table is gone */
    EXPECT_ERROR(vm_set(START, 0x7FC00000u, VM_ON_DEMAND), ERR_COMMIT);
    EXPECT(query(START, 0x7FC00000u) == 1 && run[0].kind == VM_NONE);
    EXPECT_ERROR(vm_space(&low, &middle, &high), OK);
    EXPECT(low < START && middle == KERNEL && high == KERNEL);
}

int main(void)
{
    try_bad_ranges();
    try_bad_kinds();
    try_rights();
    try_on_demand();
    try_runs();
    try_long_runs();
    try_one_long_run();
    try_lock();
    try_page_out();
    try_watch();
    try_watch_of_nothing();
    try_commit();
    return expect_end("try_vm");
}
