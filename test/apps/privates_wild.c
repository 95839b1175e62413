/* privates_wild: the first thread has a page in thread space, the second reaches for it and ends the process. */
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

PROGRAM_THREAD_SPACE(0x400000);

static volatile uint32_t *place;

static void reach(void *unused)
{
    (void)unused;
    print("the second thread read %u\n", *place);
}

int main(void)
{
    uintptr_t process_start, process_end, thread_end;
    handle_t thread;
    if (vm_space(&process_start, &process_end, &thread_end) != OK || vm_set(process_end, 4096, VM_ON_DEMAND) != OK)
        return 1;
    place = (volatile uint32_t *)process_end;
    *place = 7;
    return thread_create(reach, NULL, PRIORITY_OWN, &thread) == OK && thread_wait(thread) == OK ? 0 : 1;
}
