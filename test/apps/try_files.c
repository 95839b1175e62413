/* try_files FILE: the calls of <apteryx/file.h> on a file of at least 64 pages that is not changed, with all
 * that they refuse. */
#include "expect.h"
#include <apteryx/file.h>
#include <apteryx/ipc.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define PAGES 64u
#define FIXED 0x60000000u
#define SERVED_US 100000u

static const char *path;

static uint8_t byte_of(uintptr_t at) { return *(volatile uint8_t *)at; }

/* Writes where it may only read: the process ends there. */
static int child(void)
{
    struct file file;
    uintptr_t at = FIXED;
    if (file_open(path, FILE_MODE_READ, 0, &file) != OK || file_map(&file, 0, PAGE, FILE_HOW_READ, &at) != OK)
        return 1;
    (void)byte_of(at);
    *(volatile uint8_t *)at = 1;
    return 2;
}

static int child_status(char *program)
{
    char *const argv[] = {program, (char *)(uintptr_t)path, "child", NULL};
    handle_t process;
    int status = 0;
    EXPECT_ERROR(process_spawn(program, argv, &process), OK);
    EXPECT_ERROR(process_wait(process, &status), OK);
    (void)handle_close(process);
    return status;
}

static void reading(char *program)
{
    static uint8_t bytes[3 * PAGE];
    struct file file, other;
    uint32_t got;
    uintptr_t at = 0, again = 0;
    EXPECT_ERROR(file_open(path, FILE_MODE_READ, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, PAGES * PAGE, FILE_HOW_READ, &at), OK);
    EXPECT_ERROR(file_read(&file, 2 * PAGE - 7, bytes, sizeof(bytes), &got), OK);
    EXPECT(got == sizeof(bytes));
    EXPECT(memcmp(bytes, (void *)(at + 2 * PAGE - 7), sizeof(bytes)) == 0);
    EXPECT_ERROR(file_read(&file, file.size - 5, bytes, 100, &got), OK);
    EXPECT(got == 5);
    EXPECT_ERROR(file_read(&file, file.size, bytes, 100, &got), OK);
    EXPECT(got == 0);
    /* the same page twice, and pieces taken out of the middle */
    EXPECT_ERROR(file_map(&file, 2, PAGE, FILE_HOW_READ, &again), OK);
    EXPECT(memcmp((void *)(at + 2 * PAGE), (void *)again, PAGE) == 0);
    EXPECT_ERROR(file_unmap(at + PAGE, PAGE), OK);
    EXPECT_ERROR(file_unmap(at + 9 * PAGE, 3 * PAGE), OK);
    struct vm_run run[8];
    uint32_t runs;
    EXPECT_ERROR(vm_query(at, 12 * PAGE, run, 8, &runs), OK);
    EXPECT(runs == 4);
    EXPECT(run[1].kind == VM_NONE);
    EXPECT(run[1].bytes == PAGE);
    EXPECT(run[0].kind == VM_FILE);
    EXPECT(memcmp((void *)(at + 2 * PAGE), (void *)again, PAGE) == 0);
    /* a mapping outlives the handle */
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
    (void)byte_of(at + 20 * PAGE);
    EXPECT_ERROR(file_read(&file, 0, bytes, 1, &got), ERR_HANDLE);
    EXPECT_ERROR(file_close(&file, false, NULL), ERR_HANDLE);
    EXPECT_ERROR(file_unmap(at, PAGES * PAGE), OK);
    EXPECT_ERROR(file_unmap(again, PAGE), OK);
    EXPECT_ERROR(file_unmap(again, PAGE), OK); /* nothing is there */
    EXPECT(child_status(program) == STATUS_FAULT);
    EXPECT_ERROR(file_open("/disk/none", FILE_MODE_READ, 0, &other), ERR_NO_ENTRY);
    EXPECT_ERROR(file_open("/disk", FILE_MODE_READ, 0, &other), ERR_KIND);
    EXPECT_ERROR(file_open(path, FILE_MODE_READ, 77, &other), ERR_NO_ENTRY);
    EXPECT_ERROR(file_open("", FILE_MODE_READ, 0, &other), ERR_RANGE);
    EXPECT_ERROR(file_open("none", FILE_MODE_READ, 0, &other), ERR_RANGE);
    EXPECT_ERROR(file_open("/nowhere/x", FILE_MODE_READ, 0, &other), ERR_NO_ENTRY);
}

