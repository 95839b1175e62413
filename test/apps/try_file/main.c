/* try_file WHAT [NUMBERS]: what pages of files do, served by pagefiles. Each ends with a RESULT line of that name. */
#include "../expect.h"
#include "../number.h"
#include "../pagefiles.h"
#include "abi/fault.h"
#include "abi/file.h"
#include "common/format.h"
#include "common/units.h"
#include <apteryx/fault.h>
#include <apteryx/file_server.h>
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/machine.h>
#include <apteryx/process.h>
#include <apteryx/random.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define AREA 0x20000000u
#define SHARED_US 6000000u /* all of them show the pages at once */
#define PAGE_WORDS (PAGE_BYTES / 4u)

static handle_t files;

static err_t ask(enum pagefiles_label label, uint32_t a, uint32_t b, uint32_t c, uint32_t d, struct message *m)
{
    *m = (struct message){.label = label, .words = 4, .word = {a, b, c, d}};
    TRY(ipc_call(files, m));
    return m->label == OK ? (err_t)m->word[0] : ERR_KIND;
}

static err_t map(uint32_t start, uint32_t pages, uint32_t file, enum pagefiles_how how)
{
    struct message m;
    return ask(FILES_MAP, start, pages * PAGE_BYTES, file, how, &m);
}

static err_t unmap(uint32_t start, uint32_t pages)
{
    struct message m;
    return ask(FILES_UNMAP, start, pages * PAGE_BYTES, 0, 0, &m);
}

static volatile uint32_t *word_at(uint32_t start, uint32_t page)
{
    return (volatile uint32_t *)(start + page * PAGE_BYTES);
}

/* How many words of the page are not those of the file. */
static uint32_t page_wrong(uint32_t start, uint32_t page, uint32_t file)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < PAGE_WORDS; i += 37)
        wrong += word_at(start, page)[i] != file_word(file, page, i);
    return wrong;
}

static uint32_t frame_at(uint32_t address)
{
    struct entry_info e;
    return entry_query(process_id(), address, &e) == OK && e.kind == 3 ? e.frame : ENTRY_INFO_NONE;
}

/* ---- one thing after the other ---- */

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

static int sentences(void)
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

/* ---- many ---- */

/* reader FILE PAGES ROUNDS: no page may be wrong. */
static int reader(uint32_t file, uint32_t pages, uint32_t rounds)
{
    uint32_t wrong = 0;
    if (map(ALWAYS, FILES * FILE_PAGES, 0, HOW_READ) != OK)
        return 2;
    for (uint32_t round = 0; round < rounds; round++)
        for (uint32_t page = 0; page < pages; page++)
            wrong += page_wrong(ALWAYS + file * FILE_PAGES * PAGE_BYTES, page, file);
    return wrong != 0;
}

/* writer SEED PAGES ROUNDS: what was written is read. */
static int writer(uint32_t seed, uint32_t pages, uint32_t rounds)
{
    uint32_t wrong = 0;
    if (map(AREA, pages, seed % FILES, seed % 2 ? HOW_WRITE : HOW_PRIVATE) != OK)
        return 2;
    for (uint32_t round = 0; round < rounds; round++)
        for (uint32_t page = 0; page < pages; page++) {
            volatile uint32_t *word = word_at(AREA, page);
            wrong += round ? word[1] != (seed ^ page) + round - 1 || word[900] != ~page
                           : page_wrong(AREA, page, seed % FILES) != 0;
            wrong += info()->file_private > info()->ram_frames / 4;
            word[1] = (seed ^ page) + round;
            word[900] = ~page;
        }
    return wrong != 0;
}

static int children(const char *role, uint32_t procs, char *pages, char *rounds, const char *name)
{
    static handle_t child[256];
    uint32_t lost = 0, started = 0;
    uint32_t frames = info()->frames_resident, faults = info()->faults_file, out = info()->file_out,
             dropped = info()->file_dropped;
    for (; started < procs && started < 256; started++) {
        char text[12];
        (void)format_text(text, sizeof text, "%u", started);
        char *argv[] = {(char *)"try_file", (char *)(uintptr_t)role, text, pages, rounds, NULL};
        if (process_spawn("try_file", argv, &child[started]) != OK)
            break;
    }
    if (strcmp(role, "sharer") == 0)
        time_sleep_us(SHARED_US / 2);
    frames = info()->frames_resident - frames;
    for (uint32_t i = 0; i < started; i++) {
        int status = 1;
        (void)process_wait(child[i], &status);
        lost += status != 0;
    }
    struct message m;
    (void)ask(FILES_COUNTS, 0, 0, 0, 0, &m);
    result(name, "procs=%u pages=%s lost=%u faults=%u out=%u dropped=%u written=%u ended=%u wrong=%u frames=%u",
           started, pages, lost + (started != procs), info()->faults_file - faults, info()->file_out - out,
           info()->file_dropped - dropped, m.word[1], m.word[2], m.word[3], frames);
    return lost != 0 || started != procs;
}

