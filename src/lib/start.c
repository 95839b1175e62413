/* From the entry point to main, and out again. */
#include "lib/print_inside.h"
#include "lib/system_call.h"
#include <apteryx/process.h>

int main(int argc, char **argv);
__attribute__((noreturn)) void program_start(int argc, char **argv, uint32_t handles);

static uint32_t start_handles;

void program_start(int argc, char **argv, uint32_t handles)
{
    start_handles = handles & ~START_OUTPUT;
    if ((handles & START_OUTPUT) != 0 && start_handles > 0)
        print_to(start_handles--);
    process_exit(main(argc, argv));
}

/* The kernel numbers them from 1, in order. */
handle_t start_handle(uint32_t i) { return i <= start_handles ? i : 0; }

void process_exit(int status)
{
    print_at_exit();
    for (;;)
        (void)system_call_plain(SYSCALL_process_exit, (uint32_t)status & 255u, 0, 0, 0);
}
