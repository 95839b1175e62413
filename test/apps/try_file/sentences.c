/* Each sentence of abi/file.h that a client can see, one after the other. */
#include "abi/fault.h"
#include "abi/file.h"
#include "try_file.h"
#include <apteryx/fault.h>
#include <apteryx/info.h>
#include <apteryx/machine.h>
#include <apteryx/process.h>
#include <apteryx/time.h>

static void try_reading(void)
{
    struct vm_run run;
    uint32_t count;
    EXPECT_ERROR(map(AREA, 64, 1, HOW_READ), OK);
    EXPECT_ERROR(map(AREA, 64, 1, HOW_READ), ERR_KIND);
    EXPECT_ERROR(vm_query(AREA, 64 * PAGE_BYTES, &run, 1, &count), OK);
    EXPECT(count == 1 && run.kind == VM_FILE && run.bytes == 64 * PAGE_BYTES);
    for (uint32_t page = 0; page < 64; page++)
        EXPECT(page_wrong(AREA, page, 1) == 0);
    EXPECT_ERROR(vm_query(AREA, 64 * PAGE_BYTES, &run, 1, &count), OK);
    EXPECT(count == 1 && run.kind == VM_FILE && run.bytes == 64 * PAGE_BYTES);
    EXPECT(frame_at(AREA) != ENTRY_INFO_NONE);
    EXPECT_ERROR(map(AREA + 64 * PAGE_BYTES, 64, 1, HOW_READ), OK);
    EXPECT(page_wrong(AREA + 64 * PAGE_BYTES, 3, 1) == 0);
    EXPECT(frame_at(AREA + 67 * PAGE_BYTES) == frame_at(AREA + 3 * PAGE_BYTES));
    EXPECT_ERROR(vm_page_out(AREA, 64 * PAGE_BYTES), OK);
    EXPECT(frame_at(AREA) == ENTRY_INFO_NONE);
    EXPECT(page_wrong(AREA, 9, 1) == 0);
    EXPECT_ERROR(vm_set(AREA, PAGE_BYTES, VM_LOCKED), ERR_KIND);
    EXPECT_ERROR(vm_set(AREA, PAGE_BYTES, VM_WATCHED), ERR_KIND);
    EXPECT_ERROR(unmap(AREA, 128), OK);
    EXPECT_ERROR(vm_query(AREA, 128 * PAGE_BYTES, &run, 1, &count), OK);
    EXPECT(count == 1 && run.kind == VM_NONE);
}

static void try_writing(enum pagefiles_how how, enum vm_kind becomes)
{
    struct vm_run run;
    uint32_t count, before = info()->commit_used;
    EXPECT_ERROR(map(AREA, 8, 2, how), OK);
    EXPECT(page_wrong(AREA, 0, 2) == 0);
    word_at(AREA, 0)[5] = 77;
    word_at(AREA, 1)[5] = 78;
    EXPECT(word_at(AREA, 0)[5] == 77 && word_at(AREA, 0)[6] == file_word(2, 0, 6) && word_at(AREA, 1)[5] == 78);
    EXPECT(page_wrong(AREA, 2, 2) == 0);
    EXPECT_ERROR(vm_query(AREA, PAGE_BYTES, &run, 1, &count), OK);
    EXPECT(run.kind == becomes);
    EXPECT(becomes != VM_NORMAL || info()->commit_used >= before + 2);
    EXPECT_ERROR(vm_page_out(AREA, 8 * PAGE_BYTES), OK);
    time_sleep_us(50000);
    EXPECT(word_at(AREA, 0)[5] == 77 && word_at(AREA, 1)[5] == 78);
    EXPECT_ERROR(unmap(AREA, 8), OK);
    EXPECT_ERROR(vm_query(AREA, PAGE_BYTES, &run, 1, &count), OK);
    EXPECT(run.kind == (becomes == VM_NORMAL ? VM_NORMAL : VM_NONE));
    EXPECT_ERROR(vm_set(AREA, 8 * PAGE_BYTES, VM_NONE), OK);
}

static void taken_is(uint32_t page, enum file_taken taken, uint32_t word)
{
    struct message m;
    EXPECT_ERROR(ask(FILES_TAKE, AREA + page * PAGE_BYTES, 0, 0, 0, &m), OK);
    EXPECT(m.word[1] == taken);
    EXPECT(taken == FILE_TAKEN_NONE || m.word[2] == word);
}