static void copies(void)
{
    struct file file;
    uintptr_t own = 0, at = 0;
    EXPECT_ERROR(file_open(path, FILE_MODE_READ, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, 4 * PAGE, FILE_HOW_COPY, &own), OK);
    EXPECT_ERROR(file_map(&file, 0, 4 * PAGE, FILE_HOW_READ, &at), OK);
    uint8_t was = byte_of(at + PAGE);
    *(volatile uint8_t *)(own + PAGE) = (uint8_t)(was + 1);
    EXPECT(byte_of(at + PAGE) == was);
    EXPECT(byte_of(own + PAGE) == (uint8_t)(was + 1));
    EXPECT(memcmp((void *)(own + PAGE + 1), (void *)(at + PAGE + 1), PAGE - 1) == 0);
    EXPECT(memcmp((void *)own, (void *)at, PAGE) == 0);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
    EXPECT_ERROR(file_unmap(at, 4 * PAGE), OK);
    EXPECT_ERROR(file_unmap(own, 4 * PAGE), OK);
    EXPECT_ERROR(vm_set(own + PAGE, PAGE, VM_NONE), OK); /* the copy is the process's own */
}

static void refusals(void)
{
    struct file file;
    uintptr_t at = FIXED;
    EXPECT_ERROR(file_open(path, FILE_MODE_READ, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), OK);
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), ERR_BUSY);
    at = FIXED + 16;
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), ERR_RANGE);
    at = 0x00100000;
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), ERR_KIND); /* the program is there */
    at = 0xC0000000;
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), ERR_RANGE);
    at = 0;
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_WRITE, &at), ERR_KIND);
    EXPECT_ERROR(file_map(&file, 0, 100, FILE_HOW_READ, &at), ERR_RANGE);
    EXPECT_ERROR(file_map(&file, 0xFFFFFFFF, PAGE, FILE_HOW_READ, &at), ERR_RANGE);
    EXPECT_ERROR(file_write(&file, 0, "x", 1), ERR_KIND);
    EXPECT_ERROR(file_set_size(&file, 0), ERR_KIND);
    EXPECT_ERROR(file_unmap(FIXED + 1, PAGE), ERR_RANGE);
    EXPECT_ERROR(file_unmap(FIXED, 0x80000000u), ERR_RANGE); /* the kernel is in it; nothing has changed */
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &(uintptr_t){FIXED}), ERR_BUSY);
    (void)byte_of(FIXED);
    /* behind the end are zeros */
    uint32_t end = (uint32_t)((file.size + PAGE - 1) / PAGE);
    EXPECT_ERROR(file_map(&file, end, PAGE, FILE_HOW_READ, &at), OK);
    for (uint32_t i = 0; i < PAGE; i++)
        EXPECT(byte_of(at + i) == 0);
    EXPECT_ERROR(file_unmap(at, PAGE), OK);
    EXPECT_ERROR(file_unmap(FIXED, PAGE), OK);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
}

/* Every other page of a mapping is unmapped, so that it becomes as many as there may be. */
static void mappings_limit(void)
{
    struct file file;
    uintptr_t start = 0, at = 0;
    uint32_t mappings = 1;
    err_t err = OK;
    EXPECT_ERROR(file_open(path, FILE_MODE_READ, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, 2 * (FILE_MAPPINGS_MAX + 1) * PAGE, FILE_HOW_READ, &start), OK);
    while (err == OK && mappings <= FILE_MAPPINGS_MAX) {
        err = file_unmap(start + (2 * mappings - 1) * PAGE, PAGE);
        mappings += err == OK;
    }
    EXPECT_ERROR(err, ERR_LIMIT);
    EXPECT(mappings == FILE_MAPPINGS_MAX);
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), ERR_LIMIT);
    EXPECT_ERROR(file_unmap(start, PAGE), OK);
    EXPECT_ERROR(file_map(&file, 0, PAGE, FILE_HOW_READ, &at), OK);
    EXPECT_ERROR(file_unmap(at, PAGE), OK);
    EXPECT_ERROR(file_unmap(start, 2 * (FILE_MAPPINGS_MAX + 1) * PAGE), OK);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
}

