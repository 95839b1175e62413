/* privates_over: thread space that nobody marked. In this program touching it allocates, for each thread its own page.
 * RESULT privates_over: wrong. */
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

PROGRAM_OVERCOMMIT;
PROGRAM_ON_DEMAND;
PROGRAM_THREAD_SPACE(1); /* 4 MiB: it is rounded up */

static volatile uint32_t *place;
static volatile uint32_t wrong;

static void look(void *number)
{
    if (place[0] != 0 || place[1024] != 0)
        wrong++;
    place[0] = (uint32_t)(uintptr_t)number;
    thread_yield();
    if (place[0] != (uint32_t)(uintptr_t)number)
        wrong++;
}

int main(void)
{
    uintptr_t process_start, process_end, thread_end;
    handle_t thread[4];
    if (vm_space(&process_start, &process_end, &thread_end) != OK || thread_end - process_end != 0x400000u)
        return 1;
    place = (volatile uint32_t *)process_end;
    for (uint32_t i = 0; i < 4; i++)
        wrong += thread_create(look, (void *)(uintptr_t)(i + 1), PRIORITY_OWN, &thread[i]) != OK;
    look((void *)99);
    for (uint32_t i = 0; i < 4; i++)
        wrong += thread_wait(thread[i]) != OK;
    wrong += place[0] != 99;
    result("privates_over", "wrong=%u", wrong);
    return wrong ? 1 : 0;
}