static void try_taking(void)
{
    EXPECT_ERROR(map(AREA, 4, 3, HOW_PRIVATE), OK);
    EXPECT(page_wrong(AREA, 0, 3) == 0);
    *word_at(AREA, 1) = 99;
    taken_is(0, FILE_TAKEN_CLEAN, file_word(3, 0, 0));
    taken_is(0, FILE_TAKEN_NONE, 0);
    taken_is(1, FILE_TAKEN_DIRTY, 99);
    taken_is(2, FILE_TAKEN_NONE, 0);
    EXPECT_ERROR(unmap(AREA, 4), OK);
}

static enum vm_kind kind_at(uint32_t page)
{
    struct vm_run run = {.kind = VM_NONE};
    uint32_t count;
    EXPECT_ERROR(vm_query(AREA + page * PAGE_BYTES, PAGE_BYTES, &run, 1, &count), OK);
    return run.kind;
}

/* Pages that are written out, for as long as the server has not said that they are. */
static void try_going_out(void)
{
    struct message m;
    uint32_t before = info()->commit_used, soft = info()->faults_soft;
    EXPECT_ERROR(map(AREA, 4, 5, HOW_LATE), OK);
    for (uint32_t page = 0; page < 4; page++)
        *word_at(AREA, page) = 100 + page;
    EXPECT_ERROR(vm_page_out(AREA, 4 * PAGE_BYTES), OK);
    for (uint32_t page = 0; page < 4; page++)
        EXPECT(kind_at(page) == VM_TRANSIT);
    EXPECT_ERROR(vm_set(AREA, PAGE_BYTES, VM_LOCKED), ERR_KIND);
    EXPECT_ERROR(vm_set(AREA, PAGE_BYTES, VM_WATCHED), ERR_KIND);
    EXPECT(info()->faults_soft == soft);
    EXPECT(*word_at(AREA, 0) == 100); /* it comes back by a soft fault */
    *word_at(AREA, 1) = 201;
    EXPECT(info()->faults_soft == soft + 2);
    EXPECT(kind_at(0) == VM_FILE && kind_at(1) == VM_FILE && kind_at(2) == VM_TRANSIT);
    taken_is(3, FILE_TAKEN_FLYING, 0);
    EXPECT(kind_at(3) == VM_NONE);
    EXPECT_ERROR(ask(FILES_ANSWER, 0, 0, 0, 0, &m), OK);
    EXPECT(m.word[1] == 4);
    EXPECT(kind_at(2) == VM_FILE);
    EXPECT(frame_at(AREA) != ENTRY_INFO_NONE && frame_at(AREA + 2 * PAGE_BYTES) == ENTRY_INFO_NONE);
    EXPECT_ERROR(vm_page_out(AREA, PAGE_BYTES), OK); /* clean: it goes at once */
    EXPECT(frame_at(AREA) == ENTRY_INFO_NONE);
    EXPECT_ERROR(vm_page_out(AREA, 4 * PAGE_BYTES), OK);
    EXPECT(kind_at(1) == VM_TRANSIT); /* it was written to since */
    EXPECT(*word_at(AREA, 0) == 100 && *word_at(AREA, 2) == 102);
    EXPECT_ERROR(unmap(AREA, 4), OK);
    EXPECT(kind_at(1) == VM_NONE);
    EXPECT_ERROR(ask(FILES_ANSWER, 0, 0, 0, 0, &m), OK);
    EXPECT(m.word[1] == 1);
    EXPECT(info()->commit_used <= before + 1); /* a table, at most */
}

static void try_marking(void)
{
    struct vm_run run;
    uint32_t count, tables = info()->frames_tables;
    EXPECT_ERROR(map(AREA, 0x70000000u / PAGE_BYTES, 0, HOW_FAIL), OK);
    EXPECT_ERROR(vm_query(AREA, 0x70000000u, &run, 1, &count), OK);
    EXPECT(run.kind == VM_FILE && run.at_directory == 1 && run.bytes == 0x70000000u);
    EXPECT(info()->frames_tables == tables);
    EXPECT_ERROR(unmap(AREA + 0x1000, 2), OK); /* within 4 MiB */
    EXPECT_ERROR(vm_query(AREA, 0x70000000u, &run, 1, &count), OK);
    EXPECT(run.kind == VM_FILE && run.bytes == PAGE_BYTES);
    EXPECT_ERROR(unmap(AREA, 0x70000000u / PAGE_BYTES), OK);
    EXPECT_ERROR(vm_query(AREA, 0x70000000u, &run, 1, &count), OK);
    EXPECT(run.kind == VM_NONE && run.bytes == 0x70000000u);
}