/* prey SEED PAGES TOUCHES: whatever the pages are, and however long they are. */
static int prey(uint32_t seed, uint32_t pages, uint32_t touches)
{
    uint32_t state = random_start(seed, 1);
    if (map(AREA, pages, 0, HOW_READ) != OK)
        return 2;
    for (uint32_t i = 0; i < touches; i++) {
        volatile uint32_t *word = word_at(AREA, random_below(&state, random_below(&state, 2) ? 30 : pages));
        if (random_below(&state, 3) == 0)
            *word = i;
        else
            (void)*word;
    }
    return 0;
}

/* One after the other, until `procs` have been tried. */
static int preys(uint32_t procs, char *pages, char *touches)
{
    uint32_t survived = 0, ended = 0;
    struct message m;
    for (uint32_t i = 0; i < procs; i++) {
        handle_t child;
        int status = 0;
        char text[12];
        (void)format_text(text, sizeof text, "%u", i);
        char *argv[] = {(char *)"try_file", (char *)"prey", text, pages, touches, NULL};
        if (process_spawn("try_file", argv, &child) != OK || process_wait(child, &status) != OK)
            return 2;
        survived += status == 0;
        ended += status == 139;
        (void)handle_close(child);
    }
    (void)ask(FILES_COUNTS, 0, 0, 0, 0, &m);
    result("file_preys", "procs=%u survived=%u ended=%u refused=%u done=%u", procs, survived, ended, m.word[1],
           m.word[2]);
    return survived + ended != procs;
}

/* sharers PROCS PAGES: all at once show the same frames. */
static int sharer(uint32_t pages)
{
    if (map(ALWAYS, FILES * FILE_PAGES, 0, HOW_READ) != OK)
        return 2;
    uint32_t wrong = 0;
    for (uint32_t page = 0; page < pages; page++)
        wrong += page_wrong(ALWAYS, page, 0);
    time_sleep_us(SHARED_US);
    return wrong != 0;
}

int main(int argc, char **argv)
{
    if (file_connect(&files) != OK) {
        print("try_file: no file server\n");
        return 2;
    }
    if (argc < 2)
        return sentences();
    if (argc == 5 && strcmp(argv[1], "reader") == 0)
        return reader(number(argv[2]) % FILES, number(argv[3]), number(argv[4]));
    if (argc == 5 && strcmp(argv[1], "writer") == 0)
        return writer(number(argv[2]), number(argv[3]), number(argv[4]));
    if (argc == 5 && strcmp(argv[1], "prey") == 0)
        return prey(number(argv[2]), number(argv[3]), number(argv[4]));
    if (argc == 5 && strcmp(argv[1], "preys") == 0)
        return preys(number(argv[2]), argv[3], argv[4]);
    if (argc == 5 && strcmp(argv[1], "sharer") == 0)
        return sharer(number(argv[3]));
    if (argc == 5 && strcmp(argv[1], "readers") == 0)
        return children("reader", number(argv[2]), argv[3], argv[4], "file_readers");
    if (argc == 5 && strcmp(argv[1], "writers") == 0)
        return children("writer", number(argv[2]), argv[3], argv[4], "file_writers");
    if (argc == 5 && strcmp(argv[1], "sharers") == 0)
        return children("sharer", number(argv[2]), argv[3], argv[4], "file_sharers");
    if (argc == 3 && strcmp(argv[1], "refused") == 0) {
        if (map(AREA, number(argv[2]), 0, HOW_REFUSE) != OK)
            return 2;
        for (uint32_t page = 0; page < number(argv[2]); page++)
            *word_at(AREA, page) = page;
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "fault") == 0)
        return map(AREA, 1, 0, HOW_FAIL) == OK ? (int)*word_at(AREA, 0) : 2;
    print("try_file: what?\n");
    return 2;
}
