#include "count.h"
#include "memory.h"

#define LINE_BYTES 64u
#define WORD_BYTES 4u

static struct count now;
static uint32_t epoch;
static uint32_t seen[MEMORY_BYTES / LINE_BYTES]; /* the epoch in which a line was last touched */

void count_start(void)
{
    now = (struct count){0, 0};
    epoch++;
}

struct count count_stop(void) { return now; }

static void line_touched(uintptr_t line)
{
    now.lines += seen[line] != epoch;
    seen[line] = epoch;
}

static void touched(uintptr_t at, uint32_t bytes)
{
    uintptr_t offset = at - (uintptr_t)memory_base();
    if (offset >= MEMORY_BYTES)
        return;
    now.words += (bytes + WORD_BYTES - 1) / WORD_BYTES;
    line_touched(offset / LINE_BYTES);
    if ((offset + bytes - 1) / LINE_BYTES != offset / LINE_BYTES)
        line_touched((offset + bytes - 1) / LINE_BYTES);
}

/* What gcc calls: one function for each size, for loads and for stores. */
#define HOOK(name, bytes)    \
    void name(uintptr_t at); \
    void name(uintptr_t at) { touched(at, bytes); }
#define RANGE_HOOK(name)                     \
    void name(uintptr_t at, uint32_t bytes); \
    void name(uintptr_t at, uint32_t bytes) { touched(at, bytes); }
#define QUIET_HOOK(name) \
    void name(void);     \
    void name(void) {}

HOOK(__tsan_read1, 1)
HOOK(__tsan_read2, 2)
HOOK(__tsan_read4, 4)
HOOK(__tsan_write1, 1)
HOOK(__tsan_write2, 2)
HOOK(__tsan_write4, 4)
RANGE_HOOK(__tsan_read_range)
RANGE_HOOK(__tsan_write_range)
QUIET_HOOK(__tsan_func_entry)
QUIET_HOOK(__tsan_func_exit)
QUIET_HOOK(__tsan_init)