static void try_bringing_in(void)
{
    struct vm_run run;
    uint32_t count;
    EXPECT_ERROR(map(AREA, 16, 4, HOW_READ), OK);
    EXPECT_ERROR(vm_page_in(AREA, 16 * PAGE_BYTES), OK);
    for (uint32_t page = 0; page < 16; page++)
        EXPECT(frame_at(AREA + page * PAGE_BYTES) != ENTRY_INFO_NONE);
    EXPECT_ERROR(vm_query(AREA, 16 * PAGE_BYTES, &run, 1, &count), OK);
    EXPECT(run.kind == VM_FILE && run.bytes == 16 * PAGE_BYTES);
    EXPECT_ERROR(unmap(AREA, 16), OK);
}

/* Pages that the server alone can let go take no more than a share of RAM, whosever they are. */
static void try_owing(void)
{
    struct message m;
    uint32_t most = info()->ram_frames / 4;
    EXPECT_ERROR(ask(FILES_DIRTY, 0, 0, 0, 0, &m), ERR_LIMIT);
    EXPECT(m.word[1] > most / 4 && info()->file_private > most / 4 && info()->file_private <= most);
    EXPECT_ERROR(map(AREA, 8, 0, HOW_PRIVATE), OK); /* there is room for clients' once some have gone out */
    for (uint32_t page = 0; page < 8; page++)
        *word_at(AREA, page) = page;
    EXPECT(info()->file_private <= most);
    EXPECT_ERROR(unmap(AREA, 8), OK);
    EXPECT_ERROR(map(AREA, 64, 0, HOW_READ), OK);
    for (uint32_t page = 0; page < 64; page++)
        EXPECT(page_wrong(AREA, page, 0) == 0);
    EXPECT_ERROR(unmap(AREA, 64), OK);
}

/* Who may have no more places of pages that others show gets copies. */
static void try_limits(void)
{
    static const struct limits few = {LIMIT_NONE, LIMIT_NONE, LIMIT_NONE, LIMIT_NONE, LIMIT_NONE, 4};
    char *argv[] = {(char *)"try_file", (char *)"reader", (char *)"1", (char *)"64", (char *)"2", NULL};
    handle_t child;
    int status = 1;
    EXPECT_ERROR(process_spawn_with("try_file", argv, &(struct spawn_options){.limits = &few}, &child), OK);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT(status == 0);
    EXPECT_ERROR(handle_close(child), OK);
}

/* ---- failures ---- */

static handle_t handler_port;

static void handler_thread(void *argument)
{
    static struct message m;
    handle_t reply;
    struct fault fault;
    uint32_t *asked = argument;
    while (ipc_receive(handler_port, &m, &reply, NULL, 0) == OK && fault_read(&m, &fault)) {
        ++*asked;
        EXPECT_ERROR(vm_set(fault.address & ~(PAGE_BYTES - 1u), PAGE_BYTES, VM_ON_DEMAND), OK);
        fault_retry(&m, FAULT_AS_IT_IS);
        EXPECT_ERROR(ipc_reply(reply, &m), OK);
    }
}

static void try_failing(void)
{
    static uint32_t asked;
    handle_t thread;
    uint32_t from = 0, n;
    EXPECT_ERROR(map(AREA, 4, 0, HOW_FAIL), OK);
    EXPECT_ERROR(log_read(&from, 64, (char *)AREA, &n), ERR_FAULT);
    EXPECT_ERROR(port_create(&handler_port), OK);
    EXPECT_ERROR(thread_create(handler_thread, &asked, PRIORITY_OWN, &thread), OK);
    EXPECT_ERROR(fault_handler(handler_port), OK);
    EXPECT(*word_at(AREA, 1) == 0); /* the handler has put a page there */
    EXPECT(asked == 1);
    from = 0;
    EXPECT_ERROR(log_read(&from, 64, (char *)AREA, &n), OK);
    EXPECT(asked == 2);
    EXPECT_ERROR(fault_handler(0), OK);
    EXPECT_ERROR(handle_close(handler_port), OK);
    EXPECT_ERROR(unmap(AREA, 4), OK);
    EXPECT_ERROR(vm_set(AREA, 4 * PAGE_BYTES, VM_NONE), OK);
}

int sentences(void)
{
    try_reading();
    try_writing(HOW_WRITE, VM_FILE);
    try_writing(HOW_PRIVATE, VM_FILE);
    try_writing(HOW_COPY, VM_NORMAL);
    try_taking();
    try_going_out();
    try_owing();
    try_marking();
    try_bringing_in();
    try_limits();
    try_failing();
    return expect_end("try_file");
}
