/* try_execute FILE: the calls below process_spawn of a path (abi/process.h: a file's head; process_start; FILE_MAP into a
 * child), and what they refuse. FILE is a program on a disk, with data, that takes
 * --help. */
#include "expect.h"
#include "abi/layout.h"
#include "common/elf.h"
#include "lib/file_inside.h"
#include "lib/spawn_inside.h"
#include "lib/system_call.h"
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u

static char *me;
static struct file file;
static uint8_t head[PAGE];
static struct program program;

static struct spawn spawn_of_head(void)
{
    static const char arguments[] = "child\0--help";
    return (struct spawn){.name = arguments,
                          .name_bytes = 5,
                          .arguments = arguments,
                          .argument_bytes = sizeof(arguments),
                          .argument_count = 2,
                          .head = head,
                          .head_bytes = PAGE,
                          .file_bytes = (uint32_t)file.size};
}

static err_t start(handle_t child) { return system_call_plain(SYSCALL_process_start, child, 0, 0, 0); }

static handle_t child_make(void)
{
    const struct spawn spawn = spawn_of_head();
    handle_t child = 0;
    EXPECT_ERROR(spawn_call(&spawn, &child), OK);
    return child;
}

static err_t segment_map(const struct program_segment *s, handle_t child)
{
    return file_map_into(&file, s->offset / PAGE, segment_file_pages(s) * PAGE,
                         s->writable ? FILE_HOW_COPY : FILE_HOW_READ, page_address(s->first), child);
}

static int child_end(handle_t child)
{
    int status = -1;
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT_ERROR(handle_close(child), OK);
    return status;
}

static void head_read(const char *path)
{
    uint32_t got;
    EXPECT_ERROR(file_open(path, FILE_MODE_READ, 0, &file), OK);
    EXPECT_ERROR(file_read(&file, 0, head, PAGE, &got), OK);
    EXPECT(got == PAGE);
    EXPECT_ERROR(elf_read(&(struct program_image){head, PAGE, (uint32_t)file.size}, &program), OK);
}

/* By hand, as the library does it; and what is charged for it. */
static void by_hand(void)
{
    uint32_t before = info()->commit_used;
    handle_t child = child_make();
    uint32_t made = info()->commit_used;
    for (uint32_t i = 0; i < program.segments; i++) {
        const struct program_segment *s = &program.segment[i];
        uint32_t used = info()->commit_used;
        EXPECT_ERROR(segment_map(s, child), OK);
        EXPECT_ERROR(segment_map(s, child), ERR_BUSY);
        EXPECT(info()->commit_used - used == (s->writable ? segment_file_pages(s) : 0));
    }
    EXPECT(made > before);
    EXPECT_ERROR(start(child), OK);
    EXPECT(child_end(child) == 0);
    EXPECT_ERROR(start(child), ERR_HANDLE);
}

static void never_started(void)
{
    handle_t child = child_make();
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT_ERROR(start(child), ERR_NO_ENTRY);
    EXPECT_ERROR(segment_map(&program.segment[0], child), ERR_NO_ENTRY);
    EXPECT(child_end(child) == (int)STATUS_KILLED);
    child = child_make(); /* nothing is mapped: its first instruction is nowhere */
    EXPECT_ERROR(start(child), OK);
    EXPECT(child_end(child) == (int)STATUS_FAULT);
}

/* A child of ours that was started is not started again; one that was not ends with its parent. */
static void others(void)
{
    char *const sleeps[] = {me, (char[]){"-"}, (char[]){"sleep"}, NULL};
    char *const starts[] = {me, (char[]){"-"}, (char[]){"start"}, NULL};
    char *const leaves[] = {me, (char[]){"-"}, (char[]){"leave"}, NULL};
    handle_t child, held = child_make();
    uint32_t processes = info()->processes;
    EXPECT_ERROR(process_spawn(me, sleeps, &child), OK);
    EXPECT_ERROR(start(child), ERR_BUSY);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT(child_end(child) == (int)STATUS_KILLED);
    EXPECT_ERROR(process_spawn_with(me, starts, &(struct spawn_options){.handle = &held, .handles = 1}, &child), OK);
    EXPECT(child_end(child) == ERR_RIGHTS);
    EXPECT_ERROR(process_kill(held), OK);
    EXPECT(child_end(held) == (int)STATUS_KILLED);
    EXPECT_ERROR(process_spawn(me, leaves, &child), OK);
    EXPECT(child_end(child) == 0);
    for (uint32_t i = 0; i < 1000 && info()->processes != processes - 1; i++)
        time_sleep_us(1000);
    EXPECT(info()->processes == processes - 1);
}

static err_t spawn_try(const struct spawn *spawn)
{
    handle_t child;
    err_t err = spawn_call(spawn, &child);
    if (err == OK) {
        EXPECT_ERROR(process_kill(child), OK);
        (void)child_end(child);
    }
    return err;
}

/* With a page more each time, until there is enough: whatever it is refused for, nothing is left of it. */
static void at_each_limit(const char *path)
{
    char *const helps[] = {(char[]){"child"}, (char[]){"--help"}, NULL};
    struct limits limits = {.locked = LIMIT_NONE,
                            .handles = LIMIT_NONE,
                            .threads = LIMIT_NONE,
                            .processes = LIMIT_NONE,
                            .nodes = LIMIT_NONE};
    uint32_t processes = info()->processes, handles = info()->handles, refused = 0;
    handle_t child;
    err_t err;
    while ((err = process_spawn_with(path, helps, &(struct spawn_options){.limits = &limits}, &child)) == ERR_LIMIT) {
        EXPECT(info()->processes == processes && info()->handles <= handles + 1); /* the file server forgets it later */
        limits.pages++;
        refused++;
    }
    EXPECT_ERROR(err, OK);
    EXPECT(refused > 3);
    (void)child_end(child); /* it may need some more, to run */
}

