/* try_disc OLD NEW: what becomes of a file that is open, and mapped, when the disc is changed. The console is told "DISC
 * second", as test/apps/disc.c does; that disc has NEW, which the one before has not. OLD has 64 pages at least, and other contents there. Ends by a
 * fault: by touching a page of OLD that was not touched before. */
#include "expect.h"
#include <apteryx/file.h>
#include <apteryx/time.h>

#define PAGE 4096u
#define PAGES 64u
#define LIMIT_US 20000000u
#define PAUSE_US 20000u

static bool appears(const char *path)
{
    struct file_status status;
    uint64_t until = time_now_us() + LIMIT_US;
    while (file_status(path, &status) != OK && time_now_us() < until)
        time_sleep_us(PAUSE_US);
    return file_status(path, &status) == OK;
}

int main(int argc, char **argv)
{
    struct file file, again;
    uint8_t byte, first;
    uint32_t got;
    uintptr_t at = 0;
    if (argc != 3)
        return 2;
    EXPECT_ERROR(file_open(argv[1], FILE_MODE_READ, 0, &file), OK);
    EXPECT_ERROR(file_map(&file, 0, PAGES * PAGE, FILE_HOW_READ, &at), OK);
    first = *(volatile uint8_t *)at;
    EXPECT_ERROR(file_read(&file, 0, &byte, 1, &got), OK);
    EXPECT(byte == first);
    print("DISC second\n");
    print_flush();
    EXPECT(appears(argv[2]));
    EXPECT_ERROR(file_read(&file, 0, &byte, 1, &got), ERR_IO);
    EXPECT_ERROR(file_read(&file, (PAGES - 1) * PAGE, &byte, 1, &got), ERR_IO);
    EXPECT(*(volatile uint8_t *)at == first);
    EXPECT_ERROR(file_open(argv[1], FILE_MODE_READ, 0, &again), OK);
    EXPECT_ERROR(file_read(&again, 0, &byte, 1, &got), OK);
    EXPECT(byte != first);
    EXPECT_ERROR(file_close(&again, false, NULL), OK);
    EXPECT_ERROR(file_close(&file, false, NULL), OK);
    (void)expect_end("try_disc");
    print_flush();
    byte = *(volatile uint8_t *)(at + (PAGES - 1) * PAGE);
    print("it can be read\n");
    return 1;
}
