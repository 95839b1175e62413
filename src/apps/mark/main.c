/* mark: promises a range from a 4 MiB line up, and says what that and a write per 4 MiB cost in tables and pages.
 * mark_over is the same, in a program for which commit charges nothing. */
#include "common/number.h"
#include "common/units.h"
#include <apteryx/info.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/vm.h>

#define START 0x01000000u
#define STATUS_WRONG 1
#define STATUS_REFUSED 3

static volatile uint32_t *word_at(uint32_t offset) { return (volatile uint32_t *)(START + offset); }

static uint32_t write_all(uint32_t bytes)
{
    uint32_t touched = 0;
    for (uint32_t at = 0; at < bytes; at += TABLE_SPAN_BYTES, touched++)
        *word_at(at) = at + 1;
    return touched;
}

/* How many of the words are there again. */
static uint32_t read_all(uint32_t bytes)
{
    uint32_t right = 0;
    for (uint32_t at = 0; at < bytes; at += TABLE_SPAN_BYTES)
        right += *word_at(at) == at + 1;
    return right;
}

static int mark(uint32_t bytes, bool touch)
{
    print("mark: 0x%08x bytes\n", bytes); /* what print itself needs is there before anything is counted */
    uint32_t tables = info()->frames_tables;
    err_t err = vm_set(START, bytes, VM_ON_DEMAND);
    uint32_t marked = info()->frames_tables, resident = info()->frames_resident;
    uint32_t touched = err == OK && touch ? write_all(bytes) : 0;
    uint32_t touched_tables = info()->frames_tables - marked, touched_pages = info()->frames_resident - resident;
    int status = err != OK ? STATUS_REFUSED : 0;
    if (err != OK)
        print("mark: refused: %s\n", err_name(err));
    if (touched > 0 && read_all(bytes) != touched)
        status = STATUS_WRONG;
    result("mark", "bytes=%u status=%d tables=%u touched=%u touched_tables=%u touched_pages=%u", bytes, status,
           marked - tables, touched, touched_tables, touched_pages);
    return status;
}

int main(int argc, char **argv)
{
    const char *size = "2G";
    uint32_t touch = 0;
    uint64_t bytes;
    const struct option option[] = {
        {"--bytes", OPTION_TEXT, {.text = &size}, "a size with K, M or G (2G)"},
        {"--touch", OPTION_FLAG, {&touch}, "write one word in every 4 MiB, and read it back"},
    };
    const struct options options = {.usage = "mark [--bytes SIZE] [--touch]",
                                    .about = "Marks a range ON_DEMAND.",
                                    .option = option,
                                    .count = sizeof(option) / sizeof(option[0])};
    (void)options_read(&options, argc, argv);
    if (!number_size(size, &bytes) || bytes == 0 || bytes > UINT32_MAX || (uint32_t)bytes % PAGE_BYTES != 0)
        usage_error(argv[0], "not a size in whole pages", size);
    return mark((uint32_t)bytes, touch != 0);
}