/* The disk is too small for as much as may be mapped for writing, but that is another error. */
static void written_limit(void)
{
    struct file file;
    uintptr_t at = 0, more = 0;
    EXPECT_ERROR(file_open("/disk/limit", FILE_MODE_WRITE, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, (FILE_WRITTEN_MAX + 1) * PAGE, FILE_HOW_WRITE, &more), ERR_LIMIT);
    EXPECT_ERROR(file_map(&file, 0, 10 * PAGE, FILE_HOW_WRITE, &at), OK);
    EXPECT_ERROR(file_map(&file, 10, (FILE_WRITTEN_MAX - 9) * PAGE, FILE_HOW_WRITE, &more), ERR_LIMIT);
    EXPECT_ERROR(file_map(&file, 10, (FILE_WRITTEN_MAX - 10) * PAGE, FILE_HOW_WRITE, &more), ERR_COMMIT);
    EXPECT_ERROR(file_unmap(at + PAGE, PAGE), OK);
    EXPECT_ERROR(file_map(&file, 10, (FILE_WRITTEN_MAX - 9) * PAGE, FILE_HOW_WRITE, &more), ERR_COMMIT);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
    EXPECT_ERROR(file_open("/disk/limit", FILE_MODE_WRITE, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, FILE_WRITTEN_MAX * PAGE, FILE_HOW_WRITE, &more), ERR_COMMIT);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
}

/* What is written behind the end is there as long as it is mapped, evicted or not, and counts when the file grows over it. */
static void behind_the_end(void)
{
    struct file file;
    uintptr_t at = 0;
    uint8_t byte = 0;
    uint32_t got;
    EXPECT_ERROR(file_open("/disk/behind", FILE_MODE_WRITE, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, 4 * PAGE, FILE_HOW_WRITE, &at), OK);
    *(volatile uint8_t *)(at + 2 * PAGE) = 7;
    EXPECT_ERROR(vm_page_out(at, 4 * PAGE), OK);
    time_sleep_us(SERVED_US);
    EXPECT(byte_of(at + 2 * PAGE) == 7);
    *(volatile uint8_t *)(at + 2 * PAGE + 1) = 8;
    EXPECT_ERROR(file_unmap(at, 4 * PAGE), OK);
    EXPECT_ERROR(file_set_size(&file, 3 * PAGE), OK);
    EXPECT_ERROR(file_read(&file, 2 * PAGE, &byte, 1, &got), OK);
    EXPECT(byte == 7);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
}

static void limits(void)
{
    static struct file file[FILE_OPEN_MAX + 1];
    uint32_t opened = 0;
    err_t err = OK;
    while (err == OK && opened <= FILE_OPEN_MAX) {
        err = file_open(path, FILE_MODE_READ, 0, &file[opened]);
        opened += err == OK;
    }
    EXPECT_ERROR(err, ERR_LIMIT);
    EXPECT(opened == FILE_OPEN_MAX);
    while (opened > 0)
        EXPECT_ERROR(file_close(&file[--opened], false, NULL), OK);
}

int main(int argc, char **argv)
{
    const char *word[2] = {NULL, NULL};
    (void)options_read(&(struct options){.usage = "try_files FILE [child]",
                                         .about = "The calls of <apteryx/file.h>, and what they refuse.",
                                         .words = word,
                                         .words_max = 2},
                       argc, argv);
    path = word[0];
    if (word[1] != NULL)
        return child();
    reading(argv[0]);
    copies();
    refusals();
    limits();
    mappings_limit();
    written_limit();
    behind_the_end();
    return expect_end("try_files");
}