/* Data that a program is born with: written and paged out, they are its own, and the next one begins as this did. */
static void own_data(void)
{
    char *const counts[] = {me, (char[]){"-"}, (char[]){"data"}, NULL};
    handle_t child;
    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_ERROR(process_spawn("/cd/apps/try_execute", counts, &child), OK);
        EXPECT(child_end(child) == 0);
    }
}

static void bad_heads(void)
{
    struct spawn spawn = spawn_of_head();
    spawn.head_bytes = PAGE + 1;
    EXPECT_ERROR(spawn_try(&spawn), ERR_TOO_LONG);
    spawn.head_bytes = PAGE;
    spawn.file_bytes = PAGE - 1;
    EXPECT_ERROR(spawn_try(&spawn), ERR_RANGE);
    spawn.file_bytes = PAGE; /* its segments reach beyond */
    EXPECT_ERROR(spawn_try(&spawn), ERR_KIND);
    spawn = spawn_of_head();
    spawn.head_bytes = 0;
    EXPECT_ERROR(spawn_try(&spawn), ERR_KIND);
    spawn = spawn_of_head();
    spawn.head = (const void *)KERNEL_SPACE;
    EXPECT_ERROR(spawn_try(&spawn), ERR_FAULT);
    spawn.head = (const void *)16;
    EXPECT_ERROR(spawn_try(&spawn), ERR_FAULT);
    spawn = spawn_of_head();
    spawn.flags = SPAWN_LOCKED;
    EXPECT_ERROR(spawn_try(&spawn), ERR_RIGHTS);
    spawn = spawn_of_head();
    const struct limits few = {.pages = 20,
                               .locked = LIMIT_NONE,
                               .handles = LIMIT_NONE,
                               .threads = LIMIT_NONE,
                               .processes = LIMIT_NONE,
                               .nodes = LIMIT_NONE};
    spawn.limits = &few;
    EXPECT_ERROR(spawn_try(&spawn), ERR_LIMIT);
}

static void bad_mappings(void)
{
    const struct program_segment *s = &program.segment[0];
    struct file written = {.mode = FILE_MODE_WRITE};
    handle_t child = child_make(), port;
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(segment_map(s, port), ERR_HANDLE);
    EXPECT_ERROR(segment_map(s, 999), ERR_HANDLE);
    EXPECT_ERROR(file_map_into(&file, 0, PAGE, FILE_HOW_READ, KERNEL_SPACE, child), ERR_RANGE);
    EXPECT_ERROR(file_map_into(&file, 0, 17, FILE_HOW_READ, PROGRAM_BASE, child), ERR_RANGE);
    EXPECT_ERROR(file_map_into(&file, 0, PAGE, FILE_HOW_READ, STACK_TOP - PAGE, child), ERR_KIND);
    EXPECT_ERROR(file_map_into(&file, 0, PAGE, FILE_HOW_WRITE, PROGRAM_BASE, child), ERR_KIND);
    EXPECT_ERROR(file_open("/disk/written", FILE_MODE_WRITE, 0, &written), OK);
    EXPECT_ERROR(file_set_size(&written, PAGE), OK);
    EXPECT_ERROR(file_map_into(&written, 0, PAGE, FILE_HOW_WRITE, PROGRAM_BASE, child), ERR_KIND);
    EXPECT_ERROR(file_close(&written, false, NULL), OK);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT(child_end(child) == (int)STATUS_KILLED);
    EXPECT_ERROR(handle_close(port), OK);
}

#define DATA_PAGES 4u
#define DATA_WORDS (DATA_PAGES * PAGE / 4)
static volatile uint32_t data[DATA_WORDS] = {[0] = 11, [PAGE / 4] = 22, [DATA_WORDS - 1] = 33};

static uint32_t data_wrong(uint32_t more)
{
    return (data[0] != 11 + more) + (data[PAGE / 4] != 22 + more) + (data[DATA_WORDS - 1] != 33 + more);
}

/* How much of its data is wrong: as they begin, and when they were written and out of memory. */
static int data_check(void)
{
    uint32_t wrong = data_wrong(0);
    data[0]++;
    data[PAGE / 4]++;
    data[DATA_WORDS - 1]++;
    if (vm_page_out((uintptr_t)data & ~(PAGE - 1), DATA_PAGES * PAGE) != OK)
        return 99;
    time_sleep_us(100000);
    return (int)(wrong + data_wrong(1));
}

static int child_main(const char *what)
{
    if (strcmp(what, "data") == 0)
        return data_check();
    if (strcmp(what, "start") == 0)
        return start(start_handle(1));
    for (;;)
        time_sleep_us(1000000);
}

/* Leaves a child behind that was never started. */
static int leave(void)
{
    head_read("/disk/bin/crowd");
    (void)child_make();
    return expect_wrong == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    me = argv[0];
    if (argc == 3)
        return strcmp(argv[2], "leave") == 0 ? leave() : child_main(argv[2]);
    if (argc != 2)
        return 2;
    head_read(argv[1]);
    own_data(); /* the file server finds the CD, and keeps it */
    uint32_t handles = info()->handles;
    by_hand();
    never_started();
    others();
    at_each_limit(argv[1]);
    bad_heads();
    bad_mappings();
    for (uint32_t i = 0; i < 1000 && info()->handles != handles; i++)
        time_sleep_us(1000); /* the file server is being told that children have ended */
    EXPECT(info()->handles == handles);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
    return expect_end("try_execute");
}
